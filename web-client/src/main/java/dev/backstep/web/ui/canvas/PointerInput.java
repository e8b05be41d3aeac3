package dev.backstep.web.ui.canvas;

import dev.backstep.engine.graph.Port;
import dev.backstep.web.jso.PointerEvent;
import dev.backstep.web.jso.PointerTarget;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Frames;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.teavm.jso.browser.Performance;
import org.teavm.jso.dom.events.Event;
import org.teavm.jso.dom.events.MouseEvent;
import org.teavm.jso.dom.events.WheelEvent;
import org.teavm.jso.dom.xml.Element;

/** Turns what pointers do on the canvas into gestures: one finger or mouse makes one, two fingers pinch. */
final class PointerInput {
    /** How far a pointer may stray in a click. */
    private static final double SLACK = 4;

    private static final double REPEAT_MS = 1_000;

    private static final double WHEEL_STEP = 0.0016;
    private static final double PINCH_STEP = 0.01;
    private static final double LINE_PIXELS = 16;

    private final Canvas canvas;
    private final Map<Integer, double[]> pointers = new HashMap<>();
    private final Runnable frame = this::frame;
    private final Clicks clicks = new Clicks();
    private Gesture gesture;
    private boolean moved;
    private double startX;
    private double startY;
    private double x;
    private double y;
    private boolean dirty;
    private boolean inside;
    private boolean alt;
    private boolean touch;
    /** Whether the press was on a value that one may type. */
    private boolean onValue;
    /** When a long press opened the menu last. */
    private double pressed = Double.NEGATIVE_INFINITY;

    PointerInput(Canvas canvas) {
        this.canvas = canvas;
        Dom.on(canvas.view, "pointerdown", this::down);
        Dom.on(canvas.view, "pointermove", this::move);
        Dom.on(canvas.view, "pointerup", this::up);
        Dom.on(canvas.view, "pointercancel", (PointerEvent event) -> {
            pointers.remove(event.getPointerId());
            clicks.release();
            cancelGesture();
        });
        Dom.on(canvas.view, "pointerleave", (PointerEvent event) -> inside = false);
        Dom.on(canvas.view, "contextmenu", this::contextMenu);
        Dom.on(canvas.view, "dragstart", Event::preventDefault);
        Dom.on(canvas.view, "mousedown", this::keepFocus);
        Dom.on(canvas.view, "touchend", this::noClick);
        Dom.on(canvas.view, "wheel", this::wheel);
        Dom.on(canvas.view, "click", this::click);
    }

    private double left(MouseEvent event) {
        return event.getClientX() - canvas.left();
    }

    private double top(MouseEvent event) {
        return event.getClientY() - canvas.top();
    }

    private void down(PointerEvent event) {
        pointers.put(event.getPointerId(), new double[] {left(event), top(event)});
        inside = true;
        alt = event.getAltKey();
        canvas.motion.finish();
        clicks.release();
        if (pointers.size() == 2) {
            cancelGesture();
            return;
        }
        Hit hit = Hit.of((Element) event.getTarget(), canvas.view);
        if (gesture != null || hit.isField() || event.getButton() == MouseEvent.RIGHT_BUTTON) {
            return;
        }
        canvas.measure();
        startX = left(event);
        startY = top(event);
        x = startX;
        y = startY;
        moved = false;
        touch = event.getPointerType().equals("touch");
        onValue = TypedField.isText((Element) event.getTarget());
        Hit target = touch ? withPort(hit) : hit;
        if (canvas.connecting.isActive()) {
            gesture = new TakeGesture(canvas, touch, x, y);
        } else {
            gesture = begin(event, target);
            canvas.focus(hit);
        }
        if (touch) {
            clicks.hold(() -> pressedLong(hit));
        }
        ((PointerTarget) canvas.view).setPointerCapture(event.getPointerId());
    }

    /** The browser would give the focus to whoever captured the pointer; {@link #down} has given it to the node. */
    private void keepFocus(MouseEvent event) {
        if (!Hit.of((Element) event.getTarget(), canvas.view).isField()) {
            event.preventDefault();
        }
    }

    /** What a finger means that comes close to a port, however small that is on the screen. */
    private Hit withPort(Hit hit) {
        double reach = Math.min(Canvas.PORT_REACH, NodeShape.WIDTH * canvas.viewport.zoom() / 4);
        return hit.input() != null || hit.output() != null ? hit
                : canvas.scene.portNear(canvas.viewport.worldX(x), canvas.viewport.worldY(y),
                        reach / canvas.viewport.zoom(), hit);
    }

    private void pressedLong(Hit hit) {
        cancelGesture();
        pressed = Performance.now();
        openMenu(hit, x + canvas.left(), y + canvas.top());
    }

    private void openMenu(Hit hit, double clientX, double clientY) {
        canvas.connecting.cancel();
        canvas.menu.open(hit, clientX, clientY);
    }

    /** The right button, or a browser's own long press where ours has not answered it already. */
    private void contextMenu(MouseEvent event) {
        Hit hit = Hit.of((Element) event.getTarget(), canvas.view);
        if (hit.isField()) {
            return;
        }
        event.preventDefault();
        if (Performance.now() - pressed > REPEAT_MS) {
            clicks.release();
            cancelGesture();
            canvas.measure();
            // From the keyboard it comes without a place, after the key itself was answered.
            openMenu(hit, event.getClientX(), event.getClientY());
        }
    }

    /** Where the pointer is, as a point of the page; the canvas's middle where it is elsewhere. */
    double[] place() {
        return inside ? new double[] {x + canvas.left(), y + canvas.top()} : canvas.middle();
    }

    boolean isTouch() {
        return touch;
    }

    boolean isAlt() {
        return alt;
    }

    /** A finger's click would come last, to a menu that the same tap has just opened. */
    private void noClick(Event event) {
        if (event.isCancelable() && !Hit.of((Element) event.getTarget(), canvas.view).isField()) {
            event.preventDefault();
        }
    }

    private Gesture begin(PointerEvent event, Hit hit) {
        boolean middle = event.getButton() == MouseEvent.MIDDLE_BUTTON || canvas.keys.takeSpace();
        if (event.getAltKey() && !middle && hit.node() == null) {
            return new CutGesture(canvas, hit.edge(), startX, startY);
        }
        if (hit.input() != null && !middle) {
            canvas.connecting.startAtInput(hit.input());
            return new ConnectGesture(canvas);
        }
        if (hit.output() != null && !middle) {
            canvas.connecting.startAtOutput(hit.output());
            return new ConnectGesture(canvas);
        }
        if (hit.node() != null && !middle) {
            return selectNode(event, hit.node());
        }
        if (hit.edge() != null && !middle) {
            canvas.editor.selection.setWire(hit.edge());
            return new PanGesture(canvas, false, startX, startY);
        }
        return (event.getShiftKey() || canvas.isSelecting()) && !middle
                ? new BoxGesture(canvas, startX, startY)
                : new PanGesture(canvas, !middle, startX, startY);
    }

    private Gesture selectNode(PointerEvent event, String id) {
        if (event.getShiftKey() || canvas.isSelecting()) {
            canvas.editor.selection.toggle(id);
            return new DragGesture(canvas, null, startX, startY);
        }
        if (!canvas.editor.selection.contains(id)) {
            canvas.editor.selection.set(List.of(id));
        }
        return new DragGesture(canvas, id, startX, startY);
    }

    private void move(PointerEvent event) {
        double[] pointer = pointers.get(event.getPointerId());
        if (pointer != null && pointers.size() == 2) {
            clicks.release();
            pinch(event, pointer);
            return;
        }
        x = left(event);
        y = top(event);
        inside = true;
        alt = event.getAltKey();
        boolean hovering = gesture == null && canvas.connecting.isActive();
        if (gesture != null && !moved && Math.hypot(x - startX, y - startY) > slack(event)) {
            moved = true;
            clicks.release();
        }
        if (moved || hovering) {
            dirty = true;
            Frames.request(frame);
        }
    }

    private void frame() {
        if (!dirty) {
            return;
        }
        dirty = false;
        if (gesture != null) {
            gesture.move(x, y);
        } else if (canvas.connecting.isActive()) {
            new ConnectGesture(canvas).move(x, y);
        }
    }

    private static double slack(PointerEvent event) {
        return event.getPointerType().equals("touch") ? Clicks.TOUCH_SLACK : SLACK;
    }

    private void up(PointerEvent event) {
        pointers.remove(event.getPointerId());
        clicks.release();
        if (gesture == null) {
            return;
        }
        frame();
        Gesture ended = gesture;
        gesture = null;
        ended.end(moved);
        String clicked = ended instanceof DragGesture drag ? drag.clicked() : null;
        if (onValue && !moved) {
            canvas.typedValues.typeInto(clicked);
        }
        String note = canvas.scene.notes.has(clicked) ? clicked : null;
        boolean ground = ended instanceof PanGesture pan && pan.isOnGround();
        if (moved || note == null && !ground) {
            clicks.forget();
        } else if (clicks.isSecond(x, y)) {
            if (ground) {
                canvas.addMenu.open(x + canvas.left(), y + canvas.top());
            } else {
                canvas.editNote(note);
            }
        }
    }

    /** Ends a gesture without effect; false where none is going on. */
    boolean cancelGesture() {
        if (gesture == null) {
            return false;
        }
        gesture.cancel();
        gesture = null;
        return true;
    }

    private void pinch(PointerEvent event, double[] pointer) {
        double[] other = pointers.entrySet().stream()
                .filter(entry -> entry.getKey() != event.getPointerId()).findFirst().orElseThrow().getValue();
        double before = Math.hypot(pointer[0] - other[0], pointer[1] - other[1]);
        double newX = left(event);
        double newY = top(event);
        double after = Math.hypot(newX - other[0], newY - other[1]);
        canvas.viewport.pan((newX - pointer[0]) / 2, (newY - pointer[1]) / 2);
        if (before > 0) {
            canvas.viewport.zoomAt((newX + other[0]) / 2, (newY + other[1]) / 2, after / before);
        }
        pointer[0] = newX;
        pointer[1] = newY;
        canvas.showViewport();
    }

    private void wheel(WheelEvent event) {
        event.preventDefault();
        double delta = event.getDeltaY() * (event.getDeltaMode() == WheelEvent.DOM_DELTA_LINE ? LINE_PIXELS : 1);
        double factor = Math.exp(-delta * (event.getCtrlKey() ? PINCH_STEP : WHEEL_STEP));
        canvas.viewport.zoomAt(left(event), top(event), factor);
        canvas.showViewport();
    }

    /** A click that no pointer made: assistive technology pressed a port, or a value. */
    private void click(MouseEvent event) {
        Hit hit = Hit.of((Element) event.getTarget(), canvas.view);
        if (event.getDetail() == 0 && TypedField.isText((Element) event.getTarget())) {
            canvas.typedValues.typeInto(hit.node());
        }
        if (event.getDetail() != 0 || hit.input() == null && hit.output() == null) {
            return;
        }
        Port port = hit.input() != null ? hit.input() : hit.output();
        if (canvas.connecting.isActive()) {
            Scene.Spot spot = hit.input() != null ? canvas.scene.input(port) : canvas.scene.output(port);
            canvas.connecting.aimAt(spot.x(), spot.y());
            canvas.connecting.finish();
        } else if (hit.input() != null) {
            canvas.connecting.startAtInput(port);
        } else {
            canvas.connecting.startAtOutput(port);
        }
    }
}

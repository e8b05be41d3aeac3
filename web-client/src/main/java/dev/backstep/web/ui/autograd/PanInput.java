package dev.backstep.web.ui.autograd;

import dev.backstep.web.jso.PointerEvent;
import dev.backstep.web.jso.PointerTarget;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Frames;
import java.util.HashMap;
import java.util.Map;
import org.teavm.jso.dom.events.Event;
import org.teavm.jso.dom.events.MouseEvent;
import org.teavm.jso.dom.events.WheelEvent;

/** Moves the view with the pointer: drag pans, the wheel and two fingers zoom. A press that did not move is a click. */
final class PanInput {
    private static final double SLACK = 4;
    private static final double WHEEL_STEP = 0.0016;
    private static final double PINCH_STEP = 0.01;
    private static final double LINE_PIXELS = 16;

    private final AutogradView autograd;
    private final Map<Integer, double[]> pointers = new HashMap<>();
    private final Runnable frame;
    private double startX;
    private double startY;
    private boolean moved;

    PanInput(AutogradView autograd) {
        this.autograd = autograd;
        frame = autograd::showViewport;
        Dom.on(autograd.view, "pointerdown", this::down);
        Dom.on(autograd.view, "pointermove", this::move);
        Dom.on(autograd.view, "pointerup", this::up);
        Dom.on(autograd.view, "pointercancel", (PointerEvent event) -> pointers.remove(event.getPointerId()));
        Dom.on(autograd.view, "dragstart", Event::preventDefault);
        Dom.on(autograd.view, "wheel", this::wheel);
    }

    private double x(MouseEvent event) {
        return event.getClientX() - autograd.left();
    }

    private double y(MouseEvent event) {
        return event.getClientY() - autograd.top();
    }

    private void down(PointerEvent event) {
        if (event.getButton() == MouseEvent.RIGHT_BUTTON) {
            return;
        }
        autograd.measure();
        startX = x(event);
        startY = y(event);
        moved = !pointers.isEmpty();
        pointers.put(event.getPointerId(), new double[] {startX, startY});
        ((PointerTarget) autograd.view).setPointerCapture(event.getPointerId());
    }

    private void move(PointerEvent event) {
        double[] last = pointers.get(event.getPointerId());
        if (last == null) {
            return;
        }
        double x = x(event);
        double y = y(event);
        moved |= Math.hypot(x - startX, y - startY) > SLACK;
        if (pointers.size() == 2) {
            double[] other = pointers.entrySet().stream().filter(entry -> entry.getKey() != event.getPointerId())
                    .findFirst().orElseThrow().getValue();
            double before = Math.hypot(last[0] - other[0], last[1] - other[1]);
            autograd.viewport.pan((x - last[0]) / 2, (y - last[1]) / 2);
            if (before > 0) {
                autograd.viewport.zoomAt((x + other[0]) / 2, (y + other[1]) / 2,
                        Math.hypot(x - other[0], y - other[1]) / before);
            }
        } else if (moved) {
            autograd.viewport.pan(x - last[0], y - last[1]);
        } else {
            return;
        }
        last[0] = x;
        last[1] = y;
        Frames.request(frame);
    }

    private void up(PointerEvent event) {
        if (pointers.remove(event.getPointerId()) != null && !moved) {
            autograd.press(autograd.viewport.worldX(x(event)), autograd.viewport.worldY(y(event)));
        }
    }

    private void wheel(WheelEvent event) {
        event.preventDefault();
        autograd.measure();
        double delta = event.getDeltaY() * (event.getDeltaMode() == WheelEvent.DOM_DELTA_LINE ? LINE_PIXELS : 1);
        double step = event.getCtrlKey() ? PINCH_STEP : WHEEL_STEP;
        autograd.viewport.zoomAt(x(event), y(event), Math.exp(-delta * step));
        Frames.request(frame);
    }
}

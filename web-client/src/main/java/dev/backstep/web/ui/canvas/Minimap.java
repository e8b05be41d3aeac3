package dev.backstep.web.ui.canvas;

import dev.backstep.web.jso.PointerEvent;
import dev.backstep.web.jso.PointerTarget;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Frames;
import dev.backstep.web.ui.Icons;
import dev.backstep.web.ui.Text;
import org.teavm.jso.browser.Window;
import org.teavm.jso.canvas.CanvasRenderingContext2D;
import org.teavm.jso.dom.events.KeyboardEvent;
import org.teavm.jso.dom.events.MouseEvent;
import org.teavm.jso.dom.html.HTMLCanvasElement;
import org.teavm.jso.dom.html.HTMLElement;
import org.teavm.jso.dom.html.TextRectangle;

/**
 * The whole drawing, small, with what is selected and the part that is seen; pressing or dragging there moves the view.
 * Nodes are drawn when the document or the selection has changed; the frame around what is seen is an element, so
 * moving the view draws nothing.
 */
final class Minimap {
    private static final double WIDTH = 184;
    private static final double HEIGHT = 116;
    private static final double PAD = 8;
    private static final double KEY_STEP = 80;
    private static final int PAUSE_MS = 160;
    /** Colours that are told from light and dark grounds alike. */
    private static final String NODE = "#8d97bd";
    private static final String CHOSEN = "#5b68f5";
    private static final String FAILED = "#e0535f";

    final HTMLElement element = Dom.make("div", "minimap");

    private final Canvas canvas;
    private final HTMLElement map = Dom.make("div", "minimap-map");
    private final HTMLCanvasElement picture = (HTMLCanvasElement) Dom.make("canvas", "minimap-picture");
    private final CanvasRenderingContext2D context = (CanvasRenderingContext2D) picture.getContext("2d");
    private final HTMLElement frame = Dom.make("div", "minimap-frame");
    private final HTMLElement fold;
    private final Runnable draw = this::draw;
    private boolean folded;
    private boolean dragging;
    /** A world point lies at {@code scale * world + offset} on the map. */
    private double scale = 1;
    private double offsetX;
    private double offsetY;
    /** The size of the frame's picture. */
    private double frameWidth = 1;
    private double frameHeight = 1;
    private int timer = -1;

    Minimap(Canvas canvas) {
        this.canvas = canvas;
        fold = Dom.iconButton("tool small minimap-fold", "chevron-down", "", this::toggle);
        map.setTabIndex(0);
        map.setAttribute("role", "application");
        picture.setAttribute("aria-hidden", "true");
        element.setHidden(true);
        Dom.append(element, Dom.append(map, picture, frame), fold);
        Dom.on(map, "pointerdown", this::press);
        Dom.on(map, "pointermove", (PointerEvent event) -> {
            if (dragging) {
                look(event);
            }
        });
        Dom.on(map, "pointerup", event -> dragging = false);
        Dom.on(map, "pointercancel", event -> dragging = false);
        Dom.on(map, "keydown", this::key);
    }

    void translate() {
        map.setAttribute("aria-label", Text.of("minimap.name"));
        map.setAttribute("aria-roledescription", Text.of("minimap.role"));
        fold.setAttribute("aria-expanded", String.valueOf(!folded));
        Dom.label(fold, Text.of(folded ? "minimap.open" : "minimap.fold"));
        Icons.change(fold, folded ? "map" : "chevron-down");
    }

    private void toggle() {
        folded = !folded;
        Dom.flag(element, "folded", folded);
        translate();
        redraw();
    }

    /** Draws the nodes anew, soon. */
    void redraw() {
        Frames.request(draw);
    }

    private void draw() {
        Box bounds = canvas.scene.bounds();
        element.setHidden(bounds == null);
        if (bounds == null || folded) {
            return;
        }
        scale = Math.min((WIDTH - 2 * PAD) / bounds.width(), (HEIGHT - 2 * PAD) / bounds.height());
        scale = Math.min(scale, 0.12);
        offsetX = WIDTH / 2 - scale * (bounds.left() + bounds.right()) / 2;
        offsetY = HEIGHT / 2 - scale * (bounds.top() + bounds.bottom()) / 2;
        double ratio = Window.current().getDevicePixelRatio();
        picture.setWidth((int) Math.round(WIDTH * ratio));
        picture.setHeight((int) Math.round(HEIGHT * ratio));
        context.setTransform(ratio * scale, 0, 0, ratio * scale, ratio * offsetX, ratio * offsetY);
        for (NodeView node : canvas.scene.nodes()) {
            if (canvas.scene.notes.isFolded(node.node().id())) {
                continue;
            }
            context.setFillStyle(node.isSelected() ? CHOSEN : node.isFailed() ? FAILED : NODE);
            Box box = node.box();
            context.fillRect(box.left(), box.top(), box.width(), box.height());
        }
        context.setFillStyle(NODE);
        for (Box box : canvas.scene.notes.collapsed()) {
            context.fillRect(box.left(), box.top(), box.width(), box.height());
        }
        showView();
    }

    /** Puts the frame around the part that is seen. */
    void showView() {
        if (folded) {
            return;
        }
        Box seen = canvas.viewport.seen(canvas.width(), canvas.height());
        double left = Math.clamp(scale * seen.left() + offsetX, 1, WIDTH - 1);
        double right = Math.clamp(scale * seen.right() + offsetX, 1, WIDTH - 1);
        double top = Math.clamp(scale * seen.top() + offsetY, 1, HEIGHT - 1);
        double bottom = Math.clamp(scale * seen.bottom() + offsetY, 1, HEIGHT - 1);
        double width = Math.max(4, right - left);
        double height = Math.max(4, bottom - top);
        boolean resized = width != frameWidth || height != frameHeight;
        frame.getStyle().setProperty("transform", "translate(" + left + "px," + top + "px)"
                + (resized ? " scale(" + width / frameWidth + "," + height / frameHeight + ")" : ""));
        if (resized) {
            // Its picture is scaled until the view rests: to paint it would cost each frame of a zoom.
            Window.clearTimeout(timer);
            timer = Window.setTimeout(() -> resizeFrame(width, height), PAUSE_MS);
        }
    }

    private void resizeFrame(double width, double height) {
        frameWidth = width;
        frameHeight = height;
        frame.getStyle().setProperty("width", width + "px");
        frame.getStyle().setProperty("height", height + "px");
        showView();
    }

    private void press(PointerEvent event) {
        if (event.getButton() == MouseEvent.LEFT_BUTTON) {
            dragging = true;
            ((PointerTarget) map).setPointerCapture(event.getPointerId());
            look(event);
        }
    }

    private void look(PointerEvent event) {
        TextRectangle place = map.getBoundingClientRect();
        canvas.viewport.center((event.getClientX() - place.getLeft() - offsetX) / scale,
                (event.getClientY() - place.getTop() - offsetY) / scale, canvas.width(), canvas.height());
        canvas.showViewport();
    }

    private void key(KeyboardEvent event) {
        switch (event.getKey()) {
            case "ArrowLeft" -> pan(KEY_STEP, 0);
            case "ArrowRight" -> pan(-KEY_STEP, 0);
            case "ArrowUp" -> pan(0, KEY_STEP);
            case "ArrowDown" -> pan(0, -KEY_STEP);
            case "+", "=" -> canvas.zoom(1.25);
            case "-" -> canvas.zoom(0.8);
            case "0", "Home" -> canvas.fit();
            default -> {
                return;
            }
        }
        event.preventDefault();
        event.stopPropagation();
    }

    private void pan(double dx, double dy) {
        canvas.viewport.pan(dx, dy);
        canvas.showViewport();
    }
}

package dev.backstep.web.ui.palette;

import dev.backstep.web.jso.PointerEvent;
import dev.backstep.web.jso.PointerTarget;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Entry;
import dev.backstep.web.ui.canvas.Canvas;
import org.teavm.jso.dom.events.Event;
import org.teavm.jso.dom.html.HTMLDocument;
import org.teavm.jso.dom.html.HTMLElement;

/** Drags an entry onto the canvas, a copy of it under the pointer. */
final class EntryDrag {
    private static final double SLACK = 5;

    private final Canvas canvas;
    private final Runnable added;
    private HTMLElement ghost;
    private Canvas.Hovering hovering;
    private boolean pressed;
    private boolean wasDrag;
    private double startX;
    private double startY;

    EntryDrag(Canvas canvas, Runnable added) {
        this.canvas = canvas;
        this.added = added;
    }

    /** Whether the press that just ended was a drag, so that its click means nothing. */
    boolean wasDrag() {
        return wasDrag;
    }

    void watch(HTMLElement item, Entry entry) {
        Dom.on(item, "dragstart", Event::preventDefault);
        Dom.on(item, "pointerdown", (PointerEvent event) -> {
            pressed = event.getButton() == 0;
            wasDrag = false;
            startX = event.getClientX();
            startY = event.getClientY();
            ((PointerTarget) item).setPointerCapture(event.getPointerId());
        });
        Dom.on(item, "pointermove", (PointerEvent event) -> move(item, entry, event));
        Dom.on(item, "pointerup", (PointerEvent event) -> {
            boolean dropped = ghost != null;
            end();
            if (dropped && canvas.covers(event.getClientX(), event.getClientY())) {
                canvas.addAt(entry, event.getClientX(), event.getClientY());
                added.run();
            }
        });
        Dom.on(item, "pointercancel", (PointerEvent event) -> end());
    }

    private void move(HTMLElement item, Entry entry, PointerEvent event) {
        if (!pressed) {
            return;
        }
        double x = event.getClientX();
        double y = event.getClientY();
        if (ghost == null && Math.hypot(x - startX, y - startY) > SLACK) {
            ghost = (HTMLElement) item.cloneNode(true);
            ghost.getClassList().add("drag-ghost");
            ghost.setAttribute("data-group", ((HTMLElement) item.getParentNode().getParentNode())
                    .getAttribute("data-group"));
            HTMLDocument.current().getBody().appendChild(ghost);
            wasDrag = true;
            hovering = canvas.hover(entry.type(), entry.attrs());
        }
        if (ghost != null) {
            ghost.getStyle().setProperty("transform", "translate(" + x + "px," + y + "px) translate(-50%,-50%)");
            hovering.move(x, y);
        }
    }

    private void end() {
        pressed = false;
        if (ghost != null) {
            ghost.delete();
            ghost = null;
            hovering.end();
        }
    }
}

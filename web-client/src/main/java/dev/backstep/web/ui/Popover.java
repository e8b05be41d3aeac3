package dev.backstep.web.ui;

import dev.backstep.web.jso.Elements;
import dev.backstep.web.jso.FocusEvent;
import org.teavm.jso.browser.Window;
import org.teavm.jso.dom.events.Event;
import org.teavm.jso.dom.html.HTMLDocument;
import org.teavm.jso.dom.html.HTMLElement;

/**
 * Something that lies over the page at a point of it until one presses elsewhere. The browser's own light dismissal is
 * not used: it would take the release of the very press that opened it for a press elsewhere.
 */
final class Popover {
    private static final int MARGIN = 8;

    final HTMLElement element;

    private HTMLElement back;

    Popover(String classes) {
        element = Dom.make("div", classes);
        element.setPopover("manual");
        Dom.on(HTMLDocument.current(), "pointerdown", event -> {
            if (isOpen() && !Elements.contains(element, event.getTarget())) {
                hide();
            }
        }, true);
        Dom.on(element, "focusout", (FocusEvent event) -> {
            boolean leaves = event.getRelatedTarget() != null
                    && !Elements.contains(element, event.getRelatedTarget());
            if (isOpen() && leaves) {
                hide();
            }
        });
        Dom.on(element, "contextmenu", Event::preventDefault);
        // A phone's keyboard changes the window's size when the cursor stands in a field.
        Dom.on(Window.current(), "resize", (Event event) -> {
            if (isOpen()) {
                stayInside();
            }
        });
    }

    boolean isOpen() {
        return element.getOffsetWidth() > 0;
    }

    /** Shows it with a corner at a point of the page, or as near as it fits. {@code back} gets the focus at the end. */
    void openAt(double x, double y, HTMLElement whereAfter) {
        back = whereAfter;
        if (element.getParentNode() == null) {
            HTMLDocument.current().getBody().appendChild(element);
        }
        if (!isOpen()) {
            element.showPopover();
        }
        moveTo(x, y);
    }

    /** Moves it back into the page where it has grown out of it. */
    void stayInside() {
        moveTo(element.getOffsetLeft(), element.getOffsetTop());
    }

    private void moveTo(double x, double y) {
        double right = Window.current().getInnerWidth() - element.getOffsetWidth() - MARGIN;
        double bottom = Window.current().getInnerHeight() - element.getOffsetHeight() - MARGIN;
        element.getStyle().setProperty("left", Math.max(MARGIN, Math.min(x, right)) + "px");
        element.getStyle().setProperty("top", Math.max(MARGIN, Math.min(y, bottom)) + "px");
    }

    void hide() {
        if (isOpen()) {
            element.hidePopover();
        }
    }

    /** Hides it and gives the focus back. */
    void leave() {
        hide();
        if (back != null) {
            back.focus();
        }
    }
}

package dev.backstep.web.ui.canvas;

import dev.backstep.web.jso.Clipboard;
import dev.backstep.web.jso.ClipboardEvent;
import dev.backstep.web.jso.DataTransfer;
import dev.backstep.web.jso.Elements;
import dev.backstep.web.ui.Dom;
import org.teavm.jso.dom.html.HTMLDocument;
import org.teavm.jso.dom.html.HTMLElement;

/**
 * Copying, cutting and pasting by the browser's own keys and menus. What is copied is text, so that it can be pasted in
 * another tab, kept in an editor, and pasted from there.
 */
final class ClipboardInput {
    private static final String TEXT = "text/plain";

    private final Canvas canvas;

    ClipboardInput(Canvas canvas) {
        this.canvas = canvas;
        Dom.on(HTMLDocument.current(), "copy", this::copy);
        Dom.on(HTMLDocument.current(), "cut", (ClipboardEvent event) -> {
            if (copy(event)) {
                canvas.commands.removeSelected();
            }
        });
        Dom.on(HTMLDocument.current(), "paste", this::paste);
    }

    /** Whether the drawing is meant: the focus is on it, or nowhere, and not where one types. */
    private boolean isMeant() {
        HTMLElement focused = HTMLDocument.current().getActiveElement();
        if (focused == null || focused == HTMLDocument.current().getBody()) {
            return true;
        }
        return Elements.contains(canvas.view, focused) && !Hit.of(focused, canvas.view).isField();
    }

    private boolean copy(ClipboardEvent event) {
        DataTransfer data = event.getClipboardData();
        String text = isMeant() && !Clipboard.isTextSelected() ? canvas.commands.copy() : null;
        if (text == null) {
            return false;
        }
        data.setData(TEXT, text);
        event.preventDefault();
        return true;
    }

    private void paste(ClipboardEvent event) {
        if (isMeant()) {
            double[] place = canvas.pointers.place();
            canvas.commands.paste(event.getClipboardData().getData(TEXT), place[0], place[1]);
            event.preventDefault();
        }
    }
}

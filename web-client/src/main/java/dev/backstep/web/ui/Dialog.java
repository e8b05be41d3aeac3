package dev.backstep.web.ui;

import dev.backstep.web.jso.DialogElement;
import org.teavm.jso.dom.html.HTMLDocument;
import org.teavm.jso.dom.html.HTMLElement;

/** A modal dialog with a title, gone once it is closed. The browser keeps the focus inside and Escape closes it. */
public final class Dialog {
    private final HTMLElement element = Dom.make("dialog", "");
    private final HTMLElement body = Dom.make("div", "dialog-body");

    public Dialog(String title) {
        HTMLElement heading = Dom.make("h2", "", title);
        heading.setId("dialog-title");
        element.setAttribute("aria-labelledby", "dialog-title");
        element.appendChild(Dom.make("div", "dialog-head", heading,
                Dom.iconButton("tool small", "x", Text.of("dialog.close"), this::close)));
        element.appendChild(body);
        Dom.on(element, "close", event -> element.delete());
    }

    public HTMLElement body() {
        return body;
    }

    /** Calls back once it is closed, however. */
    public void onClose(Runnable closed) {
        Dom.on(element, "close", event -> closed.run());
    }

    public void open() {
        HTMLDocument.current().getBody().appendChild(element);
        ((DialogElement) element).showModal();
    }

    public void close() {
        ((DialogElement) element).close();
    }
}

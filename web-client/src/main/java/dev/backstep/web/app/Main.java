package dev.backstep.web.app;

import org.teavm.jso.dom.html.HTMLDocument;

/** Where the playground starts in the browser. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        HTMLDocument.current().getBody().setAttribute("data-engine", "up");
    }
}

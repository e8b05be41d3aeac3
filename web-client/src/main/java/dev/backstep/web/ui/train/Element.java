package dev.backstep.web.ui.train;

import org.teavm.jso.dom.html.HTMLElement;

/** Changes of elements that happen many times a second. */
final class Element {
    private Element() {}

    /** Sets a text where it is another: setting what is set would still cost the browser a look at the layout. */
    static void text(HTMLElement element, String text) {
        if (!text.equals(element.getTextContent())) {
            element.setTextContent(text);
        }
    }
}

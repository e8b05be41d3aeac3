package dev.backstep.web.ui.inspector;

import dev.backstep.web.jso.TextField;
import dev.backstep.web.ui.Dom;
import org.teavm.jso.dom.html.HTMLDocument;
import org.teavm.jso.dom.html.HTMLElement;

/** What someone was typing, or what could not be read, when a panel is made anew: it goes into the new one. */
record Draft(String field, boolean focused, String text, boolean invalid, String error) {
    /** The draft in a panel, or null where there is none. */
    static Draft in(HTMLElement panel) {
        HTMLElement focused = HTMLDocument.current().getActiveElement();
        HTMLElement field = panel.querySelector("[aria-invalid=true]");
        if (field == null && focused != null && focused.hasAttribute("data-field")) {
            field = focused;
        }
        if (field == null) {
            return null;
        }
        String name = field.getAttribute("data-field");
        HTMLElement error = panel.querySelector("#field-" + name + "-error");
        String tag = field.getTagName().toLowerCase();
        boolean isText = tag.equals("textarea")
                || tag.equals("input") && !"checkbox".equals(field.getAttribute("type"));
        return new Draft(name, field == focused, isText ? ((TextField) field).getValue() : null,
                field.hasAttribute("aria-invalid"), error == null ? "" : error.getTextContent());
    }

    /** Puts the focus back, and what was typed where the field still stands for the same. */
    void restore(HTMLElement panel, boolean sameContents) {
        HTMLElement field = panel.querySelector("[data-field='" + field() + "']");
        if (field == null) {
            return;
        }
        if (focused) {
            field.focus();
        }
        if (!sameContents || text == null) {
            return;
        }
        ((TextField) field).setValue(text);
        Dom.attribute(field, "aria-invalid", invalid ? "true" : null);
        HTMLElement line = panel.querySelector("#field-" + field() + "-error");
        if (line != null) {
            line.setTextContent(error);
            line.setHidden(error.isEmpty());
        }
    }
}

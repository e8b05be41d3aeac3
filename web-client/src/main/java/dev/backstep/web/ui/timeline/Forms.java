package dev.backstep.web.ui.timeline;

import dev.backstep.web.ui.Dom;
import org.teavm.jso.dom.html.HTMLElement;
import org.teavm.jso.dom.html.HTMLInputElement;

/** Fields of the dialogs that ask for an action's arguments. */
final class Forms {
    private Forms() {}

    /** A label above its field. */
    static HTMLElement row(String label, HTMLElement field) {
        HTMLElement name = Dom.make("label", "", label);
        name.setAttribute("for", field.getId());
        return Dom.make("div", "form-row", name, field);
    }

    static HTMLInputElement text(String value, String id) {
        HTMLInputElement field = (HTMLInputElement) Dom.make("input", "field");
        field.setId(id);
        field.setAttribute("autocomplete", "off");
        field.setAttribute("spellcheck", "false");
        field.setValue(value);
        return field;
    }

    /** A switch with its words beside it. */
    static HTMLInputElement flag(HTMLElement form, String id, String text) {
        HTMLInputElement box = (HTMLInputElement) Dom.make("input", "");
        box.setType("checkbox");
        box.setId(id);
        form.appendChild(Dom.make("label", "switch", box, Dom.make("span", "", text)));
        return box;
    }

    static HTMLElement error() {
        HTMLElement error = Dom.make("p", "form-error");
        error.setId("ask-error");
        error.setAttribute("role", "alert");
        return error;
    }

    /** Says that what was typed into a field cannot be, and why. */
    static void refuse(HTMLInputElement field, HTMLElement error, String why) {
        error.setTextContent(why);
        field.setAttribute("aria-invalid", "true");
        field.setAttribute("aria-describedby", error.getId());
        field.focus();
    }

    static HTMLElement submit(String text) {
        HTMLElement button = Dom.make("button", "action primary", text);
        button.setAttribute("type", "submit");
        return Dom.make("div", "buttons", button);
    }
}

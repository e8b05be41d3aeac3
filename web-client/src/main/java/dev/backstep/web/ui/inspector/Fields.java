package dev.backstep.web.ui.inspector;

import dev.backstep.engine.backend.DType;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Text;
import java.util.List;
import org.teavm.jso.dom.html.HTMLElement;
import org.teavm.jso.dom.html.HTMLInputElement;
import org.teavm.jso.dom.html.HTMLSelectElement;

/** Fields with their labels. */
final class Fields {
    private Fields() {}

    /** A label above its field. */
    static HTMLElement row(String label, HTMLElement field, String name) {
        return Dom.make("div", "form-row", label(label, field, name), field);
    }

    /** A label beside its field. */
    static HTMLElement inline(String label, HTMLElement field, String name) {
        return Dom.make("div", "form-row inline", label(label, field, name), field);
    }

    private static HTMLElement label(String text, HTMLElement field, String name) {
        field.setId("field-" + name);
        field.setAttribute("data-field", name);
        HTMLElement label = Dom.make("label", "", text);
        label.setAttribute("for", field.getId());
        return label;
    }

    static HTMLInputElement text(String value) {
        HTMLInputElement field = (HTMLInputElement) Dom.make("input", "field");
        field.setAttribute("autocomplete", "off");
        field.setAttribute("spellcheck", "false");
        field.setValue(value);
        return field;
    }

    static HTMLInputElement checkbox(boolean on) {
        HTMLInputElement box = (HTMLInputElement) Dom.make("input", "");
        box.setType("checkbox");
        box.setChecked(on);
        return box;
    }

    static HTMLSelectElement choice(String value, List<String> choices) {
        HTMLSelectElement select = (HTMLSelectElement) Dom.make("select", "field");
        choices.forEach(choice -> option(select, choice, choice));
        select.setValue(value);
        return select;
    }

    /** A choice whose words are messages with those keys before the values. */
    static HTMLSelectElement choice(String value, List<String> choices, String key) {
        HTMLSelectElement select = (HTMLSelectElement) Dom.make("select", "field");
        choices.forEach(choice -> option(select, choice, Text.of(key + choice)));
        select.setValue(value);
        return select;
    }

    /** A choice of types; {@code orNone} adds none of them. */
    static HTMLSelectElement types(String value, boolean orNone) {
        HTMLSelectElement select = (HTMLSelectElement) Dom.make("select", "field");
        if (orNone) {
            option(select, "", Text.of("node.none"));
        }
        for (DType type : new DType[] {DType.FLOAT32, DType.FLOAT64, DType.INT64, DType.BOOL}) {
            option(select, type.shortName(), type.shortName());
        }
        select.setValue(value);
        return select;
    }

    private static void option(HTMLSelectElement select, String value, String text) {
        HTMLElement option = Dom.make("option", "", text);
        option.setAttribute("value", value);
        select.appendChild(option);
    }
}

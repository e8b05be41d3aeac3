package dev.backstep.web.ui.canvas;

import dev.backstep.engine.graph.GraphException;
import dev.backstep.engine.graph.LayerKind;
import dev.backstep.engine.graph.Port;
import dev.backstep.web.session.Editor;
import dev.backstep.web.session.LayerEdits;
import dev.backstep.web.ui.Dialog;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Reasons;
import dev.backstep.web.ui.Text;
import java.util.ArrayList;
import java.util.List;
import org.teavm.jso.dom.events.Event;
import org.teavm.jso.dom.html.HTMLElement;
import org.teavm.jso.dom.html.HTMLInputElement;
import org.teavm.jso.dom.html.HTMLSelectElement;

/** Asks for the sizes of a layer that is to be added, and what it is to be wired to. */
final class LayerDialog {
    private final Dialog dialog;
    private final LayerKind kind;
    private final Port source;
    private final List<HTMLElement> fields = new ArrayList<>();
    private final HTMLInputElement seed = field("0");
    private final HTMLInputElement wired = (HTMLInputElement) Dom.make("input", "");
    private final HTMLElement preview = Dom.make("code", "layer-preview");
    private final HTMLElement error = Dom.make("p", "form-error");

    /** Adds the layer, or refuses with a reason; what it returns goes to it, once the dialog is closed. */
    interface Taker {
        Runnable take(String text, long seed, Port source);
    }

    private LayerDialog(LayerKind kind, Port source) {
        this.kind = kind;
        this.source = source;
        dialog = new Dialog(Text.of("layer.add", kind.torch()));
    }

    static void open(Editor editor, LayerKind kind, Port source, Taker taker) {
        new LayerDialog(kind, source).show(editor, taker);
    }

    private static HTMLInputElement field(String value) {
        HTMLInputElement field = (HTMLInputElement) Dom.make("input", "field");
        field.setAttribute("autocomplete", "off");
        field.setAttribute("spellcheck", "false");
        field.setValue(value);
        return field;
    }

    private void show(Editor editor, Taker taker) {
        HTMLElement form = Dom.make("form", "form layer-form");
        form.setAttribute("novalidate", "");
        List<String> values = LayerEdits.settings(kind, editor.inference(), source);
        for (int i = 0; i < values.size(); i++) {
            LayerKind.Setting setting = kind.settings().get(i);
            HTMLElement field = setting.choices().isEmpty() ? field(values.get(i)) : select(setting.choices());
            fields.add(field);
            form.appendChild(row(setting.name(), field, i));
            Dom.on(field, "input", event -> preview());
        }
        seed.setValue("" + LayerEdits.freeSeed(editor.graph()));
        form.appendChild(row(Text.of("layer.seed"), seed, values.size()));
        if (source != null) {
            wired.setType("checkbox");
            wired.setChecked(true);
            form.appendChild(Dom.make("label", "switch", wired,
                    Dom.make("span", "", Text.of("layer.wire", editor.graph().node(source.node()).label()))));
        }
        HTMLElement submit = Dom.make("button", "action primary", Text.of("layer.take"));
        submit.setAttribute("type", "submit");
        error.setAttribute("role", "alert");
        Dom.append(form, preview, error, Dom.make("div", "buttons", submit));
        Dom.on(form, "submit", (Event event) -> {
            event.preventDefault();
            take(taker);
        });
        preview();
        dialog.body().appendChild(form);
        dialog.open();
        fields.getFirst().focus();
        if (kind.settings().getFirst().choices().isEmpty()) {
            ((HTMLInputElement) fields.getFirst()).select();
        }
    }

    private static HTMLSelectElement select(List<String> choices) {
        HTMLSelectElement select = (HTMLSelectElement) Dom.make("select", "field");
        for (String choice : choices) {
            HTMLElement option = Dom.make("option", "", choice);
            option.setAttribute("value", choice);
            select.appendChild(option);
        }
        return select;
    }

    private static HTMLElement row(String name, HTMLElement field, int index) {
        field.setId("layer-" + index);
        HTMLElement label = Dom.make("label", "", name);
        label.setAttribute("for", field.getId());
        return Dom.make("div", "form-row inline", label, field);
    }

    private String text() {
        List<String> values = new ArrayList<>();
        for (HTMLElement field : fields) {
            values.add(field instanceof HTMLSelectElement select && field.getTagName().equalsIgnoreCase("select")
                    ? select.getValue() : ((HTMLInputElement) field).getValue());
        }
        return kind.text(values);
    }

    private void preview() {
        preview.setTextContent(text());
        error.setTextContent("");
    }

    private void take(Taker taker) {
        try {
            Runnable shown = taker.take(text(), Integer.parseInt(seed.getValue().strip()),
                    source != null && wired.isChecked() ? source : null);
            dialog.close();
            shown.run();
        } catch (GraphException refused) {
            error.setTextContent(Reasons.text(refused.reason()));
        } catch (NumberFormatException none) {
            error.setTextContent(Text.of("attr.error.INT", "seed"));
        }
    }
}

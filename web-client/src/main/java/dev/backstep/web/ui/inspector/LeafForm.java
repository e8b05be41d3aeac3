package dev.backstep.web.ui.inspector;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.graph.GraphException;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.Leaf;
import dev.backstep.web.session.Editor;
import dev.backstep.web.session.LeafValues;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Notices;
import dev.backstep.web.ui.Reasons;
import dev.backstep.web.ui.Text;
import dev.backstep.web.value.ValueException;
import dev.backstep.web.value.ValueText;
import org.teavm.jso.dom.events.KeyboardEvent;
import org.teavm.jso.dom.html.HTMLElement;
import org.teavm.jso.dom.html.HTMLInputElement;
import org.teavm.jso.dom.html.HTMLSelectElement;
import org.teavm.jso.dom.html.HTMLTextAreaElement;

/** A leaf's numbers, type, and whether it asks for gradients. */
final class LeafForm {
    private final Editor editor;
    private final GraphNode node;

    LeafForm(Editor editor, GraphNode node) {
        this.editor = editor;
        this.node = node;
    }

    void fill(HTMLElement form) {
        Dom.append(form, numbers(), dtype(), requiresGrad());
    }

    private HTMLElement numbers() {
        HTMLTextAreaElement text = (HTMLTextAreaElement) Dom.make("textarea", "field");
        text.setValue(ValueText.write(Leaf.data(node.attrs())));
        HTMLElement row = Fields.row(Text.of("leaf.numbers"), text, "data");
        text.setAttribute("spellcheck", "false");
        text.setAttribute("rows", "3");
        HTMLElement error = Dom.make("p", "form-error");
        error.setId("field-data-error");
        error.setHidden(true);
        text.setAttribute("aria-describedby", "field-data-error field-data-help");
        HTMLElement help = Dom.make("p", "form-help", Text.of("leaf.help"));
        help.setId("field-data-help");
        Dom.on(text, "change", event -> take(text, error));
        Dom.on(text, "keydown", (KeyboardEvent event) -> {
            if (event.getKey().equals("Enter") && !event.isShiftKey()) {
                event.preventDefault();
                take(text, error);
            }
        });
        return Dom.append(row, error, help);
    }

    private void take(HTMLTextAreaElement text, HTMLElement error) {
        try {
            editor.apply(LeafValues.typed(editor.graph(), node.id(), text.getValue()));
            error.setHidden(true);
            text.removeAttribute("aria-invalid");
        } catch (ValueException refused) {
            refuse(text, error, Reasons.text(refused));
        } catch (GraphException refused) {
            refuse(text, error, Reasons.text(refused.reason()));
        }
    }

    private static void refuse(HTMLTextAreaElement text, HTMLElement error, String reason) {
        text.setAttribute("aria-invalid", "true");
        error.setTextContent(reason);
        error.setHidden(false);
        Notices.announce(reason);
    }

    private HTMLElement dtype() {
        HTMLSelectElement select = Fields.types(Leaf.dtype(node.attrs()).shortName(), false);
        Dom.on(select, "change", event -> editor.apply(
                LeafValues.dtype(editor.graph(), node.id(), DType.of(select.getValue()))));
        return Fields.inline(Text.of("leaf.dtype"), select, "dtype");
    }

    private HTMLElement requiresGrad() {
        HTMLInputElement box = Fields.checkbox(Leaf.requiresGrad(node.attrs()));
        box.setDisabled(!Leaf.dtype(node.attrs()).isFloat());
        box.setAttribute("data-field", "requires_grad");
        Dom.on(box, "change", event -> editor.apply(
                LeafValues.requiresGrad(editor.graph(), node.id(), box.isChecked())));
        HTMLElement label = Dom.make("label", "switch", box, Dom.make("span", "", "requires_grad"));
        if (!Leaf.dtype(node.attrs()).isFloat()) {
            label.setTitle(Text.of("leaf.onlyFloats"));
        }
        return label;
    }
}

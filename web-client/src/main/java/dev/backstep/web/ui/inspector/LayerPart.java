package dev.backstep.web.ui.inspector;

import dev.backstep.engine.graph.Change;
import dev.backstep.engine.graph.GraphException;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.Inference;
import dev.backstep.engine.graph.LayerFrame;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.tensor.Meta;
import dev.backstep.web.session.Editor;
import dev.backstep.web.session.LayerEdits;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Notices;
import dev.backstep.web.ui.Reasons;
import dev.backstep.web.ui.Text;
import dev.backstep.web.value.TensorText;
import java.util.List;
import org.teavm.jso.dom.html.HTMLElement;
import org.teavm.jso.dom.html.HTMLInputElement;

/** The frame of a layer is selected: which layer it is, what it was drawn with, whether it is trained. */
final class LayerPart {
    private final Editor editor;
    private final GraphNode frame;

    LayerPart(Editor editor, GraphNode frame) {
        this.editor = editor;
        this.frame = frame;
    }

    void fill(HTMLElement panel) {
        HTMLInputElement layer = Fields.text(LayerFrame.layer(frame));
        HTMLInputElement seed = Fields.text("" + LayerFrame.seed(editor.graph(), frame));
        seed.setAttribute("inputmode", "numeric");
        Dom.on(layer, "change", event -> replace(layer, layer.getValue(), LayerFrame.seed(editor.graph(), frame)));
        Dom.on(seed, "change", event -> {
            try {
                replace(seed, LayerFrame.layer(frame), Integer.parseInt(seed.getValue().strip()));
            } catch (NumberFormatException none) {
                seed.setAttribute("aria-invalid", "true");
                Notices.error(Text.of("attr.error.INT", "seed"));
            }
        });
        HTMLElement form = Dom.make("div", "form", Fields.row(Text.of("layer.text"), layer, LayerFrame.LAYER),
                Fields.inline(Text.of("layer.seed"), seed, "seed"));
        List<GraphNode> parameters = LayerFrame.parameters(editor.graph(), frame);
        if (!parameters.isEmpty()) {
            HTMLInputElement frozen = Fields.checkbox(LayerFrame.isFrozen(editor.graph(), frame));
            frozen.setAttribute("data-field", "frozen");
            Dom.on(frozen, "change", event ->
                    editor.apply(LayerFrame.freeze(editor.graph(), frame, frozen.isChecked())));
            form.appendChild(Dom.make("label", "switch", frozen, Dom.make("span", "", Text.of("layer.freeze"))));
        }
        HTMLElement section = Parts.section(panel, Text.of("layer.title"));
        section.appendChild(form);
        HTMLElement facts = Parts.facts(section);
        Inference inference = editor.inference();
        long numbers = 0;
        for (GraphNode leaf : parameters) {
            Meta meta = inference.at(new Port(leaf.id(), 0));
            if (meta != null) {
                int count = 1;
                for (int extent : meta.shape()) {
                    count *= extent;
                }
                numbers += count;
                Parts.fact(facts, leaf.label(), TensorText.shape(meta.shape()));
            }
        }
        Parts.fact(facts, Text.of("layer.numbers"), "" + numbers);
    }

    private void replace(HTMLInputElement field, String text, long seed) {
        try {
            Change change = LayerFrame.replace(editor.graph(), frame.id(), text, seed);
            editor.apply(change);
            editor.selection.set(List.of(LayerEdits.frame(change).id()));
        } catch (GraphException refused) {
            field.setAttribute("aria-invalid", "true");
            Notices.error(Reasons.text(refused.reason()));
        }
    }
}

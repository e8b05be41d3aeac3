package dev.backstep.web.ui.inspector;

import dev.backstep.engine.graph.Edits;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.engine.graph.Wire;
import dev.backstep.engine.step.Event;
import dev.backstep.engine.step.Timeline;
import dev.backstep.engine.step.Why;
import dev.backstep.engine.tensor.NodeType;
import dev.backstep.engine.tensor.Tensor;
import dev.backstep.web.session.Editor;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Text;
import dev.backstep.web.value.NumberText;
import dev.backstep.web.value.Summary;
import dev.backstep.web.value.TensorText;
import java.util.List;
import org.teavm.jso.dom.html.HTMLElement;

/** A wire is selected: what it carries, both ways. */
final class EdgePanel {
    private final Context context;
    private final Editor editor;
    private final Wire wire;

    EdgePanel(Context context, Wire wire) {
        this.context = context;
        this.editor = context.editor();
        this.wire = wire;
    }

    void fill(HTMLElement panel) {
        Graph graph = editor.graph();
        GraphNode to = graph.node(wire.to().node());
        NodeType type = NodeTypes.of(to);
        HTMLElement section = Parts.section(panel, Text.of("inspector.edge"));
        HTMLElement facts = Parts.facts(section);
        Dom.append(facts, Dom.make("dt", "", Text.of("edge.from")),
                Dom.make("dd", "", node(graph.name(wire.from()), wire.from().node())));
        Dom.append(facts, Dom.make("dt", "", Text.of("edge.to")), Dom.make("dd", "", node(to.label() + " · "
                + type.inputs().get(Math.min(wire.to().index(), type.inputs().size() - 1)), to.id())));
        section.appendChild(Dom.make("div", "buttons", Dom.button("action outlined", "trash-2",
                Text.of("edge.remove"), () -> editor.apply(Edits.disconnect(editor.graph(), List.of(wire))))));
        backward(panel);
        Timeline timeline = context.player().timeline();
        Tensor value = timeline == null ? null : timeline.valueAt(wire.from(), context.player().step());
        if (value != null) {
            context.sections().add(panel, "edge-value", Text.of("edge.forward", TensorText.shape(value.shape())), "",
                    true, body -> body.appendChild(context.figures().show(value, false, graph.name(wire.from()))));
        }
        new MomentPart(context).fill(panel);
    }

    private HTMLElement node(String name, String box) {
        return Dom.button("link-button", null, name, () -> editor.selection.set(List.of(box)));
    }

    private void backward(HTMLElement panel) {
        Graph graph = editor.graph();
        Timeline timeline = context.player().timeline();
        int step = context.player().step();
        Tensor gradient = timeline == null ? null : timeline.movedAlong(wire, step);
        context.sections().add(panel, "edge-gradient", Text.of("edge.backward"), "", true, body -> {
            if (gradient == null) {
                body.appendChild(Dom.make("p", "hint", Text.of("edge.noGradient")));
                return;
            }
            HTMLElement facts = Parts.facts(body);
            Parts.fact(facts, "shape", TensorText.shape(gradient.shape()));
            Summary summary = context.figures().summary(gradient);
            Parts.fact(facts, Text.of("tensor.norm"), NumberText.of(summary.norm()));
            Parts.fact(facts, Text.of("edge.sign"), sign(summary));
            body.appendChild(context.figures().show(gradient, true, Text.of("node.gradient")));
            String from = graph.node(wire.to().node()).label();
            body.appendChild(Dom.make("p", "form-help", Text.of("edge.moved", from, graph.name(wire.from()))));
            int event = moved(timeline, step);
            if (event != Why.NONE) {
                body.appendChild(Dom.make("div", "answer-links", RepairButtons.event(context, event)));
            }
        });
    }

    private static String sign(Summary summary) {
        boolean oneNumber = summary.positive() + summary.negative() + summary.zero() == 1;
        if (!oneNumber) {
            return Text.of("edge.signs", summary.positive(), summary.zero(), summary.negative());
        }
        return summary.positive() > 0 ? "+" : summary.negative() > 0 ? "−" : "0";
    }

    /** The last event in which something moved along the wire. */
    private int moved(Timeline timeline, int step) {
        for (int i = step - 1; i >= 0; i--) {
            if (!(timeline.event(i) instanceof Event.Forward)
                    && timeline.event(i).wires().contains(wire)) {
                return i;
            }
        }
        return Why.NONE;
    }
}

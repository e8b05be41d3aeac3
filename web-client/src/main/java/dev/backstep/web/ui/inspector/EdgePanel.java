package dev.backstep.web.ui.inspector;

import dev.backstep.engine.graph.Edits;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.engine.graph.Wire;
import dev.backstep.engine.step.Timeline;
import dev.backstep.engine.tensor.NodeType;
import dev.backstep.engine.tensor.Tensor;
import dev.backstep.web.session.Editor;
import dev.backstep.web.session.Player;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Text;
import dev.backstep.web.value.TensorText;
import java.util.List;
import org.teavm.jso.dom.html.HTMLElement;

/** A wire is selected: what it carries, both ways. */
final class EdgePanel {
    private final Editor editor;
    private final Player player;
    private final Wire wire;

    EdgePanel(Editor editor, Player player, Wire wire) {
        this.editor = editor;
        this.player = player;
        this.wire = wire;
    }

    void fill(HTMLElement panel) {
        Graph graph = editor.graph();
        GraphNode to = graph.node(wire.to().node());
        NodeType type = NodeTypes.of(to);
        new MomentPart(editor, player).fill(panel);
        HTMLElement section = Parts.section(panel, Text.of("inspector.edge"));
        HTMLElement facts = Parts.facts(section);
        Parts.fact(facts, Text.of("edge.from"), graph.name(wire.from()));
        Parts.fact(facts, Text.of("edge.to"), to.label() + " · "
                + type.inputs().get(Math.min(wire.to().index(), type.inputs().size() - 1)));
        section.appendChild(Dom.make("div", "buttons", Dom.button("action outlined", "trash-2",
                Text.of("edge.remove"), () -> editor.apply(Edits.disconnect(editor.graph(), List.of(wire))))));
        Timeline timeline = player.timeline();
        Tensor value = timeline == null ? null : timeline.valueAt(wire.from(), player.step());
        if (value != null) {
            Dom.append(Parts.section(panel, Text.of("edge.forward", TensorText.shape(value.shape()))),
                    Parts.tensor(value, false));
        }
        Tensor gradient = timeline == null ? null : timeline.movedAlong(wire, player.step());
        HTMLElement backward = Parts.section(panel, Text.of("edge.backward"));
        backward.appendChild(gradient == null
                ? Dom.make("p", "hint", Text.of("edge.noGradient")) : Parts.tensor(gradient, true));
    }
}

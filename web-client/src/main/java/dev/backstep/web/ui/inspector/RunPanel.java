package dev.backstep.web.ui.inspector;

import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.step.Event;
import dev.backstep.engine.step.Timeline;
import dev.backstep.engine.tensor.Tensor;
import dev.backstep.web.session.Player;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Text;
import dev.backstep.web.value.ByteText;
import dev.backstep.web.value.TensorText;
import java.util.ArrayList;
import java.util.List;
import org.teavm.jso.dom.html.HTMLElement;

/** Nothing is selected: the run, its figures and its health; what happened in it is the timeline's event log. */
final class RunPanel {
    private final Context context;
    private final Player player;

    RunPanel(Context context) {
        this.context = context;
        this.player = context.player();
    }

    void fill(HTMLElement panel) {
        Graph graph = context.graph();
        new MomentPart(context).fill(panel);
        Port target = graph.targetOrLast();
        Timeline timeline = player.timeline();
        context.sections().add(panel, "run", Text.of(timeline == null ? "run.document" : "run.run"), "", true, body -> {
            HTMLElement facts = Parts.facts(body);
            Parts.fact(facts, Text.of("run.nodes"), String.valueOf(graph.nodes().size()));
            Parts.fact(facts, Text.of("run.wires"), String.valueOf(graph.wires().size()));
            Parts.fact(facts, Text.of("run.target"), target == null ? Text.of("node.none") : graph.name(target));
            if (timeline == null) {
                body.appendChild(Dom.make("p", "hint", Text.of("run.hint")));
            } else {
                run(facts, timeline, target);
                curve(body, timeline, target);
            }
        });
        new HealthPart(graph, player, context.health()).fill(panel);
    }

    private void run(HTMLElement facts, Timeline timeline, Port target) {
        Parts.fact(facts, Text.of("run.steps"), Text.of("timeline.step", player.step(), timeline.size()));
        Tensor value = target == null ? null : timeline.valueAt(target, player.step());
        if (value != null) {
            Parts.fact(facts, context.graph().name(target), TensorText.orNorm(value));
        }
        long values = 0;
        long gradients = 0;
        for (GraphNode node : context.graph().nodes()) {
            for (int i = 0; i < NodeTypes.of(node).outputs().size(); i++) {
                values += bytes(timeline.valueAt(new Port(node.id(), i), player.step()));
                gradients += bytes(timeline.gradAt(new Port(node.id(), i), player.step()));
            }
        }
        Parts.fact(facts, Text.of("run.values"), ByteText.of(values));
        Parts.fact(facts, Text.of("run.gradients"), ByteText.of(gradients));
        Parts.fact(facts, Text.of("run.kept"), ByteText.of(timeline.backwardGraph().bytesAt(player.step())));
    }

    private static long bytes(Tensor tensor) {
        return tensor == null ? 0 : (long) tensor.numel() * tensor.dtype().bytes();
    }

    /** The target over the forward runs so far, where there were several. */
    private void curve(HTMLElement body, Timeline timeline, Port target) {
        List<Double> points = new ArrayList<>();
        for (int i = 0; i < player.step() && target != null; i++) {
            if (timeline.event(i) instanceof Event.Forward forward && forward.box().equals(target.node())) {
                points.add(TensorText.mean(timeline.valueAt(target, i + 1)));
            }
        }
        if (points.size() > 1) {
            body.appendChild(Curve.of(points, context.graph().name(target)));
        }
    }
}

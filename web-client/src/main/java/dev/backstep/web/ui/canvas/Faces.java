package dev.backstep.web.ui.canvas;

import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.Inference;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.graph.Reason;
import dev.backstep.engine.graph.Wire;
import dev.backstep.engine.step.Event;
import dev.backstep.engine.step.Timeline;
import dev.backstep.engine.tensor.Meta;
import dev.backstep.engine.tensor.Tensor;
import dev.backstep.web.session.Editor;
import dev.backstep.web.session.Player;
import dev.backstep.web.ui.Reasons;
import dev.backstep.web.value.HeatMap;
import dev.backstep.web.value.SumText;
import dev.backstep.web.value.TensorText;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What nodes and wires show at the step one stands at. */
final class Faces {
    private final Player player;
    private final Graph graph;
    private final Inference inference;
    private final Timeline timeline;
    private final Event event;
    private final int step;
    private final Port target;
    private final Set<String> needGrad = new HashSet<>();

    Faces(Editor editor, Player player) {
        this.player = player;
        graph = editor.graph();
        inference = editor.inference();
        timeline = player.timeline();
        event = player.event();
        step = player.step();
        target = graph.targetOrLast();
        for (GraphNode node : graph.order()) {
            if (isLeaf(node) ? node.attrs().flag("requires_grad") : graph.wiresInto(node.id()).stream()
                    .anyMatch(wire -> needGrad.contains(wire.from().node())) && isFloat(node)) {
                needGrad.add(node.id());
            }
        }
    }

    private static boolean isLeaf(GraphNode node) {
        return NodeTypes.of(node).isLeaf();
    }

    private boolean isFloat(GraphNode node) {
        Meta meta = inference.at(new Port(node.id(), 0));
        return meta == null || meta.dtype().isFloat();
    }

    NodeFace of(GraphNode node) {
        Port output = new Port(node.id(), 0);
        Tensor value = timeline == null ? null : timeline.valueAt(output, step);
        Tensor grad = gradient(output);
        String heat = value != null && value.numel() > 1 && TensorText.brief(value) == null
                ? HeatMap.url(value.toDoubles(), value.shape()) : null;
        return new NodeFace(shape(output, value), value == null ? null : TensorText.orMean(value),
                grad == null ? null : TensorText.orNorm(grad), sum(node), heat, error(node),
                value == null ? needGrad.contains(node.id()) : player.playback().tensor(output).requiresGrad(),
                target != null && target.node().equals(node.id()), mark(node));
    }

    /** {@code .grad} where there is one; in between, where it stays None, the gradient that has arrived. */
    private Tensor gradient(Port output) {
        if (timeline == null) {
            return null;
        }
        Tensor grad = timeline.gradAt(output, step);
        return grad != null ? grad : timeline.arrivedAt(output, step);
    }

    private String shape(Port output, Tensor value) {
        Meta meta = value != null ? value.meta() : inference.at(output);
        if (meta == null) {
            return "";
        }
        String shape = meta.shape() == null ? "[?]" : TensorText.shape(meta.shape());
        return meta.dtype().shortName() + " " + shape;
    }

    private String error(GraphNode node) {
        Reason reason = timeline != null ? player.playback().reason(node.id()) : inference.reason(node.id());
        boolean waits = reason != null
                && (reason.code() == Reason.Code.INPUT_MISSING || reason.code() == Reason.Code.UPSTREAM);
        if (reason != null && (!waits || player.wasAttempted())) {
            return Reasons.text(reason);
        }
        return event instanceof Event.Refused refused && node.id().equals(refused.box())
                ? Reasons.text(refused.reason()) : null;
    }

    private NodeFace.Mark mark(GraphNode node) {
        boolean acts = switch (event) {
            case null -> false;
            case Event.NodeRun run -> node.id().equals(run.box());
            default -> event.boxes().contains(node.id());
        };
        return !acts ? NodeFace.Mark.NONE
                : event instanceof Event.Forward ? NodeFace.Mark.COMPUTED : NodeFace.Mark.NOW;
    }

    /** The sum that is made at this node in this very step, spelled out. */
    private String sum(GraphNode node) {
        return switch (event) {
            case Event.NodeRun run -> run.arrivals().stream()
                    .filter(arrival -> arrival.isSum() && arrival.port() != null
                            && arrival.port().node().equals(node.id()))
                    .map(arrival -> SumText.of(arrival.terms().stream().map(Event.Term::gradient).toList(),
                            arrival.after()))
                    .reduce((first, last) -> last).orElse(null);
            case Event.Accumulate sum when node.id().equals(sum.box()) && sum.before() != null ->
                SumText.of(List.of(sum.before(), sum.added()), sum.after());
            case null, default -> null;
        };
    }

    EdgeView.State state(Wire wire) {
        if (event != null && event.wires().contains(wire)) {
            return event instanceof Event.Forward ? EdgeView.State.FLOWS : EdgeView.State.NOW;
        }
        return moved(wire) == null ? EdgeView.State.REST : EdgeView.State.CARRIED;
    }

    /** The gradient that has gone along a wire, as text; null where none has. */
    String text(Wire wire) {
        Tensor moved = moved(wire);
        return moved == null ? null : TensorText.orNorm(moved);
    }

    private Tensor moved(Wire wire) {
        return timeline == null ? null : timeline.movedAlong(wire, step);
    }
}

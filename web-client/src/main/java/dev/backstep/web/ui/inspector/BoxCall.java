package dev.backstep.web.ui.inspector;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.graph.Wire;
import dev.backstep.engine.lens.Call;
import dev.backstep.engine.lens.Origins;
import dev.backstep.engine.step.BoxRun;
import dev.backstep.engine.step.Playback;
import dev.backstep.engine.step.Timeline;
import dev.backstep.engine.tensor.AttrSpec;
import dev.backstep.engine.tensor.InPlaceOp;
import dev.backstep.engine.tensor.NodeType;
import dev.backstep.engine.tensor.Op;
import dev.backstep.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** An op's call of this run with its names: what the lens and the checks look at. */
final class BoxCall {
    final GraphNode node;
    /** What the box computes, in place or not; null for a box whose derivative is code of its own. */
    final Op op;
    /** With those that were left out. */
    final Attrs attrs;
    final List<String> inputNames = new ArrayList<>();
    final List<String> outputNames = new ArrayList<>();
    final List<Tensor> inputs;
    final List<Tensor> outputs;

    final NodeType type;
    private final List<Boolean> differentiated = new ArrayList<>();

    private BoxCall(Playback playback, GraphNode node, int forward, List<Tensor> inputs, List<Tensor> outputs) {
        Graph graph = playback.graph();
        this.node = node;
        this.inputs = inputs;
        this.outputs = outputs;
        type = NodeTypes.of(node);
        op = type instanceof Op known ? known : type instanceof InPlaceOp writing ? writing.outOfPlace() : null;
        attrs = complete(type, NodeTypes.own(node));
        for (Wire wire : graph.wiresInto(node.id())) {
            inputNames.add(graph.name(wire.from()));
            Timeline.Status status = playback.timeline().statusAt(wire.from(), forward);
            differentiated.add(status != null && status.requiresGrad());
        }
        for (int i = 0; i < outputs.size(); i++) {
            outputNames.add(graph.name(new Port(node.id(), i)));
        }
        if (!differentiated.contains(true)) {
            differentiated.replaceAll(_ -> true);
        }
    }

    /** Of a box whose derivative has run. */
    static BoxCall of(Playback playback, String box, BoxRun run) {
        return new BoxCall(playback, playback.graph().node(box), run.forward(), run.inputs(), run.outputs());
    }

    /** Of a box at a step; null where it was not called yet. */
    static BoxCall of(Playback playback, String box, int step) {
        BoxRun.Forward forward = BoxRun.forward(playback, box, step);
        return forward == null ? null
                : new BoxCall(playback, playback.graph().node(box), forward.event(), forward.inputs(),
                        forward.outputs());
    }

    private static Attrs complete(NodeType type, Attrs given) {
        Attrs all = given;
        for (AttrSpec spec : type.attrs()) {
            if (!all.has(spec.name()) && spec.fallback() != null) {
                all = all.with(spec.name(), spec.fallback());
            }
        }
        return all;
    }

    /** Whether anything of it can be differentiated. */
    boolean isDifferentiable() {
        return type.type().equals("function") || op != null && op.isDifferentiable()
                && inputs.stream().anyMatch(tensor -> tensor.dtype().isFloat());
    }

    /** The same call, to be made again. */
    Call call() {
        return Call.of(type, attrs, inputs, differentiated);
    }

    Origins origins() {
        return new Origins(type, attrs, inputs, outputs);
    }
}

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
import dev.backstep.engine.tensor.AttrSpec;
import dev.backstep.engine.tensor.Op;
import dev.backstep.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** An op's call of this run with its names: what the lens and the checks look at. */
final class BoxCall {
    final GraphNode node;
    /** Null for a box that is no op. */
    final Op op;
    final Attrs attrs;
    final List<String> inputNames = new ArrayList<>();
    final List<String> outputNames = new ArrayList<>();
    final List<Tensor> inputs;
    final List<Tensor> outputs;

    private final List<Boolean> differentiated = new ArrayList<>();

    private BoxCall(Playback playback, GraphNode node, List<Tensor> inputs, List<Tensor> outputs) {
        Graph graph = playback.graph();
        this.node = node;
        this.inputs = inputs;
        this.outputs = outputs;
        op = NodeTypes.of(node) instanceof Op known ? known : null;
        attrs = op == null ? node.attrs() : complete(op, node.attrs());
        for (Wire wire : graph.wiresInto(node.id())) {
            inputNames.add(graph.name(wire.from()));
            Tensor tensor = playback.tensor(wire.from());
            differentiated.add(tensor != null && tensor.requiresGrad());
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
        return new BoxCall(playback, playback.graph().node(box), run.inputs(), run.outputs());
    }

    /** Of a box at a step; null where it was not called yet. */
    static BoxCall of(Playback playback, String box, int step) {
        BoxRun.Forward forward = BoxRun.forward(playback, box, step);
        return forward == null ? null
                : new BoxCall(playback, playback.graph().node(box), forward.inputs(), forward.outputs());
    }

    private static Attrs complete(Op op, Attrs given) {
        Attrs all = given;
        for (AttrSpec spec : op.attrs()) {
            if (!all.has(spec.name()) && spec.fallback() != null) {
                all = all.with(spec.name(), spec.fallback());
            }
        }
        return all;
    }

    /** The same call, to be made again. */
    Call call() {
        return Call.of(op, node.attrs(), inputs, differentiated);
    }

    Origins origins() {
        return new Origins(op, node.attrs(), inputs, outputs);
    }
}

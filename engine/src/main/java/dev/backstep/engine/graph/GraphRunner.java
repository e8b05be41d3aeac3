package dev.backstep.engine.graph;

import dev.backstep.engine.graph.Reason.Code;
import dev.backstep.engine.tensor.Meta;
import dev.backstep.engine.tensor.Op;
import dev.backstep.engine.tensor.Tape;
import dev.backstep.engine.tensor.Tensor;
import dev.backstep.engine.tensor.TorchError;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/**
 * Runs a document: leaves are made at once, then each {@code next()} runs one op. Whoever pulls owns time. What an op
 * refuses stays at its box, and the rest that does not depend on it runs on.
 */
public final class GraphRunner implements Iterator<GraphRunner.Ran> {
    /** The most elements that all tensors of one run may have together. */
    public static final int MAX_ELEMENTS = 1 << 25;

    private final Graph graph;
    private final Inference inference;
    private final List<GraphNode> ops = new ArrayList<>();
    private final Map<String, Tensor[]> outputs = new HashMap<>();
    private final Map<String, Reason> reasons = new HashMap<>();
    private int next;
    private long elements;

    /**
     * An op that was called.
     *
     * @param outputs what it gave; empty where it refused
     * @param reason why it refused, or null
     * @param kind the exception PyTorch raises then, such as RuntimeError, or null
     */
    public record Ran(GraphNode node, List<Tensor> outputs, Reason reason, String kind) {}

    public GraphRunner(Graph graph) {
        this.graph = graph;
        this.inference = Inference.of(graph);
        for (GraphNode node : graph.order()) {
            if (NodeTypes.of(node) == Leaf.TYPE) {
                Reason reason = inference.reason(node.id());
                if (reason == null) {
                    outputs.put(node.id(), new Tensor[] {Leaf.tensor(node.attrs())});
                } else {
                    reasons.put(node.id(), reason);
                }
            } else {
                ops.add(node);
            }
        }
        skipWaiting();
    }

    /** The tensor at an output, or null where it was not computed (yet). */
    public Tensor at(Port output) {
        Tensor[] tensors = outputs.get(output.node());
        return tensors == null ? null : tensors[output.index()];
    }

    /** Why a box was not computed, or null. */
    public Reason reason(String id) {
        return reasons.get(id);
    }

    @Override
    public boolean hasNext() {
        return next < ops.size();
    }

    /** Runs the next op. */
    @Override
    public Ran next() {
        if (!hasNext()) {
            throw new NoSuchElementException("every op has run");
        }
        Ran ran = run(ops.get(next++));
        if (ran.reason() != null) {
            reasons.put(ran.node().id(), ran.reason());
        }
        skipWaiting();
        return ran;
    }

    /** Passes over boxes that cannot be called because an input is open or was refused. */
    private void skipWaiting() {
        while (next < ops.size()) {
            GraphNode node = ops.get(next);
            Reason reason = waiting(node);
            if (reason == null) {
                return;
            }
            reasons.put(node.id(), reason);
            next++;
        }
    }

    private Reason waiting(GraphNode node) {
        List<Port> sources = Inference.sources(graph, node, null);
        for (int i = 0; i < sources.size(); i++) {
            Port source = sources.get(i);
            if (source == null) {
                return inference.reason(node.id());
            }
            if (at(source) == null) {
                return Reason.of(Code.UPSTREAM, node.label(), graph.label(source.node()));
            }
        }
        return null;
    }

    private Ran run(GraphNode node) {
        Reason known = inference.reason(node.id());
        if (known != null && known.torch() == null) {
            return new Ran(node, List.of(), known, null);
        }
        long wanted = inference.elements(node.id());
        if (elements + wanted > MAX_ELEMENTS) {
            return new Ran(
                    node, List.of(), Reason.of(Code.TOO_LARGE, node.label(), elements + wanted, MAX_ELEMENTS), null);
        }
        List<Port> sources = Inference.sources(graph, node, null);
        Tensor[] inputs = new Tensor[sources.size()];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = at(sources.get(i));
        }
        Op op = (Op) NodeTypes.of(node);
        try (Tape.Scope _ = Tape.scope(node.id())) {
            Tensor[] results = op.apply(NodeTypes.attrs(node), inputs);
            for (Tensor result : results) {
                elements += result.numel();
            }
            outputs.put(node.id(), results);
            return new Ran(node, List.of(results), null, null);
        } catch (TorchError refused) {
            return new Ran(node, List.of(), reason(node, inputs, refused), refused.kind());
        }
    }

    private static Reason reason(GraphNode node, Tensor[] inputs, TorchError refused) {
        Meta[] metas = new Meta[inputs.length];
        for (int i = 0; i < metas.length; i++) {
            metas[i] = inputs[i].meta();
        }
        return Inference.reason(node, metas, refused);
    }
}

package dev.backstep.engine.graph;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.data.DataException;
import dev.backstep.engine.formula.FormulaException;
import dev.backstep.engine.graph.Reason.Code;
import dev.backstep.engine.optim.Optimizer;
import dev.backstep.engine.tensor.GradMode;
import dev.backstep.engine.tensor.NodeType;
import dev.backstep.engine.tensor.RemovableHandle;
import dev.backstep.engine.tensor.Tape;
import dev.backstep.engine.tensor.Tensor;
import dev.backstep.engine.tensor.TorchError;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.Function;

/**
 * Runs a document: the leaves are made, then each {@code next()} runs one op. Whoever pulls owns time, also between two
 * leaves ({@link #begin}). What an op refuses stays at its box, and the rest that does not depend on it runs on.
 */
public final class GraphRunner implements Iterator<GraphRunner.Ran> {
    /** The most elements that all tensors of one run may have together. */
    public static final int MAX_ELEMENTS = 1 << 25;

    private static final Tensor[] NONE = {};

    private final Graph graph;
    private final Mode mode;
    private final Inference inference;
    private final Function<GraphNode, Tensor[]> given;
    private final List<GraphNode> leaves = new ArrayList<>();
    private final List<GraphNode> ops = new ArrayList<>();
    private final Map<String, Tensor[]> outputs = new HashMap<>();
    private final Map<String, Reason> reasons = new HashMap<>();
    private final Map<String, RemovableHandle> hooks = new HashMap<>();
    private int nextLeaf;
    /** What is drawn of the next leaf, or null. */
    private Drawing drawing;
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

    private GraphRunner(Graph graph, Function<GraphNode, Tensor[]> given, Mode mode) {
        this.graph = graph;
        this.given = given;
        this.mode = mode;
        this.inference = Inference.of(graph);
        for (GraphNode node : graph.order()) {
            NodeType type = NodeTypes.of(node);
            if (type.isLeaf()) {
                leaves.add(node);
            } else if (!type.outputs().isEmpty()) {
                ops.add(node);
            } else if (inference.reason(node.id()) != null) {
                reasons.put(node.id(), inference.reason(node.id()));
            }
        }
        if (leaves.isEmpty()) {
            skipWaiting();
        }
    }

    /** A run whose leaves are there. */
    public GraphRunner(Graph graph) {
        this(graph, _ -> null, Mode.DRAWN);
        makeLeaves();
    }

    /**
     * A run that may start from other numbers than the document's, before its first leaf is made: {@link #makeLeaf} or
     * {@link #makeLeaves} comes first.
     *
     * @param given the outputs of a leaf, or null where it is made as the document says
     */
    public static GraphRunner begin(Graph graph, Function<GraphNode, Tensor[]> given, Mode mode) {
        return new GraphRunner(graph, given, mode);
    }

    /** Makes all leaves that are not there yet. */
    public void makeLeaves() {
        while (nextLeaf() != null) {
            makeLeaf();
        }
    }

    /** The leaf that {@link #makeLeaf} makes, or null where all are there. */
    public GraphNode nextLeaf() {
        return nextLeaf < leaves.size() ? leaves.get(nextLeaf) : null;
    }

    /** How many leaves are made. */
    public int leavesMade() {
        return nextLeaf;
    }

    /** How many leaves there are, those that are still to be made too. */
    public int leaves() {
        return leaves.size();
    }

    /** Makes the next leaf, or a piece of it where it has many random numbers. */
    public void makeLeaf() {
        GraphNode node = nextLeaf();
        if (drawing == null) {
            beginLeaf(node);
        }
        if (drawing != null) {
            if (drawing.proceed()) {
                return;
            }
            put(node, new Tensor[] {drawing.result()});
            drawing = null;
        }
        nextLeaf++;
        if (nextLeaf() == null) {
            skipWaiting();
        }
    }

    private void beginLeaf(GraphNode node) {
        boolean fits = elements + inference.elements(node.id()) <= MAX_ELEMENTS;
        Tensor[] known = fits ? given.apply(node) : null;
        Reason reason = inference.reason(node.id());
        if (known != null) {
            put(node, known);
        } else if (reason != null || !fits) {
            reasons.put(node.id(), reason != null ? reason : tooLarge(node));
        } else {
            makeLeaf(node, NodeTypes.of(node), NodeTypes.attrs(node));
        }
    }

    private void makeLeaf(GraphNode node, NodeType type, Attrs attrs) {
        drawing = type instanceof CreatedLeaf created ? created.drawing(attrs) : null;
        try {
            if (drawing == null) {
                put(node, type.apply(attrs));
            }
        } catch (DataException refused) {
            reasons.put(node.id(), Inference.reason(node, refused));
        }
    }

    private void put(GraphNode node, Tensor[] results) {
        for (Tensor result : results) {
            elements += result.numel();
        }
        outputs.put(node.id(), results);
    }

    /** Begins anew with the leaves as they are now: what the loop of a training does with each forward. */
    public void again() {
        next = 0;
        for (GraphNode node : ops) {
            for (Tensor gone : outputs.getOrDefault(node.id(), NONE)) {
                elements -= gone.numel();
            }
            outputs.remove(node.id());
            reasons.remove(node.id());
        }
        skipWaiting();
    }

    /** The tensor at an output, or null where it was not computed (yet). */
    public Tensor at(Port output) {
        Tensor[] tensors = outputs.get(output.node());
        return tensors == null || output.index() >= tensors.length ? null : tensors[output.index()];
    }

    /** Why a box was not computed, or null. */
    public Reason reason(String id) {
        return reasons.get(id);
    }

    /** The boxes that were not computed so far, and why. */
    public Map<String, Reason> reasons() {
        return new HashMap<>(reasons);
    }

    @Override
    public boolean hasNext() {
        return next < ops.size();
    }

    /** The op that {@link #next} runs, or null where every op has run. */
    public GraphNode peek() {
        return hasNext() ? ops.get(next) : null;
    }

    /** How many ops have run or were passed over. */
    public int done() {
        return next;
    }

    /** How many ops there are. */
    public int total() {
        return ops.size();
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

    /** Why a box cannot have what is wired to it, or null where it can. */
    public Reason waiting(GraphNode node) {
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
        if (elements + inference.elements(node.id()) > MAX_ELEMENTS) {
            return new Ran(node, List.of(), tooLarge(node), null);
        }
        Tensor[] inputs = inputs(node);
        NodeType type = NodeTypes.of(node);
        RemovableHandle hook = hooks.remove(node.id());
        if (hook != null) {
            // A leaf lives on, and so would the hook that hung there in the forward before.
            hook.remove();
        }
        try (Tape.Scope _ = Tape.scope(node.id());
                GradMode.Scope _ = GradMode.set(!graph.isUnderNoGrad(node.id()) && GradMode.isEnabled())) {
            Tensor[] results;
            if (type instanceof HookBox box) {
                hooks.put(node.id(), box.register(NodeTypes.attrs(node), inputs[0]));
                results = inputs;
            } else {
                results = mode.apply(type, mode.attrs(type, NodeTypes.attrs(node)), inputs);
            }
            for (Tensor result : results) {
                if (node.attrs().flag(NodeTypes.RETAIN_GRAD)) {
                    result.retainGrad();
                }
            }
            put(node, results);
            return new Ran(node, List.of(results), null, null);
        } catch (TorchError refused) {
            return new Ran(node, List.of(), Inference.reason(node, inputs, refused), refused.kind());
        } catch (FormulaException refused) {
            return new Ran(node, List.of(), Inference.reason(node, refused), null);
        }
    }

    private Tensor[] inputs(GraphNode node) {
        return Inference.sources(graph, node, null).stream().map(this::at).toArray(Tensor[]::new);
    }

    /** The tensors that the next op will write in place. */
    public List<Tensor> toBeWritten() {
        GraphNode node = ops.get(next);
        NodeType type = NodeTypes.of(node);
        int[] places = type.writes(mode.attrs(type, NodeTypes.attrs(node)));
        if (places.length == 0) {
            return List.of();
        }
        Tensor[] inputs = inputs(node);
        List<Tensor> written = new ArrayList<>();
        for (int place : places) {
            written.add(inputs[place]);
        }
        return written;
    }

    /** The leaves that require a gradient, in the document's order: what an optimizer takes that is told nothing. */
    public List<Tensor> parameters() {
        List<Tensor> parameters = new ArrayList<>();
        for (GraphNode node : graph.order()) {
            Tensor[] tensors = NodeTypes.of(node).isLeaf() ? outputs.get(node.id()) : null;
            if (tensors != null && tensors[0].requiresGrad() && tensors[0].isLeaf()) {
                parameters.add(tensors[0]);
            }
        }
        return parameters;
    }

    /**
     * A new optimizer as a box has it, over what is connected to it.
     *
     * @throws TorchError where it refuses
     */
    public Optimizer optimizer(GraphNode box) {
        Tensor[] params = inputs(box);
        return ((OptimizerBox) NodeTypes.of(box)).make(NodeTypes.attrs(box),
                params.length == 0 ? parameters() : List.of(params));
    }

    private Reason tooLarge(GraphNode node) {
        return Reason.of(Code.TOO_LARGE, node.label(), elements + inference.elements(node.id()), MAX_ELEMENTS);
    }
}

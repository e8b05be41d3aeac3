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
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A document as something that runs over and over, as a training does: which box takes what from where is settled once,
 * leaves live on from one forward to the next, and any output may be given from outside. {@link GraphRunner} is for a
 * document that is looked at.
 */
public final class Network {
    private final Graph graph;
    private final Inference inference;
    /** Where the outputs of each box lie in {@link #values}. */
    private final Map<String, Integer> places = new HashMap<>();
    private final Tensor[] values;
    private final Map<String, Tensor[]> leaves = new LinkedHashMap<>();

    /** A forward was refused: at which box, and why. */
    public static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final transient Reason reason;

        Refused(Reason reason) {
            super(reason.text(), null, false, false);
            this.reason = reason;
        }

        public Reason reason() {
            return reason;
        }
    }

    /** One call of a box, with all that does not change. */
    private static final class Call {
        final GraphNode node;
        final NodeType type;
        final Attrs attrs;
        final int[] inputs;
        final int place;
        final boolean noGrad;
        final boolean retain;
        /** The hook of the forward before. */
        RemovableHandle hook;

        Call(GraphNode node, NodeType type, Attrs attrs, int[] inputs, int place, boolean noGrad) {
            this.node = node;
            this.type = type;
            this.attrs = attrs;
            this.inputs = inputs;
            this.place = place;
            this.noGrad = noGrad;
            this.retain = node.attrs().flag(NodeTypes.RETAIN_GRAD);
        }
    }

    /** The boxes that some outputs need, in one mode: all that a forward to there calls. */
    public final class Route {
        private final Mode mode;
        private final boolean hooks;
        private final Call[] calls;

        private Route(Mode mode, boolean hooks, List<Call> calls) {
            this.mode = mode;
            this.hooks = hooks;
            this.calls = calls.toArray(Call[]::new);
        }

        /**
         * Runs forward.
         *
         * @throws Refused where a box refuses
         */
        public void run() {
            try (Tape.Scope scope = Tape.scope(null)) {
                for (Call call : calls) {
                    scope.maker(call.node.id());
                    Tensor[] inputs = new Tensor[call.inputs.length];
                    for (int i = 0; i < inputs.length; i++) {
                        inputs[i] = values[call.inputs[i]];
                    }
                    try {
                        Tensor[] results = call.noGrad ? unrecorded(call, inputs) : call(call, inputs);
                        for (int i = 0; i < results.length; i++) {
                            values[call.place + i] = results[i];
                        }
                    } catch (TorchError refused) {
                        throw new Refused(Inference.reason(call.node, inputs, refused));
                    } catch (FormulaException refused) {
                        throw new Refused(Inference.reason(call.node, refused));
                    }
                }
            }
        }

        private Tensor[] unrecorded(Call call, Tensor[] inputs) {
            try (GradMode.Scope _ = GradMode.noGrad()) {
                return call(call, inputs);
            }
        }

        private Tensor[] call(Call call, Tensor[] inputs) {
            if (call.type instanceof HookBox box) {
                if (hooks) {
                    if (call.hook != null) {
                        // A leaf lives on, and so would the hook that hung there in the forward before.
                        call.hook.remove();
                    }
                    call.hook = box.register(call.attrs, inputs[0]);
                }
                return inputs;
            }
            Tensor[] results = mode.apply(call.type, call.attrs, inputs);
            if (call.retain && hooks) {
                for (Tensor result : results) {
                    result.retainGrad();
                }
            }
            return results;
        }

        /** Where the first number lies that is none, after a run; null where all are. */
        public Port nonFinite() {
            for (Call call : calls) {
                for (int i = 0; i < call.type.outputs().size(); i++) {
                    if (isNonFinite(values[call.place + i])) {
                        return new Port(call.node.id(), i);
                    }
                }
            }
            return null;
        }

        /**
         * The leaves that are written in place on this way, by box, or whose memory may be: batch norm moves its
         * running figures, and no version tells.
         */
        public Set<String> written() {
            Set<String> upstream = new HashSet<>();
            for (Call call : calls) {
                for (int input : call.type.writes(call.attrs)) {
                    collect(graph.wireInto(new Port(call.node.id(), input)).from().node(), upstream);
                }
            }
            upstream.retainAll(leaves.keySet());
            return upstream;
        }

        private void collect(String box, Set<String> seen) {
            if (seen.add(box)) {
                graph.wiresInto(box).forEach(wire -> collect(wire.from().node(), seen));
            }
        }

        /** Whether masks are drawn on this way. */
        public boolean draws() {
            for (Call call : calls) {
                if (mode.draws(call.type)) {
                    return true;
                }
            }
            return false;
        }
    }

    /**
     * Makes the leaves of a document, those that can be made.
     *
     * @throws Refused where the data of a box is not here
     */
    public Network(Graph graph) {
        this.graph = graph;
        this.inference = Inference.of(graph);
        int count = 0;
        for (GraphNode node : graph.order()) {
            places.put(node.id(), count);
            count += NodeTypes.of(node).outputs().size();
        }
        values = new Tensor[count];
        for (GraphNode node : graph.order()) {
            NodeType type = NodeTypes.of(node);
            if (type.isLeaf() && inference.reason(node.id()) == null) {
                Tensor[] made = leaf(node, type);
                leaves.put(node.id(), made);
                set(node.id(), made);
            }
        }
    }

    private static Tensor[] leaf(GraphNode node, NodeType type) {
        try {
            return type.apply(NodeTypes.attrs(node));
        } catch (DataException refused) {
            throw new Refused(Inference.reason(node, refused));
        }
    }

    /** Whether there is such a number in a tensor that can have any. */
    public static boolean isNonFinite(Tensor tensor) {
        return tensor != null && tensor.dtype().isFloat() && !Double.isFinite(tensor.squares());
    }

    public Graph graph() {
        return graph;
    }

    /** The leaves by box, as they were made or were {@link #set} last, in the document's order. */
    public Map<String, Tensor[]> leaves() {
        return leaves;
    }

    /** The leaves that require a gradient, by box, in the document's order. */
    public Map<String, Tensor> parameters() {
        Map<String, Tensor> parameters = new LinkedHashMap<>();
        leaves.forEach((box, tensors) -> {
            if (tensors[0].requiresGrad()) {
                parameters.put(box, tensors[0]);
            }
        });
        return parameters;
    }

    /** The tensor at an output, null before a forward has come by. */
    public Tensor at(Port output) {
        return values[places.get(output.node()) + output.index()];
    }

    /** All outputs of a box; a copy. */
    public Tensor[] outputs(String box) {
        int place = places.get(box);
        return Arrays.copyOfRange(values, place, place + NodeTypes.of(graph.node(box)).outputs().size());
    }

    /** Gives the outputs of a box from outside. */
    public void set(String box, Tensor... outputs) {
        System.arraycopy(outputs, 0, values, places.get(box), outputs.length);
    }

    /**
     * The way to an output.
     *
     * @param mode in which it is run
     * @param effects whether boxes that the output does not need run too where they draw, write in place, or hang hooks
     *     on tensors; and whether gradients are kept
     * @throws Refused where a box cannot be computed
     */
    public Route to(Port output, Mode mode, boolean effects) {
        Set<String> needed = new HashSet<>();
        need(output.node(), needed);
        for (GraphNode node : effects ? graph.order() : List.<GraphNode>of()) {
            NodeType type = NodeTypes.of(node);
            Attrs attrs = mode.attrs(type, NodeTypes.attrs(node));
            if ((type instanceof HookBox || mode.draws(type) || type.writes(attrs).length > 0)
                    && missing(node.id(), new HashSet<>()) == null) {
                need(node.id(), needed);
            }
        }
        List<Call> calls = new ArrayList<>();
        for (GraphNode node : graph.order()) {
            NodeType type = NodeTypes.of(node);
            if (needed.contains(node.id()) && !type.isLeaf()) {
                calls.add(new Call(node, type, mode.attrs(type, NodeTypes.attrs(node)), inputs(node),
                        places.get(node.id()), graph.isUnderNoGrad(node.id())));
            }
        }
        return new Route(mode, effects, calls);
    }

    private void need(String box, Set<String> needed) {
        Reason reason = missing(box, needed);
        if (reason != null) {
            throw new Refused(reason);
        }
    }

    /**
     * Why a box cannot be computed whatever batch comes, or null; what PyTorch refuses it may refuse for the batch that
     * the document shows only.
     *
     * @param seen the boxes that were asked already, to which this one and those before it are added
     */
    private Reason missing(String box, Set<String> seen) {
        if (!seen.add(box)) {
            return null;
        }
        for (Wire wire : graph.wiresInto(box)) {
            Reason reason = missing(wire.from().node(), seen);
            if (reason != null) {
                return reason;
            }
        }
        Reason reason = inference.reason(box);
        boolean fatal = reason != null && reason.code() != Code.UPSTREAM
                && (reason.torch() == null || NodeTypes.of(graph.node(box)).isLeaf());
        return fatal ? reason : null;
    }

    private int[] inputs(GraphNode node) {
        List<Port> sources = Inference.sources(graph, node, null);
        int[] inputs = new int[sources.size()];
        for (int i = 0; i < inputs.length; i++) {
            Port source = sources.get(i);
            if (source == null) {
                throw new Refused(inference.reason(node.id()));
            }
            inputs[i] = places.get(source.node()) + source.index();
        }
        return inputs;
    }

    /**
     * A new optimizer as a box has it, over the leaves that are connected to it.
     *
     * @throws Refused where it refuses
     */
    public Optimizer optimizer(GraphNode box) {
        List<Tensor> connected = new ArrayList<>();
        try {
            for (Wire wire : graph.wiresInto(box.id())) {
                Tensor[] leaf = leaves.get(wire.from().node());
                if (leaf == null) {
                    throw TorchError.value("can't optimize a non-leaf Tensor");
                }
                connected.add(leaf[wire.from().index()]);
            }
            return ((OptimizerBox) NodeTypes.of(box)).make(NodeTypes.attrs(box),
                    connected.isEmpty() ? List.copyOf(parameters().values()) : connected);
        } catch (TorchError refused) {
            throw new Refused(new Reason(Code.TORCH, List.of(box.label(), refused.getMessage()), refused.getMessage()));
        }
    }
}

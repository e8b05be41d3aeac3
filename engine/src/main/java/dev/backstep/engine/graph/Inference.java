package dev.backstep.engine.graph;

import dev.backstep.engine.data.DataException;
import dev.backstep.engine.formula.FormulaException;
import dev.backstep.engine.graph.Reason.Code;
import dev.backstep.engine.tensor.Meta;
import dev.backstep.engine.tensor.NodeType;
import dev.backstep.engine.tensor.Tensor;
import dev.backstep.engine.tensor.TorchError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What can be told of a document without running it: the shape and type at each output, the reason where there is none,
 * and which ports fit each other. Made anew for each document, where it can from that of the one before; asking it is
 * cheap.
 */
public final class Inference {
    /** The most elements of one tensor in a document; a page can hold a few such. */
    public static final int MAX_ELEMENTS = 1 << 24;

    private static final Set<String> PRODUCTS = Set.of("matmul", "mm", "mv", "dot", "bmm");

    private final Graph graph;
    private final Map<String, Meta[]> known = new HashMap<>();
    private final Map<String, Reason> reasons = new HashMap<>();

    private Inference(Graph graph) {
        this.graph = graph;
    }

    public static Inference of(Graph graph) {
        Inference inference = new Inference(graph);
        graph.order().forEach(inference::infer);
        return inference;
    }

    /**
     * The same for a document after an edit, where this is of the one before: only what the edit touches is redone.
     * This itself where the edit touches nothing that is told here, such as where boxes lie.
     */
    public Inference after(Graph other) {
        Inference next = new Inference(other);
        Set<String> different = new HashSet<>();
        boolean same = graph.nodes().size() == other.nodes().size();
        for (GraphNode node : other.order()) {
            String id = node.id();
            if (isSettled(node, other, different)) {
                next.put(id, known.get(id), reasons.get(id));
            } else {
                same = false;
                next.infer(node);
                GraphNode before = graph.node(id);
                boolean alike = before != null && before.label().equals(node.label())
                        && areSame(known.get(id), next.known.get(id));
                if (!alike) {
                    different.add(id);
                }
            }
        }
        return same ? this : next;
    }

    /** Whether a box of another document is the same as here, and so is all that is told of what feeds it. */
    private boolean isSettled(GraphNode node, Graph other, Set<String> different) {
        GraphNode before = graph.node(node.id());
        boolean same = before == node || before != null && before.type().equals(node.type())
                && before.label().equals(node.label()) && before.attrs().equals(node.attrs());
        List<Wire> wires = other.wiresInto(node.id());
        if (!same || !wires.equals(graph.wiresInto(node.id()))) {
            return false;
        }
        for (Wire wire : wires) {
            if (different.contains(wire.from().node())) {
                return false;
            }
        }
        return true;
    }

    private static boolean areSame(Meta[] a, Meta[] b) {
        if (a == null || b == null || a.length != b.length) {
            return a == b;
        }
        for (int i = 0; i < a.length; i++) {
            if (a[i].dtype() != b[i].dtype() || !Arrays.equals(a[i].shape(), b[i].shape())) {
                return false;
            }
        }
        return true;
    }

    private void infer(GraphNode node) {
        try {
            put(node.id(), outputs(node), null);
        } catch (Refusal refusal) {
            put(node.id(), null, refusal.reason);
        }
    }

    private void put(String id, Meta[] metas, Reason reason) {
        if (metas != null) {
            known.put(id, metas);
        }
        if (reason != null) {
            reasons.put(id, reason);
        }
    }

    /** Shape and type at an output; null where its box cannot be computed. */
    public Meta at(Port output) {
        Meta[] metas = known.get(output.node());
        return metas == null || output.index() >= metas.length ? null : metas[output.index()];
    }

    /** Why a box cannot be computed, or null. */
    public Reason reason(String id) {
        return reasons.get(id);
    }

    /**
     * Why an output does not fit an input, or null where it does. A wire that is there already counts as removed. Where
     * other inputs are still open, or the output's shape is unknown, only circles are refused.
     */
    public Reason fits(Port from, Port to) {
        String circle = circle(from.node(), to.node());
        if (circle != null) {
            return Reason.of(Code.CYCLE, circle);
        }
        GraphNode node = graph.node(to.node());
        Meta offered = at(from);
        List<Port> sources = sources(node, new Wire(from, to));
        Meta[] inputs = new Meta[sources.size()];
        for (int i = 0; i < inputs.length; i++) {
            Port source = sources.get(i);
            inputs[i] = source == null ? null : source.equals(from) ? offered : at(source);
            if (inputs[i] == null) {
                return null;
            }
        }
        try {
            infer(node, inputs);
            return null;
        } catch (Refusal refusal) {
            return refusal.reason;
        }
    }

    private String circle(String from, String to) {
        if (from.equals(to)) {
            return graph.label(from) + " → " + graph.label(from);
        }
        return graph.reaches(to, from)
                ? graph.label(from) + " → " + graph.label(to) + " → … → " + graph.label(from)
                : null;
    }

    private Meta[] outputs(GraphNode node) {
        List<Port> sources = sources(node, null);
        Meta[] inputs = new Meta[sources.size()];
        for (int i = 0; i < inputs.length; i++) {
            Port source = sources.get(i);
            if (source == null) {
                throw new Refusal(
                        Reason.of(Code.INPUT_MISSING, node.label(), NodeTypes.of(node).inputs().get(i)));
            }
            inputs[i] = at(source);
            if (inputs[i] == null) {
                throw new Refusal(Reason.of(Code.UPSTREAM, node.label(), graph.label(source.node())));
            }
        }
        return infer(node, inputs);
    }

    /** Where each input of a box comes from, null where nothing is connected; {@code extra} is connected as well. */
    private List<Port> sources(GraphNode node, Wire extra) {
        return sources(graph, node, extra);
    }

    static List<Port> sources(Graph graph, GraphNode node, Wire extra) {
        NodeType type = NodeTypes.of(node);
        List<Port> sources = new ArrayList<>();
        for (int i = 0; i < Graph.inputLimit(type); i++) {
            Port input = new Port(node.id(), i);
            Wire wire = extra != null && extra.to().equals(input) ? extra : graph.wireInto(input);
            if (wire != null || !type.variadic()) {
                sources.add(wire == null ? null : wire.from());
            }
        }
        if (type.variadic() && sources.isEmpty() && type.required() > 0) {
            sources.add(null);
        }
        while (sources.size() > type.required() && sources.getLast() == null) {
            sources.removeLast();
        }
        return sources;
    }

    private static Meta[] infer(GraphNode node, Meta[] inputs) {
        Meta[] outputs;
        try {
            outputs = NodeTypes.of(node).infer(NodeTypes.attrs(node), inputs);
        } catch (TorchError refused) {
            throw new Refusal(reason(node, inputs, refused));
        } catch (FormulaException badFormula) {
            throw new Refusal(reason(node, badFormula));
        } catch (DataException badData) {
            throw new Refusal(reason(node, badData));
        } catch (IllegalArgumentException badAttribute) {
            throw new Refusal(Reason.of(Code.ATTRIBUTE, node.label(), badAttribute.getMessage()));
        }
        for (Meta meta : outputs) {
            long elements = elements(meta.shape());
            if (elements > MAX_ELEMENTS) {
                throw new Refusal(Reason.of(Code.TOO_LARGE, node.label(), elements, MAX_ELEMENTS));
            }
        }
        return outputs;
    }

    /** How many elements the outputs of a box have together, as far as that is known. */
    long elements(String id) {
        long sum = 0;
        for (Meta meta : known.getOrDefault(id, new Meta[0])) {
            sum += meta.shape() == null ? 0 : elements(meta.shape());
        }
        return sum;
    }

    /** An extent of 0 counts as 1: a shape without elements may have extents that no list here can have. */
    private static long elements(int[] shape) {
        long product = 1;
        for (int i = 0; shape != null && i < shape.length; i++) {
            product = Math.min(product * Math.max(1, shape[i]), Integer.MAX_VALUE);
        }
        return product;
    }

    /** PyTorch's refusal of these tensors as a reason, see below. */
    static Reason reason(GraphNode node, Tensor[] inputs, TorchError refused) {
        Meta[] metas = new Meta[inputs.length];
        for (int i = 0; i < metas.length; i++) {
            metas[i] = inputs[i].meta();
        }
        return reason(node, metas, refused);
    }

    /** PyTorch's refusal as a reason that can be said in any language, as far as it is one of the usual ones. */
    static Reason reason(GraphNode node, Meta[] inputs, TorchError refused) {
        String torch = refused.getMessage();
        if (PRODUCTS.contains(node.type()) && inputs.length == 2) {
            int[] a = inputs[0].shape();
            int[] b = inputs[1].shape();
            if (a.length > 0 && b.length > 0) {
                int columns = a[a.length - 1];
                int rows = b[Math.max(0, b.length - 2)];
                if (columns != rows) {
                    return new Reason(
                            Code.INNER_SIZES, List.of(node.label(), "" + columns, "" + rows), torch);
                }
            }
        }
        if (torch.startsWith("The size of tensor a")) {
            for (int i = 1; i < inputs.length; i++) {
                for (int k = 0; k < i; k++) {
                    if (!broadcast(inputs[k].shape(), inputs[i].shape())) {
                        return new Reason(
                                Code.BROADCAST,
                                List.of(node.label(), text(inputs[k].shape()), text(inputs[i].shape())),
                                torch);
                    }
                }
            }
        }
        return new Reason(Code.TORCH, List.of(node.label(), torch), torch);
    }

    /** A formula that cannot be read, as a reason that can be said in any language. */
    public static Reason reason(GraphNode node, FormulaException refused) {
        Code code = switch (refused.code()) {
            case SYNTAX -> Code.FORMULA_SYNTAX;
            case NAME -> Code.FORMULA_NAME;
            case NOT_A_NAME -> Code.FORMULA_NOT_A_NAME;
            case FUNCTION -> Code.FORMULA_FUNCTION;
            case ARGUMENTS -> Code.FORMULA_ARGUMENTS;
            case TOO_LONG -> Code.FORMULA_TOO_LONG;
        };
        List<String> arguments = new ArrayList<>(List.of(node.label()));
        arguments.addAll(refused.arguments());
        return new Reason(code, arguments, null);
    }

    /** Data that cannot be had, as a reason that can be said in any language. */
    static Reason reason(GraphNode node, DataException refused) {
        List<String> arguments = new ArrayList<>(List.of(node.label()));
        arguments.addAll(refused.arguments());
        return new Reason(Code.valueOf("DATA_" + refused.code().name()), arguments, null);
    }

    private static boolean broadcast(int[] a, int[] b) {
        for (int i = 1; i <= Math.min(a.length, b.length); i++) {
            int x = a[a.length - i];
            int y = b[b.length - i];
            if (x != y && x != 1 && y != 1) {
                return false;
            }
        }
        return true;
    }

    /** A shape as PyTorch's texts have it, {@code [2, 3]}. */
    public static String text(int[] shape) {
        return Arrays.toString(shape);
    }

    private static final class Refusal extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final transient Reason reason;

        Refusal(Reason reason) {
            super(null, null, false, false);
            this.reason = reason;
        }
    }
}

package dev.backstep.engine.graph;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.formula.Formula;
import dev.backstep.engine.graph.Reason.Code;
import dev.backstep.engine.tensor.NodeType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Layers of networks in a document: a frame around the boxes that compute one. Nothing else knows of layers: what runs
 * and trains are the boxes.
 */
public final class LayerFrame {
    /** The attribute of a frame that says which layer it is, as PyTorch writes it: {@code Linear(2, 8)}. */
    public static final String LAYER = "layer";

    /** Inputs that take what is kept besides parameters, by their names. */
    private static final List<String> BUFFERS = List.of("running_mean", "running_var");

    /** What layers with long names are called: the labels of their parts begin with it. */
    private static final Map<String, String> BRIEF = Map.of("Sequential", "net", "BatchNorm1d", "norm");

    private LayerFrame() {}

    /** Whether a box is the frame of a layer. */
    public static boolean is(GraphNode node) {
        return node.type().equals(Note.FRAME.type()) && !layer(node).isEmpty();
    }

    /** The layer a frame is, or an empty text. */
    public static String layer(GraphNode frame) {
        return frame.attrs().has(LAYER) ? frame.attrs().text(LAYER) : "";
    }

    /** What PyTorch calls the class of a frame's layer. */
    public static String torch(GraphNode frame) {
        String layer = layer(frame);
        return torch(layer.substring(0, Math.max(0, layer.indexOf('('))).strip());
    }

    /** What PyTorch calls a class of layers. */
    public static String torch(String name) {
        return "torch.nn." + (name.equals("MLP") ? "Sequential" : name);
    }

    /**
     * Adds a layer as a collapsed frame, which is the last box added.
     *
     * @param text the layer as PyTorch writes it, such as {@code Sequential(Linear(2, 8), ReLU())}; also
     *     {@code MLP(2, 8, 8, 1, tanh)}
     * @param seed the numbers are those of {@code torch.manual_seed(seed)} and the constructor
     * @throws GraphException where the text is none
     */
    public static Change insert(Graph graph, String text, long seed, double x, double y) {
        return Edits.insert(graph, part(graph, text, seed, true), x, y);
    }

    private static Graph part(Graph graph, String text, long seed, boolean collapsed) {
        if (text.length() > Formula.MAX_LENGTH) {
            throw new GraphException("", Code.TOO_LONG, text.length(), Formula.MAX_LENGTH);
        }
        LayerCall call = LayerCall.read(text);
        String name = free(graph, BRIEF.getOrDefault(call.name(), call.name().toLowerCase(Locale.ROOT)));
        Graph parts = new LayerParts(name, seed).of(call);
        List<GraphNode> nodes = new ArrayList<>(parts.nodes());
        Attrs attrs = Attrs.of("members", nodes.stream().map(node -> (Object) node.id()).toList(), LAYER, text.strip());
        nodes.add(new GraphNode("n" + (nodes.size() + 1), Note.FRAME.type(), name,
                collapsed ? attrs.with("collapsed", true) : attrs, 0, 0));
        return Graph.of(nodes, parts.wires(), null);
    }

    /** The first of name1, name2 ... that no label of a document begins with. */
    private static String free(Graph graph, String name) {
        Set<String> taken = new HashSet<>();
        for (GraphNode node : graph.nodes()) {
            int dot = node.label().indexOf('.');
            taken.add(dot < 0 ? node.label() : node.label().substring(0, dot));
        }
        int number = 1;
        while (taken.contains(name + number)) {
            number++;
        }
        return name + number;
    }

    /**
     * Makes the layer of a frame another one, or draws its numbers anew. What is wired to its first input and to its
     * last output stays.
     *
     * @throws GraphException where the text is no layer
     */
    public static Change replace(Graph graph, String frame, String text, long seed) {
        GraphNode old = graph.node(frame);
        List<String> members = Note.members(old);
        Port source = null;
        List<Wire> onward = new ArrayList<>();
        double x = Double.MAX_VALUE;
        double y = Double.MAX_VALUE;
        for (String member : members) {
            x = Math.min(x, graph.node(member).x());
            y = Math.min(y, graph.node(member).y());
            for (Wire wire : graph.wiresInto(member)) {
                source = source == null && !members.contains(wire.from().node()) ? wire.from() : source;
            }
            for (Wire wire : graph.wiresFrom(member)) {
                if (!members.contains(wire.to().node())) {
                    onward.add(wire);
                }
            }
        }
        boolean wasTarget = graph.target() != null && members.contains(graph.target().node());
        List<String> gone = new ArrayList<>(members);
        gone.add(frame);
        Graph after = graph.with(Edits.remove(graph, gone));
        Change insert = Edits.insert(after, part(after, text, seed, old.attrs().flag("collapsed")),
                members.isEmpty() ? old.x() : x, members.isEmpty() ? old.y() : y);
        after = after.with(insert);
        Port first = null;
        Port last = null;
        for (GraphNode node : insert.added()) {
            if (!NodeTypes.of(node).outputs().isEmpty() && !NodeTypes.of(node).isLeaf()) {
                first = first == null ? new Port(node.id(), 0) : first;
                last = new Port(node.id(), 0);
            }
        }
        if (source != null) {
            after = after.with(Edits.connect(after, source, first));
        }
        for (Wire wire : onward) {
            after = after.with(Edits.connect(after, last, wire.to()));
        }
        if (wasTarget) {
            after = after.with(Edits.target(after, last));
        }
        return Change.between(graph, after);
    }

    /** The seed that the numbers of a layer are drawn with; 0 where none are. */
    public static long seed(Graph graph, GraphNode frame) {
        for (String member : Note.members(frame)) {
            GraphNode node = graph.node(member);
            if (NodeTypes.of(node) instanceof CreatedLeaf leaf && leaf.isRandom()) {
                return NodeTypes.attrs(node).integer(CreatedLeaf.SEED);
            }
        }
        return 0;
    }

    /** The leaves of a frame that are trained unless they are frozen. */
    public static List<GraphNode> parameters(Graph graph, GraphNode frame) {
        List<GraphNode> parameters = new ArrayList<>();
        for (String member : Note.members(frame)) {
            GraphNode node = graph.node(member);
            NodeType type = NodeTypes.of(node);
            if (type.isLeaf() && type.attrs().stream().anyMatch(attr -> attr.name().equals("requires_grad"))
                    && graph.wiresFrom(member).stream().noneMatch(wire -> isBuffer(graph, wire))) {
                parameters.add(node);
            }
        }
        return parameters;
    }

    private static boolean isBuffer(Graph graph, Wire wire) {
        NodeType type = NodeTypes.of(graph.node(wire.to().node()));
        return !type.variadic() && BUFFERS.contains(type.inputs().get(wire.to().index()));
    }

    /** Whether none of a frame's parameters is trained. */
    public static boolean isFrozen(Graph graph, GraphNode frame) {
        List<GraphNode> parameters = parameters(graph, frame);
        return !parameters.isEmpty()
                && parameters.stream().noneMatch(node -> node.attrs().flag("requires_grad"));
    }

    /** Freezes a frame's parameters, {@code requires_grad_(False)}, or has them trained again. */
    public static Change freeze(Graph graph, GraphNode frame, boolean frozen) {
        return Edits.update(graph, parameters(graph, frame).stream()
                .map(node -> node.with(frozen ? node.attrs().without("requires_grad")
                        : node.attrs().with("requires_grad", true))).toList());
    }
}

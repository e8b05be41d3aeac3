package dev.backstep.engine.graph;

import dev.backstep.engine.graph.Reason.Code;
import dev.backstep.engine.tensor.NodeType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A document: the boxes and wires the user drew. Immutable, and valid once it exists: ids and names are unique, every
 * wire joins ports that are there, an input has one wire at most, and no wires run in a circle. It holds no tensors.
 *
 * <p>Boxes have no order but their ids', so two documents with the same contents are equal however they came about.
 */
public final class Graph {
    /** The most boxes and wires of one document; the canvas and a run stay usable below these. */
    public static final int MAX_NODES = 5_000;

    public static final int MAX_WIRES = 20_000;

    /** The most wires into a variadic input. */
    static final int MAX_VARIADIC = 64;

    static final int MAX_ID = 32;

    /** Shorter ids first, then by character: n2 before n10, and where the wires leave a choice n2 is computed first. */
    static final Comparator<String> ID_ORDER = Comparator.comparingInt(String::length).thenComparing(id -> id);

    private static final Comparator<Wire> WIRE_ORDER = Comparator.comparing((Wire wire) -> wire.to().node(), ID_ORDER)
            .thenComparingInt(wire -> wire.to().index());

    /** The document without anything. It stands below the orders because making it needs them. */
    public static final Graph EMPTY = of(List.of(), List.of(), null);

    private final List<GraphNode> nodes;
    private final List<Wire> wires;
    private final Port target;
    private final Map<String, GraphNode> byId;
    private final Map<String, Port> byName;
    private final Map<String, GraphNode> frames;
    private final Map<Port, Wire> into;
    private final Map<String, List<Wire>> incoming;
    private final Map<String, List<Wire>> outgoing;
    private final List<GraphNode> order;

    private Graph(Collection<GraphNode> nodes, Collection<Wire> wires, Port target) {
        if (nodes.size() > MAX_NODES) {
            throw new GraphException("nodes", Code.TOO_MANY, MAX_NODES, "nodes");
        }
        if (wires.size() > MAX_WIRES) {
            throw new GraphException("wires", Code.TOO_MANY, MAX_WIRES, "wires");
        }
        this.byId = byId(nodes);
        this.byName = byName(nodes);
        this.frames = new HashMap<>();
        this.into = new HashMap<>();
        this.incoming = new HashMap<>();
        this.outgoing = new HashMap<>();
        frameMembers(nodes);
        int position = 0;
        for (Wire wire : wires) {
            String path = "wires[" + position++ + "]";
            checkOutput(wire.from(), path + ".from");
            checkInput(wire.to(), path + ".to");
            if (into.put(wire.to(), wire) != null) {
                throw new GraphException(path + ".to", Code.INPUT_TAKEN, label(wire.to().node()), wire.to().index());
            }
        }
        if (target != null) {
            checkOutput(target, "target");
        }
        this.target = target;
        List<GraphNode> sortedNodes = new ArrayList<>(nodes);
        sortedNodes.sort(Comparator.comparing(GraphNode::id, ID_ORDER));
        this.nodes = List.copyOf(sortedNodes);
        List<Wire> sortedWires = new ArrayList<>(wires);
        sortedWires.sort(WIRE_ORDER);
        this.wires = List.copyOf(sortedWires);
        for (Wire wire : this.wires) {
            incoming.computeIfAbsent(wire.to().node(), id -> new ArrayList<>()).add(wire);
            outgoing.computeIfAbsent(wire.from().node(), id -> new ArrayList<>()).add(wire);
        }
        this.order = new TopologicalOrder(this).sorted();
    }

    /** Another document with some boxes in place of those of the same ids, whose names and ports they have. */
    private Graph(Graph before, Map<String, GraphNode> replaced) {
        byId = new HashMap<>(before.byId);
        byId.putAll(replaced);
        byName = before.byName;
        wires = before.wires;
        target = before.target;
        into = before.into;
        incoming = before.incoming;
        outgoing = before.outgoing;
        nodes = before.nodes.stream().map(node -> byId.get(node.id())).toList();
        order = before.order.stream().map(node -> byId.get(node.id())).toList();
        frames = new HashMap<>(before.frames);
        frames.replaceAll((member, frame) -> byId.get(frame.id()));
    }

    /**
     * A document of these boxes and wires.
     *
     * @param target the output that backward starts from, or null for none chosen
     * @throws GraphException naming the faulty part by its place in the given order: nodes[i], wires[i]
     */
    public static Graph of(Collection<GraphNode> nodes, Collection<Wire> wires, Port target) {
        return new Graph(nodes, wires, target);
    }

    private static Map<String, GraphNode> byId(Collection<GraphNode> nodes) {
        Map<String, GraphNode> map = new HashMap<>();
        int position = 0;
        for (GraphNode node : nodes) {
            String path = "nodes[" + position++ + "]";
            if (!isId(node.id())) {
                throw new GraphException(path + ".id", Code.BAD_ID, node.id());
            }
            if (map.put(node.id(), node) != null) {
                throw new GraphException(path + ".id", Code.DUPLICATE_ID, node.id());
            }
            if (NodeTypes.find(node.type()) == null) {
                throw new GraphException(path + ".type", Code.UNKNOWN_TYPE, node.type());
            }
        }
        return map;
    }

    private static Map<String, Port> byName(Collection<GraphNode> nodes) {
        Map<String, Port> map = new LinkedHashMap<>();
        int position = 0;
        for (GraphNode node : nodes) {
            String path = "nodes[" + position++ + "].label";
            if (!Labels.isLabel(node.label())) {
                throw new GraphException(path, Code.BAD_LABEL, Labels.MAX_LENGTH);
            }
            List<String> names = Labels.names(node.label(), NodeTypes.of(node));
            for (int i = 0; i < names.size(); i++) {
                if (map.put(names.get(i), new Port(node.id(), i)) != null) {
                    throw new GraphException(path, Code.DUPLICATE_LABEL, names.get(i));
                }
            }
        }
        return map;
    }

    /** Frames hold boxes that are there, each in one frame at most, and no frames. */
    private void frameMembers(Collection<GraphNode> all) {
        int position = 0;
        for (GraphNode node : all) {
            String path = "nodes[" + position++ + "].attrs.members";
            for (String id : node.type().equals(Note.FRAME.type()) ? Note.members(node) : List.<String>of()) {
                GraphNode member = byId.get(id);
                if (member == null) {
                    throw new GraphException(path, Code.UNKNOWN_NODE, id);
                }
                if (member.type().equals(node.type())) {
                    throw new GraphException(path, Code.FRAME_IN_FRAME, member.label());
                }
                if (frames.put(id, node) != null) {
                    throw new GraphException(path, Code.IN_TWO_FRAMES, member.label());
                }
            }
        }
    }

    private static boolean isId(String id) {
        boolean fits = !id.isEmpty() && id.length() <= MAX_ID;
        for (int i = 0; fits && i < id.length(); i++) {
            char c = id.charAt(i);
            fits = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-';
        }
        return fits;
    }

    private void checkOutput(Port port, String path) {
        GraphNode node = existing(port, path);
        int count = NodeTypes.of(node).outputs().size();
        if (port.index() < 0 || port.index() >= count) {
            throw new GraphException(path, Code.NO_SUCH_OUTPUT, node.label(), port.index(), count);
        }
    }

    private void checkInput(Port port, String path) {
        GraphNode node = existing(port, path);
        int count = inputLimit(NodeTypes.of(node));
        if (port.index() < 0 || port.index() >= count) {
            throw new GraphException(path, Code.NO_SUCH_INPUT, node.label(), port.index(), count);
        }
    }

    /** How many inputs a box of that type may have connected. */
    static int inputLimit(NodeType type) {
        return type.variadic() ? MAX_VARIADIC : type.inputs().size();
    }

    private GraphNode existing(Port port, String path) {
        GraphNode node = byId.get(port.node());
        if (node == null) {
            throw new GraphException(path, Code.UNKNOWN_NODE, port.node());
        }
        return node;
    }

    /** All boxes, by id. */
    public List<GraphNode> nodes() {
        return nodes;
    }

    /** All wires, by the input they lead to. */
    public List<Wire> wires() {
        return wires;
    }

    /** The output that backward starts from, or null where none was chosen. */
    public Port target() {
        return target;
    }

    /** The output backward starts from: the chosen one, else the last op's that feeds no other; null where is none. */
    public Port targetOrLast() {
        if (target != null) {
            return target;
        }
        for (GraphNode node : order.reversed()) {
            NodeType type = NodeTypes.of(node);
            if (wiresFrom(node.id()).isEmpty() && !type.isLeaf() && !type.outputs().isEmpty()) {
                return new Port(node.id(), 0);
            }
        }
        return null;
    }

    /** The box with that id, or null. */
    public GraphNode node(String id) {
        return byId.get(id);
    }

    /** The box's label. */
    String label(String id) {
        return byId.get(id).label();
    }

    /** The name of a tensor: its box's label, and where a box has several outputs a dot and the output's name. */
    public String name(Port output) {
        GraphNode node = byId.get(output.node());
        return Labels.names(node.label(), NodeTypes.of(node)).get(output.index());
    }

    /** The output of that name, or null. */
    public Port named(String name) {
        return byName.get(name);
    }

    /**
     * The output of that name.
     *
     * @param path names in the message who asks
     * @throws GraphException where there is none
     */
    public Port named(String name, String path) {
        Port port = named(name);
        if (port == null) {
            throw new GraphException(path, Code.UNKNOWN_NAME, JsonFields.shown(name));
        }
        return port;
    }

    /** The frame that a box stands in, or null. */
    public GraphNode frameOf(String id) {
        return frames.get(id);
    }

    /** Whether a box runs under {@code no_grad}, its frame saying so. */
    public boolean isUnderNoGrad(String id) {
        return frames.containsKey(id) && frames.get(id).attrs().flag("no_grad");
    }

    /** The wire into an input, or null. */
    public Wire wireInto(Port input) {
        return into.get(input);
    }

    /** The wires into a box, by input. */
    public List<Wire> wiresInto(String id) {
        return incoming.getOrDefault(id, List.of());
    }

    /** The wires from any output of a box, by the input they lead to. */
    public List<Wire> wiresFrom(String id) {
        return outgoing.getOrDefault(id, List.of());
    }

    /** The boxes in an order in which each comes after all that feed it; the same for equal documents. */
    public List<GraphNode> order() {
        return order;
    }

    /** Whether wires lead from one box to another, or the two are the same. */
    public boolean reaches(String from, String to) {
        Set<String> seen = new HashSet<>();
        ArrayDeque<String> open = new ArrayDeque<>();
        open.add(from);
        while (!open.isEmpty()) {
            String id = open.remove();
            if (id.equals(to)) {
                return true;
            }
            if (seen.add(id)) {
                for (Wire wire : wiresFrom(id)) {
                    open.add(wire.to().node());
                }
            }
        }
        return false;
    }

    /**
     * This document after an edit; undo is the edit's inverse.
     *
     * @throws GraphException where the result would be no valid document
     * @throws IllegalArgumentException where the edit was made for another document
     */
    public Graph with(Change change) {
        Map<String, GraphNode> replaced = replaced(change);
        if (replaced != null) {
            return replaced.isEmpty() ? this : new Graph(this, replaced);
        }
        Map<String, GraphNode> newNodes = new LinkedHashMap<>();
        nodes.forEach(node -> newNodes.put(node.id(), node));
        for (GraphNode node : change.removed()) {
            requireThere(newNodes.remove(node.id()), node);
        }
        for (Change.Update update : change.updated()) {
            requireThere(newNodes.put(update.after().id(), update.after()), update.before());
        }
        for (GraphNode node : change.added()) {
            requireThere(newNodes.put(node.id(), node), null);
        }
        Set<Wire> newWires = new LinkedHashSet<>(wires);
        for (Wire wire : change.disconnected()) {
            requireThere(newWires.remove(wire) ? wire : null, wire);
        }
        newWires.addAll(change.connected());
        requireThere(target, change.targetBefore());
        return of(newNodes.values(), newWires, change.targetAfter());
    }

    /** The new boxes of an edit that only moves boxes or types other values into them; null for other edits. */
    private Map<String, GraphNode> replaced(Change change) {
        boolean more = !change.added().isEmpty() || !change.removed().isEmpty() || !change.connected().isEmpty()
                || !change.disconnected().isEmpty() || !Objects.equals(change.targetAfter(), target);
        if (more) {
            return null;
        }
        requireThere(target, change.targetBefore());
        Map<String, GraphNode> replaced = new HashMap<>();
        for (Change.Update update : change.updated()) {
            if (!hasSamePorts(update.before(), update.after())) {
                return null;
            }
            String id = update.after().id();
            requireThere(replaced.getOrDefault(id, byId.get(id)), update.before());
            replaced.put(id, update.after());
        }
        return replaced;
    }

    /** Whether two boxes surely have the same id, name and ports; a frame then also has the same members. */
    static boolean hasSamePorts(GraphNode a, GraphNode b) {
        return a.id().equals(b.id()) && a.type().equals(b.type()) && a.label().equals(b.label())
                && (a.type().equals(Leaf.TYPE.type()) || a.attrs().equals(b.attrs()));
    }

    private static void requireThere(Object there, Object expected) {
        if (!Objects.equals(there, expected)) {
            throw new IllegalArgumentException("the edit was made for another document: it expects " + expected
                    + " where " + there + " is");
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Graph graph
                && nodes.equals(graph.nodes)
                && wires.equals(graph.wires)
                && Objects.equals(target, graph.target);
    }

    @Override
    public int hashCode() {
        return Objects.hash(nodes, wires, target);
    }

    @Override
    public String toString() {
        return GraphJson.write(this);
    }
}

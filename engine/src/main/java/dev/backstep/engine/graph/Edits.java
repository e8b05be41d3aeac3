package dev.backstep.engine.graph;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.tensor.NodeType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The edits users make, each as a {@link Change} for {@link Graph#with}. */
public final class Edits {
    private Edits() {}

    /**
     * Adds a box, whose id is {@code added().getFirst().id()}.
     *
     * @param label what it should be called, made unique with a number; null for what such boxes are called
     */
    public static Change add(Graph graph, NodeType type, String label, Attrs attrs, double x, double y) {
        String id = new Ids(graph).next();
        String unique = labels(graph).take(label, type.with(attrs));
        return change(graph, List.of(new GraphNode(id, type.type(), unique, seeded(graph, type, attrs), x, y)),
                List.of(), List.of());
    }

    /** A random leaf without a seed gets one that no other has, so that two of them are not the same numbers. */
    private static Attrs seeded(Graph graph, NodeType type, Attrs attrs) {
        if (!(type instanceof CreatedLeaf leaf && leaf.isRandom()) || attrs.has(CreatedLeaf.SEED)) {
            return attrs;
        }
        Set<Long> taken = new HashSet<>();
        for (GraphNode node : graph.nodes()) {
            if (NodeTypes.of(node) instanceof CreatedLeaf other && other.isRandom()) {
                taken.add(NodeTypes.attrs(node).integer(CreatedLeaf.SEED));
            }
        }
        long seed = 0;
        while (taken.contains(seed)) {
            seed++;
        }
        return seed == 0 ? attrs : attrs.with(CreatedLeaf.SEED, seed);
    }

    /** Joins two ports; the wire that led into the input before gives way. */
    public static Change connect(Graph graph, Port from, Port to) {
        Wire old = graph.wireInto(to);
        Wire wire = new Wire(from, to);
        if (wire.equals(old)) {
            return change(graph, List.of(), List.of(), List.of());
        }
        return change(graph, List.of(), List.of(wire), old == null ? List.of() : List.of(old));
    }

    public static Change disconnect(Graph graph, Collection<Wire> wires) {
        return change(graph, List.of(), List.of(), List.copyOf(wires));
    }

    /** Removes boxes with the wires at them; a target among them is a target no more. */
    public static Change remove(Graph graph, Collection<String> ids) {
        Set<String> gone = new HashSet<>(ids);
        List<GraphNode> removed = new ArrayList<>();
        for (GraphNode node : graph.nodes()) {
            if (gone.contains(node.id())) {
                removed.add(node);
            }
        }
        List<Wire> cut = new ArrayList<>();
        for (Wire wire : graph.wires()) {
            if (gone.contains(wire.from().node()) || gone.contains(wire.to().node())) {
                cut.add(wire);
            }
        }
        Port target = graph.target();
        Port left = target != null && gone.contains(target.node()) ? null : target;
        List<Change.Update> frames = new ArrayList<>();
        for (GraphNode frame : graph.nodes()) {
            if (isFrame(frame) && !gone.contains(frame.id())) {
                List<String> members = new ArrayList<>(Note.members(frame));
                if (members.removeAll(gone)) {
                    frames.add(new Change.Update(frame, frame.with(frame.attrs().with("members", members))));
                }
            }
        }
        return new Change(List.of(), frames, removed, List.of(), cut, target, left);
    }

    private static boolean isFrame(GraphNode node) {
        return node.type().equals(Note.FRAME.type());
    }

    /**
     * Puts boxes into a frame, out of those they stood in; an id of a frame among them is passed over.
     *
     * @param frame the frame's id, or null to leave them in none
     */
    public static Change enframe(Graph graph, String frame, Collection<String> ids) {
        Set<String> moved = new LinkedHashSet<>(ids);
        moved.removeIf(id -> isFrame(graph.node(id)));
        List<Change.Update> updates = new ArrayList<>();
        for (GraphNode node : graph.nodes()) {
            if (!isFrame(node)) {
                continue;
            }
            List<String> members = new ArrayList<>(Note.members(node));
            if (node.id().equals(frame)) {
                Set<String> all = new LinkedHashSet<>(members);
                all.addAll(moved);
                members = new ArrayList<>(all);
            } else {
                members.removeAll(moved);
            }
            if (!members.equals(Note.members(node))) {
                updates.add(new Change.Update(node, node.with(node.attrs().with("members", members))));
            }
        }
        return new Change(List.of(), updates, List.of(), List.of(), List.of(), graph.target(), graph.target());
    }

    /**
     * Replaces boxes by others with the same ids: moves, other labels, other attributes. A label that another tensor
     * has is made unique, and wires at ports that are no more are cut.
     */
    public static Change update(Graph graph, Collection<GraphNode> after) {
        boolean samePorts = true;
        for (GraphNode node : after) {
            samePorts &= Graph.hasSamePorts(graph.node(node.id()), node);
        }
        // Most updates are moves, many a second, for which looking at all labels and wires would take too long.
        List<Change.Update> updates = updates(graph, after, samePorts ? null : labels(graph));
        return new Change(List.of(), updates, List.of(), List.of(), samePorts ? List.of() : loose(graph, updates),
                graph.target(), !samePorts && isLoose(graph.target(), updates, true) ? null : graph.target());
    }

    /** @param labels all that there are, to make new ones unique; null for no new ones */
    private static List<Change.Update> updates(Graph graph, Collection<GraphNode> after, Labels labels) {
        if (labels != null) {
            after.forEach(node -> labels.remove(graph.node(node.id())));
        }
        List<Change.Update> updates = new ArrayList<>();
        for (GraphNode node : after) {
            GraphNode before = graph.node(node.id());
            GraphNode unique = labels == null ? node
                    : node.labelled(labels.take(node.label(), NodeTypes.of(node)));
            if (!before.equals(unique)) {
                updates.add(new Change.Update(before, unique));
            }
        }
        return updates;
    }

    /** The wires at ports that boxes no longer have after an update. */
    private static List<Wire> loose(Graph graph, List<Change.Update> updates) {
        List<Wire> loose = new ArrayList<>();
        for (Change.Update update : updates) {
            for (Wire wire : graph.wiresInto(update.after().id())) {
                if (isLoose(wire.to(), updates, false)) {
                    loose.add(wire);
                }
            }
            for (Wire wire : graph.wiresFrom(update.after().id())) {
                if (isLoose(wire.from(), updates, true) && !loose.contains(wire)) {
                    loose.add(wire);
                }
            }
        }
        return loose;
    }

    private static boolean isLoose(Port port, List<Change.Update> updates, boolean output) {
        for (Change.Update update : updates) {
            if (port != null && port.node().equals(update.after().id())) {
                NodeType type = NodeTypes.of(update.after());
                return port.index() >= (output ? type.outputs().size() : Graph.inputLimit(type));
            }
        }
        return false;
    }

    /** Chooses the output that backward starts from, or none (null). */
    public static Change target(Graph graph, Port target) {
        return new Change(List.of(), List.of(), List.of(), List.of(), List.of(), graph.target(), target);
    }

    /** Adds a copy of another document's boxes and the wires between them, with new ids and unique labels. */
    public static Change insert(Graph graph, Graph part, double dx, double dy) {
        Ids ids = new Ids(graph);
        Labels labels = labels(graph);
        Map<String, String> newIds = new HashMap<>();
        List<GraphNode> added = new ArrayList<>();
        for (GraphNode node : part.nodes()) {
            String id = ids.next();
            newIds.put(node.id(), id);
            String label = labels.take(node.label(), NodeTypes.of(node));
            added.add(new GraphNode(id, node.type(), label, node.attrs(), node.x() + dx, node.y() + dy));
        }
        added.replaceAll(node -> !isFrame(node) ? node : node.with(node.attrs().with("members",
                Note.members(node).stream().map(newIds::get).toList())));
        List<Wire> connected = new ArrayList<>();
        for (Wire wire : part.wires()) {
            connected.add(new Wire(
                    new Port(newIds.get(wire.from().node()), wire.from().index()),
                    new Port(newIds.get(wire.to().node()), wire.to().index())));
        }
        return change(graph, added, connected, List.of());
    }

    /** Some boxes of a document and the wires between them, as a document of their own: what copying takes along. */
    public static Graph part(Graph graph, Collection<String> ids) {
        Set<String> others = new HashSet<>();
        graph.nodes().forEach(node -> others.add(node.id()));
        others.removeAll(Set.copyOf(ids));
        return graph.with(remove(graph, others));
    }

    private static Change change(Graph graph, List<GraphNode> added, List<Wire> connected, List<Wire> disconnected) {
        return new Change(added, List.of(), List.of(), connected, disconnected, graph.target(), graph.target());
    }

    private static Labels labels(Graph graph) {
        Labels labels = new Labels();
        graph.nodes().forEach(labels::add);
        return labels;
    }

    /** New ids: n1, n2 ..., each after all there are, so that a later box comes later in the order. */
    private static final class Ids {
        private int last;

        Ids(Graph graph) {
            for (GraphNode node : graph.nodes()) {
                last = Math.max(last, number(node.id()));
            }
        }

        String next() {
            return "n" + ++last;
        }

        private static int number(String id) {
            boolean ours = id.charAt(0) == 'n' && id.length() > 1 && id.length() < 9;
            int number = 0;
            for (int i = 1; ours && i < id.length(); i++) {
                char c = id.charAt(i);
                ours = c >= '0' && c <= '9';
                number = 10 * number + (c - '0');
            }
            return ours ? number : 0;
        }
    }
}

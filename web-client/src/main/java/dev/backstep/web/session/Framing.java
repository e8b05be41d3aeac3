package dev.backstep.web.session;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.graph.Change;
import dev.backstep.engine.graph.Edits;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.LayerFrame;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.engine.graph.Note;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.graph.Wire;
import dev.backstep.engine.tensor.NodeType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Edits of frames, and what of a frame can be told from the document. */
public final class Framing {
    private Framing() {}

    /** The ports of a frame's members that wires reach from outside, or leave through, in the graph's order. */
    public record Border(List<Port> inputs, List<Port> outputs) {}

    public static boolean isFrame(GraphNode node) {
        return node.type().equals(Note.FRAME.type());
    }

    public static boolean isComment(GraphNode node) {
        return node.type().equals(Note.COMMENT.type());
    }

    /** Whether a box computes nothing: a frame or a comment. */
    public static boolean isNote(GraphNode node) {
        return isFrame(node) || isComment(node);
    }

    public static boolean isCollapsed(GraphNode frame) {
        return frame.attrs().flag("collapsed");
    }

    /** The collapsed frame that hides a box, or null. */
    public static GraphNode hiding(Graph graph, String id) {
        GraphNode frame = graph.frameOf(id);
        return frame != null && isCollapsed(frame) ? frame : null;
    }

    /** Boxes, and with the frames among them their members. */
    public static List<String> withMembers(Graph graph, Collection<String> ids) {
        Set<String> all = new LinkedHashSet<>(ids);
        for (String id : ids) {
            GraphNode node = graph.node(id);
            if (isFrame(node)) {
                all.addAll(Note.members(node));
            }
        }
        return List.copyOf(all);
    }

    /** Boxes, and with the collapsed frames among them their members: what one sees as one thing goes as one. */
    public static List<String> withHidden(Graph graph, Collection<String> ids) {
        Set<String> all = new LinkedHashSet<>(ids);
        for (String id : ids) {
            GraphNode node = graph.node(id);
            if (isFrame(node) && isCollapsed(node)) {
                all.addAll(Note.members(node));
            }
        }
        return List.copyOf(all);
    }

    /** Puts a new frame, {@code added().getFirst()}, around boxes; frames that lose all their members to it go. */
    public static Change wrap(Graph graph, Collection<String> ids, double x, double y) {
        Change add = Edits.add(graph, Note.FRAME, null, Attrs.NONE, x, y);
        String frame = add.added().getFirst().id();
        Graph after = graph.with(add);
        after = after.with(Edits.enframe(after, frame, withMembers(graph, ids)));
        List<String> empty = new ArrayList<>();
        for (GraphNode node : graph.nodes()) {
            if (isFrame(node) && !Note.members(node).isEmpty() && Note.members(after.node(node.id())).isEmpty()) {
                empty.add(node.id());
            }
        }
        return Change.between(graph, after.with(Edits.remove(after, empty)));
    }

    /** Takes the frames among boxes away and leaves what was in them. */
    public static Change unwrap(Graph graph, Collection<String> ids) {
        return Edits.remove(graph, ids.stream().filter(id -> isFrame(graph.node(id))).toList());
    }

    public static Change update(Graph graph, String id, String attribute, Object value) {
        GraphNode node = graph.node(id);
        return Edits.update(graph, List.of(node.with(node.attrs().with(attribute, value))));
    }

    /**
     * Collapses a frame or opens it. A layer is used as one box, so what stands right of it or under it makes way for
     * its parts, and comes back by as much when it is collapsed.
     */
    public static Change collapse(Graph graph, String id, boolean collapsed) {
        GraphNode frame = graph.node(id);
        List<String> members = Note.members(frame);
        List<GraphNode> after = new ArrayList<>();
        after.add(frame.with(frame.attrs().with("collapsed", collapsed)));
        if (LayerFrame.is(frame) && !members.isEmpty() && collapsed != isCollapsed(frame)) {
            Room room = Room.of(graph, members);
            for (GraphNode node : graph.nodes()) {
                if (node != frame && !members.contains(node.id())) {
                    after.addAll(room.moved(graph, node, collapsed));
                }
            }
        }
        return Edits.update(graph, after);
    }

    /** What the parts of a layer take beyond one box: from their upper left corner so far to the right and down. */
    private record Room(double x, double y, double right, double down) {
        /** About what a box takes; half of it is enough to be called beside it. */
        private static final double WIDTH = 176;
        private static final double HEIGHT = 110;

        static Room of(Graph graph, List<String> members) {
            double left = Double.MAX_VALUE;
            double top = Double.MAX_VALUE;
            double right = -Double.MAX_VALUE;
            double down = -Double.MAX_VALUE;
            for (String member : members) {
                GraphNode node = graph.node(member);
                left = Math.min(left, node.x());
                top = Math.min(top, node.y());
                right = Math.max(right, node.x());
                down = Math.max(down, node.y());
            }
            return new Room(left, top, right - left, down - top);
        }

        /** A box where it stands when there is less room or more, if it stands elsewhere then. */
        List<GraphNode> moved(Graph graph, GraphNode node, boolean less) {
            // Boxes in another layer go together, by where that one begins.
            GraphNode frame = graph.frameOf(node.id());
            Room place = frame == null || !LayerFrame.is(frame) ? new Room(node.x(), node.y(), 0, 0)
                    : of(graph, Note.members(frame));
            double dx = less ? -right : right;
            double dy = less ? -down : down;
            double besides = x + WIDTH / 2 + (less ? right : 0);
            double under = y + HEIGHT / 2 + (less ? down : 0);
            if (place.x >= besides) {
                return List.of(node.at(node.x() + dx, node.y()));
            }
            if (place.y >= under && place.x + WIDTH > x) {
                return List.of(node.at(node.x(), node.y() + dy));
            }
            return List.of();
        }
    }

    /** What of a layer's part waits to be wired. */
    private static void open(Graph graph, GraphNode part, Set<Port> inputs, Set<Port> outputs) {
        NodeType type = NodeTypes.of(part);
        for (int i = 0; i < type.required() && !type.variadic(); i++) {
            if (graph.wireInto(new Port(part.id(), i)) == null) {
                inputs.add(new Port(part.id(), i));
            }
        }
        if (!type.isLeaf() && graph.wiresFrom(part.id()).isEmpty()) {
            for (int i = 0; i < type.outputs().size(); i++) {
                outputs.add(new Port(part.id(), i));
            }
        }
    }

    /**
     * Where wires cross a frame's border: what it has as ports once it is collapsed. A layer also has those that wait
     * to be wired, since one uses it as one box.
     */
    public static Border border(Graph graph, GraphNode frame) {
        Set<String> members = new LinkedHashSet<>(Note.members(frame));
        Set<Port> inputs = new LinkedHashSet<>();
        Set<Port> outputs = new LinkedHashSet<>();
        for (GraphNode node : graph.order()) {
            if (!members.contains(node.id())) {
                continue;
            }
            if (LayerFrame.is(frame)) {
                open(graph, node, inputs, outputs);
            }
            for (Wire wire : graph.wiresInto(node.id())) {
                if (!members.contains(wire.from().node())) {
                    inputs.add(wire.to());
                }
            }
            for (Wire wire : graph.wiresFrom(node.id())) {
                if (!members.contains(wire.to().node())) {
                    outputs.add(wire.from());
                }
            }
        }
        return new Border(List.copyOf(inputs), List.copyOf(outputs));
    }
}

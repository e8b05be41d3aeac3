package dev.backstep.engine.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * An edit of a document as a value: {@link Graph#with} applies it, and its {@link #inverse} takes it back. It names
 * what was there before as well as what is there after, so that it fits no other document.
 *
 * @param targetBefore the output that backward started from, or null for none
 * @param targetAfter the one it starts from after the edit, or null
 */
public record Change(
        List<GraphNode> added,
        List<Update> updated,
        List<GraphNode> removed,
        List<Wire> connected,
        List<Wire> disconnected,
        Port targetBefore,
        Port targetAfter) {

    /** A box that stays, with other contents. */
    public record Update(GraphNode before, GraphNode after) {
        Update inverse() {
            return new Update(after, before);
        }
    }

    public Change {
        added = List.copyOf(added);
        updated = List.copyOf(updated);
        removed = List.copyOf(removed);
        connected = List.copyOf(connected);
        disconnected = List.copyOf(disconnected);
    }

    /** The edit that turns one document into another; several edits made one after another become one this way. */
    public static Change between(Graph before, Graph after) {
        List<GraphNode> added = new ArrayList<>();
        List<Update> updated = new ArrayList<>();
        List<GraphNode> removed = new ArrayList<>();
        List<Wire> connected = new ArrayList<>();
        List<Wire> disconnected = new ArrayList<>();
        for (GraphNode node : before.nodes()) {
            GraphNode other = after.node(node.id());
            if (other == null) {
                removed.add(node);
            } else if (other != node && !other.equals(node)) {
                updated.add(new Update(node, other));
            }
        }
        for (GraphNode node : after.nodes()) {
            if (before.node(node.id()) == null) {
                added.add(node);
            }
        }
        if (before.wires() != after.wires()) {
            missing(before, after, disconnected);
            missing(after, before, connected);
        }
        return new Change(added, updated, removed, connected, disconnected, before.target(), after.target());
    }

    /** The wires of one document that another has not. */
    private static void missing(Graph graph, Graph other, List<Wire> missing) {
        for (Wire wire : graph.wires()) {
            if (!wire.equals(other.wireInto(wire.to()))) {
                missing.add(wire);
            }
        }
    }

    /** The edit that takes this one back. */
    public Change inverse() {
        return new Change(
                removed,
                updated.stream().map(Update::inverse).toList(),
                added,
                disconnected,
                connected,
                targetAfter,
                targetBefore);
    }

    public boolean isEmpty() {
        return added.isEmpty()
                && updated.isEmpty()
                && removed.isEmpty()
                && connected.isEmpty()
                && disconnected.isEmpty()
                && Objects.equals(targetBefore, targetAfter);
    }
}

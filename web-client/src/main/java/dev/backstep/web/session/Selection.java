package dev.backstep.web.session;

import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.graph.Wire;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What is selected: some nodes, or one wire, or nothing. */
public final class Selection {
    public final Signal changed = new Signal();

    private final Set<String> nodes = new LinkedHashSet<>();
    private Port wireEnd;

    /** The selected nodes' ids, in the order they were chosen. */
    public List<String> nodes() {
        return List.copyOf(nodes);
    }

    public boolean contains(String node) {
        return nodes.contains(node);
    }

    /** The one selected node's id, or null where none or several are selected. */
    public String single() {
        return nodes.size() == 1 ? nodes.iterator().next() : null;
    }

    /** The input that the selected wire leads to, or null. */
    public Port wireEnd() {
        return wireEnd;
    }

    public boolean isEmpty() {
        return nodes.isEmpty() && wireEnd == null;
    }

    public void clear() {
        set(Set.of());
    }

    public void set(Collection<String> ids) {
        if (wireEnd != null || !nodes.equals(Set.copyOf(ids))) {
            wireEnd = null;
            nodes.clear();
            nodes.addAll(ids);
            changed.fire();
        }
    }

    /** Takes a node in, or leaves it out. */
    public void toggle(String id) {
        wireEnd = null;
        if (!nodes.remove(id)) {
            nodes.add(id);
        }
        changed.fire();
    }

    public void setWire(Port end) {
        if (!end.equals(wireEnd)) {
            nodes.clear();
            wireEnd = end;
            changed.fire();
        }
    }

    /** Drops what a document no longer has. */
    void retain(Graph graph) {
        boolean gone = nodes.removeIf(id -> graph.node(id) == null);
        Wire wire = wireEnd == null ? null : graph.wireInto(wireEnd);
        if (wireEnd != null && wire == null) {
            wireEnd = null;
            gone = true;
        }
        if (gone) {
            changed.fire();
        }
    }
}

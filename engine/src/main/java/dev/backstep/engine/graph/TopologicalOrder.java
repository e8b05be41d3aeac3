package dev.backstep.engine.graph;

import dev.backstep.engine.graph.Reason.Code;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/** Sorts the boxes of a document so that each comes after all that feed it, or names a circle that prevents it. */
final class TopologicalOrder {
    private final Graph graph;

    TopologicalOrder(Graph graph) {
        this.graph = graph;
    }

    /** Kahn's algorithm; among the boxes that are ready the one with the first id goes first. */
    List<GraphNode> sorted() {
        Map<String, Integer> waiting = new HashMap<>();
        PriorityQueue<String> ready = new PriorityQueue<>(Graph.ID_ORDER);
        for (GraphNode node : graph.nodes()) {
            int inputs = graph.wiresInto(node.id()).size();
            if (inputs == 0) {
                ready.add(node.id());
            } else {
                waiting.put(node.id(), inputs);
            }
        }
        List<GraphNode> sorted = new ArrayList<>(graph.nodes().size());
        while (!ready.isEmpty()) {
            GraphNode node = graph.node(ready.remove());
            sorted.add(node);
            for (Wire wire : graph.wiresFrom(node.id())) {
                String next = wire.to().node();
                int left = waiting.get(next) - 1;
                if (left == 0) {
                    waiting.remove(next);
                    ready.add(next);
                } else {
                    waiting.put(next, left);
                }
            }
        }
        if (!waiting.isEmpty()) {
            throw new GraphException("wires", Code.CYCLE, circle(waiting.keySet()));
        }
        return List.copyOf(sorted);
    }

    /** A circle among boxes each of which waits for another of them, as text: a → b → a. */
    private String circle(Set<String> stuck) {
        String id = stuck.iterator().next();
        Set<String> seen = new HashSet<>();
        while (seen.add(id)) {
            id = stuckBefore(id, stuck);
        }
        StringBuilder text = new StringBuilder(graph.label(id));
        String at = stuckBefore(id, stuck);
        for (int i = 0; !at.equals(id) && i < 8; i++) {
            text.insert(0, graph.label(at) + " → ");
            at = stuckBefore(at, stuck);
        }
        return text.insert(0, (at.equals(id) ? graph.label(id) : "…") + " → ").toString();
    }

    private String stuckBefore(String id, Set<String> stuck) {
        for (Wire wire : graph.wiresInto(id)) {
            if (stuck.contains(wire.from().node())) {
                return wire.from().node();
            }
        }
        throw new IllegalStateException("box " + id + " waits for nothing");
    }
}

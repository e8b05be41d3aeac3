package dev.backstep.engine.suite.fuzz;

import dev.backstep.engine.tensor.Edge;
import dev.backstep.engine.tensor.Node;
import dev.backstep.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Graphs as text: each node once by name, then by number; an input without gradient is a dash. */
public final class GraphText {
    private GraphText() {
    }

    public static String of(Tensor tensor) {
        return of(tensor, new HashMap<>());
    }

    /** @param seen the number of each node that was written before */
    static String of(Tensor tensor, Map<Node, Integer> seen) {
        return tensor.gradFn() == null ? "leaf" : of(tensor.gradFn(), tensor.outputNr(), seen);
    }

    private static String of(Node node, int nr, Map<Node, Integer> seen) {
        String output = nr == 0 ? "" : "." + nr;
        if (seen.containsKey(node)) {
            return "#" + seen.get(node) + output;
        }
        seen.put(node, seen.size());
        List<String> inputs = new ArrayList<>();
        for (Edge edge : node.next()) {
            inputs.add(edge.node() == null ? "-" : of(edge.node(), edge.inputNr(), seen));
        }
        return node.name() + output + (inputs.isEmpty() ? "" : inputs.toString());
    }
}

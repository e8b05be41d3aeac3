package dev.backstep.web.train;

import dev.backstep.engine.graph.Change;
import dev.backstep.engine.graph.Edits;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.Leaf;
import dev.backstep.engine.graph.Nested;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Trained numbers written into the document, in place of those it began with. */
public final class Weights {
    /** The most numbers that a document is given so: it stays small enough for a file and the browser's store. */
    public static final int MAX_NUMBERS = 20_000;

    private Weights() {}

    /** How many numbers these are together. */
    public static long count(Map<String, Tensor> leaves) {
        return leaves.values().stream().mapToLong(Tensor::numel).sum();
    }

    /** The edit that makes leaves hold those numbers, by box; what was drawn from a seed is typed in from then on. */
    public static Change write(Graph graph, Map<String, Tensor> leaves) {
        List<GraphNode> after = new ArrayList<>();
        leaves.forEach((id, tensor) -> {
            GraphNode node = graph.node(id);
            if (node != null && NodeTypes.of(node).isLeaf()) {
                after.add(new GraphNode(id, Leaf.TYPE.type(), node.label(),
                        Leaf.attrs(Nested.of(tensor), tensor.dtype(), Leaf.requiresGrad(node.attrs())), node.x(),
                        node.y()));
            }
        });
        return Edits.update(graph, after);
    }
}

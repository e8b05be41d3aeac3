package dev.backstep.web.train;

import dev.backstep.engine.data.DataException;
import dev.backstep.engine.data.Source;
import dev.backstep.engine.graph.DataBox;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.Inference;
import dev.backstep.engine.graph.Leaf;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.tensor.Meta;
import dev.backstep.engine.train.Estimate;
import java.nio.charset.StandardCharsets;

/**
 * What a server is sent that is to train a document: the document, and nothing else.
 *
 * @param boxes how many it has, comments and frames too
 * @param parameters how many numbers it learns
 * @param rows of tables that it brings itself
 * @param bytes of all that is sent
 * @param memory about how many bytes the run needs for its tensors, wherever it goes on
 */
public record Parcel(int boxes, long parameters, int rows, int bytes, long memory) {
    public static Parcel of(Graph graph) {
        Inference inference = Inference.of(graph);
        long parameters = 0;
        int rows = 0;
        for (GraphNode node : graph.nodes()) {
            if (node.type().equals(DataBox.TYPE.type())) {
                rows += rows(node);
            } else if (NodeTypes.of(node).isLeaf() && Leaf.requiresGrad(node.attrs())) {
                Meta meta = inference.at(new Port(node.id(), 0));
                parameters += meta == null ? 0 : numbers(meta.shape());
            }
        }
        return new Parcel(graph.nodes().size(), parameters, rows,
                ServerRun.request(graph, null).getBytes(StandardCharsets.UTF_8).length, memory(graph));
    }

    private static long numbers(int[] shape) {
        long product = 1;
        for (int extent : shape) {
            product *= extent;
        }
        return product;
    }

    private static int rows(GraphNode node) {
        Source source = DataBox.source(NodeTypes.attrs(node));
        try {
            return source.isTable() && source.table() == null ? source.csv(NodeTypes.attrs(node)).size() : 0;
        } catch (DataException unreadable) {
            return 0;
        }
    }

    /** About how many bytes a run of a document needs for its tensors. */
    public static long memory(Graph graph) {
        return Estimate.bytes(graph);
    }
}

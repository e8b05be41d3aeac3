package dev.backstep.engine.train;

import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.Inference;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.tensor.Meta;

/** About how much memory a run needs, told from the document alone. */
public final class Estimate {
    /** A value, its gradient, and what a rule of derivatives makes on the way. */
    private static final int COPIES = 4;

    private Estimate() {}

    /**
     * In bytes: every output of every box, with its gradient, optimizer memory and temporaries.
     *
     * @throws ArithmeticException where that is more than a long holds
     */
    public static long bytes(Graph graph) {
        var inference = Inference.of(graph);
        long sum = 0;
        for (GraphNode node : graph.order()) {
            for (int i = 0; i < NodeTypes.of(node).outputs().size(); i++) {
                Meta meta = inference.at(new Port(node.id(), i));
                if (meta != null) {
                    sum = Math.addExact(sum, (long) COPIES * size(meta));
                }
            }
        }
        return sum;
    }

    private static long size(Meta meta) {
        long size = meta.dtype().bytes();
        for (int extent : meta.shape()) {
            size = Math.multiplyExact(size, (long) extent);
        }
        return size;
    }
}

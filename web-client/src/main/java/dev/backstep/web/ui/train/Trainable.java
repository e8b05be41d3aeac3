package dev.backstep.web.ui.train;

import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.Leaf;
import dev.backstep.engine.graph.LoopBox;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.engine.train.Loop;
import dev.backstep.web.ui.Text;

/** What a document lacks to be trained, as far as that is to be seen without running it. */
final class Trainable {
    private Trainable() {}

    /** What is missing, in a sentence; null where nothing is. */
    static String missing(Graph graph) {
        if (graph.nodes().isEmpty()) {
            return Text.of("train.missing.nodes");
        }
        if (graph.targetOrLast() == null) {
            return Text.of("train.missing.target");
        }
        boolean learns = false;
        for (GraphNode node : graph.nodes()) {
            learns |= NodeTypes.of(node).isLeaf() && Leaf.requiresGrad(node.attrs());
        }
        if (!learns) {
            return Text.of("train.missing.parameters");
        }
        Loop loop = Loop.of(graph);
        return loop.update().equals(LoopBox.OPTIMIZER) && loop.optimizers().isEmpty()
                ? Text.of("train.missing.optimizer") : null;
    }
}

package dev.backstep.web.session;

import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.engine.graph.OptimizerBox;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.step.SharedRun;
import dev.backstep.engine.step.Timeline;
import java.util.List;

/** What can be done next with a run, and what is missing where it cannot. */
public enum NextAction {
    FORWARD, BACKWARD, ZERO_GRAD, STEP, CLIP, UPDATE, TAKE_BACK, RESTART;

    /** Why it cannot be done now, as a message's key; null where it can. */
    public String missing(Graph graph, Player player) {
        if (graph.nodes().isEmpty()) {
            return "act.missing.nodes";
        }
        if (player.isComputing()) {
            return "act.missing.computing";
        }
        if (this == TAKE_BACK && player.isOfTraining()) {
            return "act.missing.training";
        }
        boolean adds = this != TAKE_BACK && this != RESTART;
        if (adds && player.playback() != null && player.playback().actions().size() >= SharedRun.MAX_CALLS) {
            return "act.missing.room";
        }
        return switch (this) {
            case FORWARD -> null;
            case BACKWARD -> graph.targetOrLast() == null ? "act.missing.target" : null;
            case ZERO_GRAD, CLIP, UPDATE -> hasGradient(graph, player.timeline()) ? null : "act.missing.gradient";
            case STEP -> optimizers(graph).isEmpty() ? "act.missing.optimizer" : null;
            case TAKE_BACK, RESTART -> player.playback() == null || player.playback().actions().isEmpty()
                    ? "act.missing.action" : null;
        };
    }

    /** The boxes that {@code step()} can be called on. */
    public static List<GraphNode> optimizers(Graph graph) {
        return graph.nodes().stream().filter(node -> NodeTypes.of(node) instanceof OptimizerBox).toList();
    }

    /** Actions come after all that was recorded, wherever one stands. */
    private static boolean hasGradient(Graph graph, Timeline timeline) {
        return timeline != null && graph.nodes().stream().anyMatch(node -> NodeTypes.of(node).isLeaf()
                && timeline.gradAt(new Port(node.id(), 0), timeline.size()) != null);
    }
}

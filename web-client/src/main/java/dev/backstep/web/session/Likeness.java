package dev.backstep.web.session;

import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.engine.tensor.Group;
import java.util.Iterator;
import java.util.Objects;

/** Which documents have the same run. */
public final class Likeness {
    private Likeness() {}

    /** Whether two documents compute the same under the same names. */
    public static boolean isSame(Graph a, Graph b) {
        return a == b || isSame(a, b, true);
    }

    /** Whether two documents compute the same, and only the names differ. */
    static boolean isRenamed(Graph a, Graph b) {
        return !isSame(a, b) && isSame(a, b, false);
    }

    /**
     * Whether two documents have the same run: it depends not on where the boxes lie, what notes say or how frames
     * look, and perhaps not on what the boxes are called.
     */
    private static boolean isSame(Graph a, Graph b, boolean labels) {
        if (!Objects.equals(a.target(), b.target()) || !a.wires().equals(b.wires())) {
            return false;
        }
        Iterator<GraphNode> others = b.nodes().iterator();
        GraphNode other = computing(others);
        for (GraphNode node : a.nodes()) {
            if (NodeTypes.of(node).group() == Group.NOTE) {
                continue;
            }
            boolean same = other != null && (node == other || node.id().equals(other.id())
                    && node.type().equals(other.type()) && node.attrs().equals(other.attrs())
                    && (!labels || node.label().equals(other.label())));
            if (!same || a.isUnderNoGrad(node.id()) != b.isUnderNoGrad(node.id())) {
                return false;
            }
            other = computing(others);
        }
        return other == null;
    }

    /** The next box that is no note, or null. */
    private static GraphNode computing(Iterator<GraphNode> nodes) {
        while (nodes.hasNext()) {
            GraphNode node = nodes.next();
            if (NodeTypes.of(node).group() != Group.NOTE) {
                return node;
            }
        }
        return null;
    }
}

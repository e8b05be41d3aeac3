package dev.backstep.engine.graph;

import dev.backstep.engine.tensor.NodeType;
import java.util.List;

/** The types a box of a document may have. */
public final class NodeTypes {
    private NodeTypes() {}

    /** The type of that name, or null. */
    public static NodeType find(String type) {
        return type.equals(Leaf.TYPE.type()) ? Leaf.TYPE : null;
    }

    /** The type of a box of a document. */
    public static NodeType of(GraphNode node) {
        return find(node.type());
    }

    /** All of them, the leaf first. */
    public static List<NodeType> all() {
        return List.of(Leaf.TYPE);
    }
}

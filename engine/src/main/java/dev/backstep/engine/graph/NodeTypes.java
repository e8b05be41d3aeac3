package dev.backstep.engine.graph;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.tensor.AttrSpec;
import dev.backstep.engine.tensor.NodeType;
import dev.backstep.engine.tensor.Op;
import dev.backstep.engine.tensor.Ops;
import java.util.ArrayList;
import java.util.List;

/** The types a box of a document may have: the leaf, and every op that the palette offers. */
public final class NodeTypes {
    private NodeTypes() {}

    /** The type of that name, or null. */
    public static NodeType find(String type) {
        if (type.equals(Leaf.TYPE.type())) {
            return Leaf.TYPE;
        }
        Op op = Ops.find(type);
        return op == null || op.group() == null ? null : op;
    }

    /** The type of a box of a document. */
    public static NodeType of(GraphNode node) {
        return find(node.type());
    }

    /** All of them, the leaf first. */
    public static List<NodeType> all() {
        List<NodeType> types = new ArrayList<>();
        types.add(Leaf.TYPE);
        for (Op op : Ops.all()) {
            if (op.group() != null) {
                types.add(op);
            }
        }
        return types;
    }

    /** A box's attributes, those left out being what its type says they are then. */
    static Attrs attrs(GraphNode node) {
        Attrs attrs = node.attrs();
        for (AttrSpec spec : of(node).attrs()) {
            if (spec.fallback() != null && !attrs.has(spec.name())) {
                attrs = attrs.with(spec.name(), spec.fallback());
            }
        }
        return attrs;
    }
}

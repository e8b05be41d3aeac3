package dev.backstep.engine.graph;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.tensor.AttrSpec;
import dev.backstep.engine.tensor.InPlaceOp;
import dev.backstep.engine.tensor.NodeType;
import dev.backstep.engine.tensor.Op;
import dev.backstep.engine.tensor.Ops;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The types a box of a document may have: leaves, every op that the palette offers, what acts on autograd, notes. */
public final class NodeTypes {
    /** Asks of any box that computes that its outputs keep their gradients: {@code retain_grad()}. */
    public static final String RETAIN_GRAD = "retain_grad";

    /** Says on which device a box that computes runs, forward and backward. */
    public static final String DEVICE = "device";

    /** The device that is fastest, where {@link #DEVICE} says nothing. */
    public static final String AUTO = "auto";

    private static final AttrSpec ON = new AttrSpec(DEVICE, AttrSpec.Kind.TEXT, AUTO,
            List.of(AUTO, "cpu", "simd", "webgpu"));
    private static final AttrSpec RETAIN = new AttrSpec(RETAIN_GRAD, AttrSpec.Kind.FLAG, false);

    private static final List<NodeType> ALL = new ArrayList<>();
    private static final Map<String, NodeType> BY_NAME = new HashMap<>();

    static {
        ALL.add(Leaf.TYPE);
        ALL.addAll(CreatedLeaf.all());
        ALL.add(DataBox.TYPE);
        for (Op op : Ops.all()) {
            if (op.group() != null) {
                ALL.add(op);
            }
        }
        ALL.add(GradBox.TYPE);
        ALL.add(Detach.TYPE);
        ALL.add(HookBox.TYPE);
        ALL.add(FunctionBox.TYPE);
        ALL.addAll(InPlaceOp.all());
        ALL.addAll(OptimizerBox.all());
        ALL.add(LoopBox.TYPE);
        ALL.add(Note.COMMENT);
        ALL.add(Note.FRAME);
        for (NodeType type : ALL) {
            if (BY_NAME.put(type.type(), type) != null) {
                throw new IllegalStateException("two types named " + type.type());
            }
        }
    }

    private NodeTypes() {}

    /** The type of that name, or null. */
    public static NodeType find(String type) {
        return BY_NAME.get(type);
    }

    /** The type of a box of a document, with the inputs and outputs that its attributes give it. */
    public static NodeType of(GraphNode node) {
        return find(node.type()).with(node.attrs());
    }

    /** All of them, the leaves first. */
    public static List<NodeType> all() {
        return List.copyOf(ALL);
    }

    /** The attributes a box of that type may have: its type's own, and those that every box that computes has. */
    public static List<AttrSpec> attrs(NodeType type) {
        if (type.isLeaf() || type.outputs().isEmpty()) {
            return type.attrs();
        }
        List<AttrSpec> all = new ArrayList<>(type.attrs());
        all.add(RETAIN);
        all.add(ON);
        return all;
    }

    /** A box's attributes as its type takes them, those left out being what it says they are then. */
    public static Attrs attrs(GraphNode node) {
        return complete(find(node.type()), own(node));
    }

    /** A box's attributes without those that every box may have. */
    public static Attrs own(GraphNode node) {
        Attrs attrs = node.attrs();
        attrs = attrs.has(RETAIN_GRAD) ? attrs.without(RETAIN_GRAD) : attrs;
        return attrs.has(DEVICE) ? attrs.without(DEVICE) : attrs;
    }

    /** Attributes of a type, those left out being what it says they are then. */
    public static Attrs complete(NodeType type, Attrs given) {
        Attrs attrs = given;
        for (AttrSpec spec : type.attrs()) {
            if (spec.fallback() != null && !attrs.has(spec.name())) {
                attrs = attrs.with(spec.name(), spec.fallback());
            }
        }
        return attrs;
    }
}

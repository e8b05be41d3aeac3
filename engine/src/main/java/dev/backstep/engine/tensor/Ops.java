package dev.backstep.engine.tensor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The table of all ops. */
public final class Ops {
    private static final List<Op> ALL = new ArrayList<>();
    private static final Map<String, Op> BY_TYPE = new HashMap<>();

    static {
        ALL.addAll(Pointwise.ALL);
        ALL.addAll(Softmax.ALL);
        ALL.addAll(Reductions.ALL);
        ALL.addAll(Extremes.ALL);
        ALL.addAll(Linalg.ALL);
        ALL.addAll(Movement.ALL);
        ALL.addAll(Joining.ALL);
        ALL.addAll(Indexing.ALL);
        ALL.addAll(Layers.ALL);
        ALL.addAll(Normalization.ALL);
        ALL.addAll(Convolution.ALL);
        ALL.addAll(Losses.ALL);
        for (Op op : ALL) {
            if (BY_TYPE.put(op.type(), op) != null) {
                throw new IllegalStateException("two ops named " + op.type());
            }
        }
    }

    private Ops() {
    }

    /** Every op, in the order of the palette. */
    public static List<Op> all() {
        return List.copyOf(ALL);
    }

    /** The op of that document type, or null. */
    public static Op find(String type) {
        return BY_TYPE.get(type);
    }
}

package dev.backstep.web.ui;

import dev.backstep.engine.tensor.Group;
import dev.backstep.engine.tensor.NodeType;

/** How the style sheets name the groups of ops, and the sign of each op. */
public final class Groups {
    private static final int MAX_SYMBOL = 4;

    private Groups() {}

    /** The value of data-group, which decides a node's colour. */
    public static String name(Group group) {
        return switch (group) {
            case LEAF -> "leaf";
            case DATA -> "data";
            case ARITHMETIC -> "arithmetic";
            case FUNCTION -> "function";
            case ACTIVATION -> "activation";
            case COMPARE -> "compare";
            case REDUCE -> "reduce";
            case LINALG -> "linalg";
            case SHAPE -> "shape";
            case LAYER -> "layer";
            case LOSS -> "loss";
            case AUTOGRAD -> "autograd";
            case OPTIMIZER -> "optimizer";
            case LOOP -> "loop";
            case NOTE -> "note";
            case null -> "other";
        };
    }

    /** An op's sign; where that is no shorter than its name, or long, one for all such. */
    public static String symbol(NodeType type) {
        String symbol = type.symbol();
        return symbol.length() <= MAX_SYMBOL && !symbol.equals(type.type()) ? symbol : "ƒ";
    }
}

package dev.backstep.engine.graph;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.tensor.Generator;
import dev.backstep.engine.tensor.NodeType;
import dev.backstep.engine.tensor.Tensor;

/**
 * How the layers run that know two ways, such as dropout and batch norm: each as its box says, or all as a model does
 * after {@code train()} or {@code eval()}.
 */
public final class Mode {
    /** As the boxes say. */
    public static final Mode DRAWN = new Mode(null, null);

    /** {@code eval()}. */
    public static final Mode EVAL = new Mode(false, null);

    /** The attribute by which a box says its mode itself. */
    public static final String TRAINING = "training";
    private static final String DROPOUT = "dropout";

    private final Boolean training;
    private final Generator generator;

    private Mode(Boolean training, Generator generator) {
        this.training = training;
        this.generator = generator;
    }

    /** {@code train()}, all masks drawn from that generator, one after the other. */
    public static Mode train(Generator generator) {
        return new Mode(true, generator);
    }

    /** The attributes with which a box of that type runs. */
    Attrs attrs(NodeType type, Attrs drawn) {
        return training != null && type.isModal() ? drawn.with(TRAINING, training) : drawn;
    }

    /** Whether a call draws random numbers that the call's own seed does not decide. */
    boolean draws(NodeType type) {
        return generator != null && type.type().equals(DROPOUT);
    }

    /** Calls a box that has these attributes in this mode. */
    Tensor[] apply(NodeType type, Attrs attrs, Tensor... in) {
        return draws(type) ? new Tensor[] {in[0].dropout(attrs.number("p"), true, generator)} : type.apply(attrs, in);
    }
}

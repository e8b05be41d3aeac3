package dev.backstep.engine.nn;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.tensor.Op;
import dev.backstep.engine.tensor.Ops;
import dev.backstep.engine.tensor.Tensor;

/** A module without parameters that is one op: {@code ReLU}, {@code Tanh}, {@code Softmax} ... */
public final class Activation extends Module {
    private final String name;
    private final String settings;
    private final Op op;
    private final Attrs attrs;

    private Activation(String name, String op, String settings, Attrs attrs) {
        this.name = name;
        this.settings = settings;
        this.op = Ops.find(op);
        this.attrs = attrs;
    }

    public static Activation relu() {
        return new Activation("ReLU", "relu", "", Attrs.NONE);
    }

    public static Activation leakyRelu(double slope) {
        return new Activation("LeakyReLU", "leaky_relu", "negative_slope=" + slope,
                Attrs.of("negative_slope", slope));
    }

    public static Activation tanh() {
        return new Activation("Tanh", "tanh", "", Attrs.NONE);
    }

    public static Activation sigmoid() {
        return new Activation("Sigmoid", "sigmoid", "", Attrs.NONE);
    }

    public static Activation gelu() {
        return new Activation("GELU", "gelu", "approximate='none'", Attrs.NONE);
    }

    public static Activation silu() {
        return new Activation("SiLU", "silu", "", Attrs.NONE);
    }

    public static Activation softmax(int dim) {
        return new Activation("Softmax", "softmax", "dim=" + dim, Attrs.of("dim", dim));
    }

    /** All dimensions but the first become one. */
    public static Activation flatten() {
        return new Activation("Flatten", "flatten", "start_dim=1, end_dim=-1",
                Attrs.of("start_dim", 1, "end_dim", -1));
    }

    @Override
    public Tensor forward(Tensor... inputs) {
        return op.call(attrs, inputs);
    }

    @Override
    protected String name() {
        return name;
    }

    @Override
    protected String settings() {
        return settings;
    }
}

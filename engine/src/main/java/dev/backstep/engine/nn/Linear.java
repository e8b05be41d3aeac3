package dev.backstep.engine.nn;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.tensor.Generator;
import dev.backstep.engine.tensor.Tensor;

/** {@code x Aᵀ + b}: (*, in_features) to (*, out_features). */
public final class Linear extends Module {
    private final int inFeatures;
    private final int outFeatures;
    private final Tensor weight;
    private final Tensor bias;

    /** A float32 layer with a bias. */
    public Linear(int inFeatures, int outFeatures, Generator generator) {
        this(inFeatures, outFeatures, true, DType.FLOAT32, generator);
    }

    /** Weight and bias are drawn uniform within ±1 / √in_features, the weight first. */
    public Linear(int inFeatures, int outFeatures, boolean bias, DType type, Generator generator) {
        this.inFeatures = inFeatures;
        this.outFeatures = outFeatures;
        weight = parameter("weight", Init.kaimingUniform(Tensor.zeros(new int[] {outFeatures, inFeatures}, type),
                Math.sqrt(5), generator).data());
        double bound = 1 / Math.sqrt(inFeatures);
        this.bias = bias ? parameter("bias", generator.uniform(type, -bound, bound, outFeatures)) : null;
    }

    @Override
    public Tensor forward(Tensor... inputs) {
        return Functional.linear(inputs[0], weight, bias);
    }

    public Tensor weight() {
        return weight;
    }

    /** The bias, or null where there is none. */
    public Tensor bias() {
        return bias;
    }

    @Override
    protected String settings() {
        return "in_features=" + inFeatures + ", out_features=" + outFeatures + ", bias="
                + (bias != null ? "True" : "False");
    }
}

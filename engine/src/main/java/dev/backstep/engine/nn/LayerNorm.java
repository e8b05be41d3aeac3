package dev.backstep.engine.nn;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.tensor.Tensor;

/** Brings the last dimensions to mean 0 and variance 1, then scales and shifts them. */
public final class LayerNorm extends Module {
    private static final double EPS = 1e-5;

    private final int[] normalizedShape;
    private final Tensor weight;
    private final Tensor bias;

    /** Begins with weights of 1 and biases of 0. */
    public LayerNorm(DType type, int... normalizedShape) {
        this.normalizedShape = normalizedShape.clone();
        weight = parameter("weight", Tensor.ones(normalizedShape, type));
        bias = parameter("bias", Tensor.zeros(normalizedShape, type));
    }

    @Override
    public Tensor forward(Tensor... inputs) {
        return Functional.layerNorm(inputs[0], normalizedShape, weight, bias, EPS);
    }

    @Override
    protected String settings() {
        StringBuilder shape = new StringBuilder("(");
        for (int extent : normalizedShape) {
            shape.append(shape.length() == 1 ? "" : " ").append(extent).append(',');
        }
        if (normalizedShape.length > 1) {
            shape.setLength(shape.length() - 1);
        }
        return shape + "), eps=1e-05, elementwise_affine=True";
    }
}

package dev.backstep.engine.nn;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.tensor.Op;
import dev.backstep.engine.tensor.Ops;
import dev.backstep.engine.tensor.Tensor;

/** {@code torch.nn.functional}: the ops of the catalogue that layers and losses are made of. */
public final class Functional {
    private static final Op LINEAR = Ops.find("linear");
    private static final Op EMBEDDING = Ops.find("embedding");
    private static final Op LAYER_NORM = Ops.find("layer_norm");
    private static final Op BATCH_NORM = Ops.find("batch_norm");
    private static final Op CONV2D = Ops.find("conv2d");
    private static final Op MAX_POOL2D = Ops.find("max_pool2d");
    private static final Op FLATTEN = Ops.find("flatten");
    private static final Op NORM = Ops.find("norm");
    private static final Op STACK = Ops.find("stack");
    private static final Op CAT = Ops.find("cat");

    private Functional() {
    }

    /** {@code x Aᵀ + b}; the bias may be null. */
    public static Tensor linear(Tensor x, Tensor weight, Tensor bias) {
        return bias == null ? LINEAR.call(x, weight) : LINEAR.call(x, weight, bias);
    }

    public static Tensor embedding(Tensor indices, Tensor weight) {
        return EMBEDDING.call(indices, weight);
    }

    /** The row {@code padding} gets no gradient; a negative number counts from the end. */
    public static Tensor embedding(Tensor indices, Tensor weight, int padding) {
        return EMBEDDING.call(Attrs.of("padding_idx", padding), indices, weight);
    }

    /** Weight and bias may be null. */
    public static Tensor layerNorm(Tensor x, int[] normalizedShape, Tensor weight, Tensor bias, double eps) {
        return LAYER_NORM.call(Attrs.of("normalized_shape", normalizedShape, "eps", eps), x,
                weight == null ? Tensor.ones(normalizedShape, x.dtype()) : weight,
                bias == null ? Tensor.zeros(normalizedShape, x.dtype()) : bias);
    }

    /** The running figures move while training, and stand in for the batch's otherwise. */
    public static Tensor batchNorm(Tensor x, Tensor runningMean, Tensor runningVar, Tensor weight, Tensor bias,
            boolean training, double momentum, double eps) {
        return BATCH_NORM.call(Attrs.of("training", training, "momentum", momentum, "eps", eps), x, runningMean,
                runningVar, weight, bias);
    }

    /** The bias may be null. */
    public static Tensor conv2d(Tensor x, Tensor weight, Tensor bias, int[] stride, int[] padding, int[] dilation,
            int groups) {
        Attrs attrs = Attrs.of("stride", stride, "padding", padding, "dilation", dilation, "groups", groups);
        return bias == null ? CONV2D.call(attrs, x, weight) : CONV2D.call(attrs, x, weight, bias);
    }

    /** @param ceilMode whether a last window that only begins on the image counts */
    public static Tensor maxPool2d(Tensor x, int[] kernelSize, int[] stride, int[] padding, int[] dilation,
            boolean ceilMode) {
        return MAX_POOL2D.call(Attrs.of("kernel_size", kernelSize, "stride", stride, "padding", padding, "dilation",
                dilation, "ceil_mode", ceilMode), x);
    }

    public static Tensor flatten(Tensor x, int startDim, int endDim) {
        return FLATTEN.call(Attrs.of("start_dim", startDim, "end_dim", endDim), x);
    }

    static Tensor norm(Tensor x, double p) {
        return NORM.call(Attrs.of("p", p), x);
    }

    static Tensor stack(Tensor... tensors) {
        return STACK.call(tensors);
    }

    static Tensor cat(Tensor... tensors) {
        return CAT.call(tensors);
    }
}

package dev.backstep.engine.nn;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.tensor.Generator;
import dev.backstep.engine.tensor.Tensor;

/** A convolution of images: (N, in_channels, H, W) to (N, out_channels, H', W'). */
public final class Conv2d extends Module {
    private final int[] kernelSize;
    private final int[] stride;
    private final int[] padding;
    private final Tensor weight;
    private final Tensor bias;

    /** A float32 layer with a bias and a square window. */
    public Conv2d(int inChannels, int outChannels, int kernelSize, int stride, int padding, Generator generator) {
        this(inChannels, outChannels, new int[] {kernelSize, kernelSize}, new int[] {stride, stride},
                new int[] {padding, padding}, true, DType.FLOAT32, generator);
    }

    /** Weight and bias are drawn uniform within ±1 / √(in_channels · window), the weight first. */
    public Conv2d(int inChannels, int outChannels, int[] kernelSize, int[] stride, int[] padding, boolean bias,
            DType type, Generator generator) {
        this.kernelSize = kernelSize.clone();
        this.stride = stride.clone();
        this.padding = padding.clone();
        int[] shape = {outChannels, inChannels, kernelSize[0], kernelSize[1]};
        weight = parameter("weight", Init.kaimingUniform(Tensor.zeros(shape, type), Math.sqrt(5), generator).data());
        double bound = 1 / Math.sqrt(Init.fanIn(weight));
        this.bias = bias ? parameter("bias", generator.uniform(type, -bound, bound, outChannels)) : null;
    }

    @Override
    public Tensor forward(Tensor... inputs) {
        return Functional.conv2d(inputs[0], weight, bias, stride, padding, new int[] {1, 1}, 1);
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
        String text = weight.shape()[1] + ", " + weight.shape()[0] + ", kernel_size=" + pair(kernelSize) + ", stride="
                + pair(stride);
        text += padding[0] == 0 && padding[1] == 0 ? "" : ", padding=" + pair(padding);
        return text + (bias == null ? ", bias=False" : "");
    }

    private static String pair(int[] two) {
        return "(" + two[0] + ", " + two[1] + ")";
    }
}

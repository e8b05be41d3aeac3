package dev.backstep.engine.nn;

import dev.backstep.engine.tensor.Tensor;

/** The largest element of each square window. */
public final class MaxPool2d extends Module {
    private final int kernelSize;
    private final int stride;
    private final int padding;
    private final int dilation;
    private final boolean ceilMode;

    /** Windows side by side. */
    public MaxPool2d(int kernelSize) {
        this(kernelSize, kernelSize, 0);
    }

    public MaxPool2d(int kernelSize, int stride, int padding) {
        this(kernelSize, stride, padding, 1, false);
    }

    /** @param ceilMode whether a last window that only begins on the image counts */
    public MaxPool2d(int kernelSize, int stride, int padding, int dilation, boolean ceilMode) {
        this.kernelSize = kernelSize;
        this.stride = stride;
        this.padding = padding;
        this.dilation = dilation;
        this.ceilMode = ceilMode;
    }

    @Override
    public Tensor forward(Tensor... inputs) {
        return Functional.maxPool2d(inputs[0], new int[] {kernelSize}, new int[] {stride}, new int[] {padding},
                new int[] {dilation}, ceilMode);
    }

    @Override
    protected String settings() {
        return "kernel_size=" + kernelSize + ", stride=" + stride + ", padding=" + padding
                + ", dilation=" + dilation + ", ceil_mode=" + (ceilMode ? "True" : "False");
    }
}

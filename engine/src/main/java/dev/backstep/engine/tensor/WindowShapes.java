package dev.backstep.engine.tensor;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import java.util.Arrays;
import java.util.Locale;

/** The results of the ops of {@link Convolution}, and why some have none. */
final class WindowShapes {
    private WindowShapes() {
    }

    static Windows images(Attrs attrs, Meta x) {
        int[] shape = x.shape();
        if (shape.length != 4) {
            throw TorchError.runtime("Expected 3D or 4D (batch mode) tensor with possibly 0 batch size and other "
                    + "non-zero dimensions for input, but got: " + Arrays.toString(shape));
        }
        return Windows.of(Windows.pair(attrs, "kernel_size"), attrs, shape[2], shape[3]);
    }

    static void needImages(Attrs attrs, Meta x) {
        checkWindow(attrs);
        Windows w = images(attrs, x);
        require(w.fits(), "Given input with spatial size (" + pair(w.image()) + "), kernel_size=(" + pair(w.kernel())
                + "), dilation=(" + pair(w.dilation()) + "), padding=(" + pair(w.padding())
                + "), calculated shape of the array of sliding blocks as (" + pair(w.out())
                + "), but its components must be at least one.");
        refuse(DType.INT64, "im2col_out_cpu", x.dtype());
    }

    private static String pair(int[] two) {
        return two[0] + ", " + two[1];
    }

    static Windows folded(Attrs attrs, Meta x) {
        checkWindow(attrs);
        int[] size = Windows.pair(attrs, "output_size");
        Windows w = Windows.of(Windows.pair(attrs, "kernel_size"), attrs, size[0], size[1]);
        int[] shape = x.shape();
        if (shape.length != 3) {
            throw TorchError.runtime("Expected 2D or 3D (batch mode) tensor for input with possibly 0 batch size and "
                    + "non-zero dimensions for input, but got: " + Arrays.toString(shape));
        }
        if (shape[1] % w.area() != 0) {
            throw TorchError.runtime("Expected size of input's dimension 1 to be divisible by the product of "
                    + "kernel_size, but got input.size(1)=" + shape[1] + " and kernel_size=(" + w.kernel()[0] + ", "
                    + w.kernel()[1] + ").");
        }
        if (shape[2] != w.places()) {
            throw TorchError.runtime("Given output_size=(" + size[0] + ", " + size[1] + "), kernel_size=("
                    + w.kernel()[0] + ", " + w.kernel()[1] + "), dilation=(" + w.dilation()[0] + ", "
                    + w.dilation()[1] + "), padding=(" + w.padding()[0] + ", " + w.padding()[1] + "), stride=("
                    + w.stride()[0] + ", " + w.stride()[1] + "), expected size of input's dimension 2 to match the "
                    + "calculated number of sliding blocks " + w.out()[0] + " * " + w.out()[1] + " = " + w.places()
                    + ", but got input.size(2)=" + shape[2] + ".");
        }
        refuse(DType.INT64, "col2im_out_cpu", x.dtype());
        return w;
    }

    private static void require(boolean fits, String otherwise) {
        if (!fits) {
            throw TorchError.runtime(otherwise);
        }
    }

    /** The settings of unfold and fold, in PyTorch's order. */
    private static void checkWindow(Attrs attrs) {
        positive(attrs, "kernel_size", "kernel size", "kernel", 1);
        positive(attrs, "dilation", "dilation", "dilation", 1);
        positive(attrs, "padding", "padding", "pad", 0);
        positive(attrs, "stride", "stride", "stride", 1);
    }

    private static void positive(Attrs attrs, String attr, String what, String each, int least) {
        int[] pair = Windows.pair(attrs, attr);
        require(Windows.atLeast(least, pair), what + " should be " + (least == 1 ? "greater than zero" : "non-negative")
                + ", but got " + each + "_height: " + pair[0] + " " + each + "_width: " + pair[1]);
    }

    static Meta batched(String what, String op, Meta x) {
        if (x.shape().length != 3 && x.shape().length != 4) {
            throw TorchError.runtime("Expected 3D (unbatched) or 4D (batched) " + what + " to " + op
                    + ", but got input of size: " + Arrays.toString(x.shape()));
        }
        return x.shape().length == 4 ? x : new Meta(Shapes.with(x.shape(), 0, 1), x.dtype());
    }

    static Meta convolved(Attrs attrs, Meta[] in) {
        int[] x = in[0].shape();
        int[] weight = in[1].shape();
        int groups = (int) attrs.integer("groups");
        if (weight.length != 4) {
            throw TorchError.runtime("Expected 4-dimensional weight for 2-dimensional convolution, but got "
                    + weight.length + "-dimensional weight of size " + Arrays.toString(weight) + " instead");
        }
        int[] dilation = Windows.pair(attrs, "dilation");
        require(Windows.atLeast(0, Windows.pair(attrs, "padding")), "negative padding is not supported");
        require(Windows.atLeast(1, Windows.pair(attrs, "stride")), "non-positive stride is not supported");
        require(Windows.atLeast(1, dilation), "dilation should be greater than zero, but got "
                + Arrays.toString(dilation));
        if (groups <= 0) {
            throw TorchError.runtime("expected groups to be greater than 0, but got groups=" + groups);
        }
        if (weight[0] % groups != 0 || weight[0] < groups) {
            throw TorchError.runtime("Given groups=" + groups + ", expected weight to be at least " + groups
                    + " at dimension 0, but got weight of size " + Arrays.toString(weight) + " instead");
        }
        if (x[1] != weight[1] * groups) {
            throw TorchError.runtime("Given groups=" + groups + ", weight of size " + Arrays.toString(weight)
                    + ", expected input" + Arrays.toString(x) + " to have " + weight[1] * groups
                    + " channels, but got " + x[1] + " channels instead");
        }
        if (in.length == 3 && (in[2].shape().length != 1 || in[2].shape()[0] != weight[0])) {
            throw TorchError.runtime("Given weight of size " + Arrays.toString(weight)
                    + ", expected bias to be 1-dimensional with " + weight[0] + " elements, but got bias of size "
                    + Arrays.toString(in[2].shape()) + " instead");
        }
        Windows w = Windows.of(new int[] {weight[2], weight[3]}, attrs, x[2], x[3]);
        checkTypes(in);
        boolean dilated = w.dilation()[0] != 1 || w.dilation()[1] != 1;
        refuse(DType.BOOL, dilated ? "slow_conv_dilated<>" : "slow_conv2d_cpu", in[0].dtype());
        if (!w.fits()) {
            throw TorchError.runtime("Calculated padded input size per channel: (" + (x[2] + 2 * w.padding()[0])
                    + " x " + (x[3] + 2 * w.padding()[1]) + "). Kernel size: (" + weight[2] + " x " + weight[3]
                    + "). Kernel size can't be greater than actual input size");
        }
        return new Meta(new int[] {x[0], weight[0], w.out()[0], w.out()[1]}, in[0].dtype());
    }

    private static void checkTypes(Meta[] in) {
        DType type = in[0].dtype();
        if (in.length == 3 && in[2].dtype() != type) {
            throw TorchError.runtime("Input type (" + type.scalarName().toLowerCase(Locale.ROOT) + ") and bias type ("
                    + in[2].dtype().scalarName().toLowerCase(Locale.ROOT) + ") should be the same");
        }
        if (in[1].dtype() != type) {
            throw TorchError.runtime("expected scalar type " + type.scalarName() + " but found "
                    + in[1].dtype().scalarName());
        }
    }

    /** Of (N, C, H, W) or (C, H, W). */
    static Meta[] pooled(Attrs attrs, Meta x) {
        require(x.shape().length == 3 || x.shape().length == 4,
                "non-empty 3D or 4D (batch mode) tensor expected for input");
        int[] shape = x.shape().length == 4 ? x.shape() : Shapes.with(x.shape(), 0, 1);
        int[] kernel = Windows.pair(attrs, "kernel_size");
        int[] dilation = Windows.pair(attrs, "dilation");
        require(Windows.atLeast(1, attrs.has("stride") ? Windows.pair(attrs, "stride") : kernel),
                "stride should not be zero");
        require(Windows.atLeast(0, Windows.pair(attrs, "padding")), "pad must be non-negative, but got pad: "
                + Math.min(Windows.pair(attrs, "padding")[0], Windows.pair(attrs, "padding")[1]));
        require(Windows.atLeast(1, dilation), "dilation should be greater than zero, but got dilationH: " + dilation[0]
                + " dilationW: " + dilation[1]);
        require(Windows.atLeast(1, kernel), "kernel size should be greater than zero, but got kH: " + kernel[0]
                + " kW: " + kernel[1]);
        Windows w = Windows.of(Windows.pair(attrs, "kernel_size"), attrs, shape[2], shape[3]);
        for (int d = 0; d < 2; d++) {
            if (2 * w.padding()[d] > (w.kernel()[d] - 1) * w.dilation()[d] + 1) {
                throw TorchError.runtime("pad should be at most half of effective kernel size, but got pad="
                        + w.padding()[d] + ", kernel_size=" + w.kernel()[d] + " and dilation=" + w.dilation()[d]);
            }
        }
        require(2 * w.padding()[0] <= w.kernel()[0] && 2 * w.padding()[1] <= w.kernel()[1],
                "pad should be smaller than or equal to half of kernel size, but got padW = " + w.padding()[1]
                + ", padH = " + w.padding()[0] + ", kW = " + w.kernel()[1] + ", kH = " + w.kernel()[0]);
        if (!w.fits()) {
            throw TorchError.runtime("Given input size: (" + shape[1] + "x" + shape[2] + "x" + shape[3]
                    + "). Calculated output size: (" + shape[1] + "x" + w.out()[0] + "x" + w.out()[1]
                    + "). Output size is too small");
        }
        refuse(DType.BOOL, "max_pool2d", x.dtype());
        int[] out = x.shape().clone();
        System.arraycopy(w.out(), 0, out, out.length - 2, 2);
        return new Meta[] {new Meta(out, x.dtype()), new Meta(out, DType.INT64)};
    }

    /** PyTorch's kernels of windows lack a type here and there. */
    private static void refuse(DType lacking, String kernel, DType type) {
        if (type == lacking) {
            throw TorchError.notImplemented(kernel, type);
        }
    }
}

package dev.backstep.engine.tensor;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.Kernel;
import dev.backstep.engine.backend.View;

/**
 * The places that a window takes as it slides over the last two dimensions of images. Each array holds the figure of
 * the rows and that of the columns.
 *
 * @param image the extents of the image
 * @param out how many places the window takes
 */
record Windows(int[] kernel, int[] stride, int[] padding, int[] dilation, int[] image, int[] out) {
    /** Settings that make no window are for the op to refuse, each in its own words. */
    static Windows of(int[] kernel, Attrs attrs, int height, int width) {
        int[] stride = attrs.has("stride") ? pair(attrs, "stride") : kernel;
        int[] padding = pair(attrs, "padding");
        int[] dilation = pair(attrs, "dilation");
        int[] image = {height, width};
        int[] out = new int[2];
        for (int d = 0; d < 2; d++) {
            int room = image[d] + 2 * padding[d] - dilation[d] * (kernel[d] - 1) - 1;
            boolean ceil = attrs.flag("ceil_mode");
            out[d] = Math.floorDiv(room + (ceil ? stride[d] - 1 : 0), stride[d]) + 1;
            // A window that begins beyond the image sees nothing but padding.
            out[d] -= ceil && (out[d] - 1) * stride[d] >= image[d] + padding[d] ? 1 : 0;
        }
        return new Windows(kernel, stride, padding, dilation, image, out);
    }

    /** The attribute as two numbers; one number stands for both. */
    static int[] pair(Attrs attrs, String name) {
        int[] given = attrs.ints(name);
        if (given.length != 1 && given.length != 2) {
            throw new IllegalArgumentException("attribute '" + name + "' is one number or two");
        }
        return given.length == 1 ? new int[] {given[0], given[0]} : given;
    }

    /** Whether both of two settings are at least so much. */
    static boolean atLeast(int least, int[] pair) {
        return pair[0] >= least && pair[1] >= least;
    }

    boolean fits() {
        return out[0] > 0 && out[1] > 0;
    }

    /** How many elements the window covers. */
    int area() {
        return kernel[0] * kernel[1];
    }

    /** How many places it takes. */
    int places() {
        return out[0] * out[1];
    }

    /** Memory for images of that many with the padding around them, all that value. */
    private View padded(int n, int channels, DType type, double value) {
        return Tensor.full(new int[] {n, channels, extent(0), extent(1)}, value, type).view();
    }

    /** The image with the padding, and what the last window sees beyond it. */
    private int extent(int d) {
        return Math.max(image[d] + 2 * padding[d], (out[d] - 1) * stride[d] + dilation[d] * (kernel[d] - 1) + 1);
    }

    /** The images inside the padding. */
    private View inside(View padded) {
        int[] strides = padded.strides();
        return new View(padded.buffer(), new int[] {padded.shape()[0], padded.shape()[1], image[0], image[1]}, strides,
                padded.offset() + padding[0] * strides[2] + padding[1] * strides[3]);
    }

    /** What the window sees: (n, channels, kernel rows, kernel columns, places down, places across). */
    View over(View images, double pad) {
        View padded = images;
        if (extent(0) > image[0] || extent(1) > image[1]) {
            padded = padded(images.shape()[0], images.shape()[1], images.buffer().dtype(), pad);
            Backends.current().run(Kernel.COPY, inside(padded), images);
        }
        return seen(padded);
    }

    private View seen(View padded) {
        int[] strides = padded.strides();
        return new View(padded.buffer(),
                new int[] {padded.shape()[0], padded.shape()[1], kernel[0], kernel[1], out[0], out[1]},
                new int[] {strides[0], strides[1], dilation[0] * strides[2], dilation[1] * strides[3],
                    stride[0] * strides[2], stride[1] * strides[3]}, padded.offset());
    }

    /** The reverse of {@link #over}: images whose elements are the sums of what the windows hold of them. */
    Tensor sum(View windows) {
        int[] shape = {windows.shape()[0], windows.shape()[1], extent(0), extent(1)};
        View padded = View.contiguous(Tensor.allocate(windows.dtype(), shape), shape);
        if (windows.numel() > 0) {
            Backends.current().run(Kernel.FOLD, seen(padded), windows);
        }
        return new Tensor(inside(padded)).contiguous();
    }
}

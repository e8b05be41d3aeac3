package dev.backstep.engine.backend;

/**
 * A strided look at a buffer: element (i, j, ...) lies at {@code offset + i * strides[0] + j * strides[1] + ...}. A
 * stride of 0 repeats an element; as an output it makes a kernel gather into one. The arrays are never changed.
 */
public record View(Buffer buffer, int[] shape, int[] strides, int offset) {
    /** The shape of zero-dimensional tensors; shared, so that comparing by identity mostly suffices. */
    public static final int[] SCALAR = {};

    /** A zero-dimensional view of a buffer's first element. */
    public static View scalar(Buffer buffer) {
        return new View(buffer, SCALAR, SCALAR, 0);
    }

    /** All of a buffer in row-major order. */
    public static View contiguous(Buffer buffer, int[] shape) {
        return new View(buffer, shape, rowMajor(shape), 0);
    }

    public DType dtype() {
        return buffer.dtype();
    }

    public int rank() {
        return shape.length;
    }

    public int numel() {
        return numel(shape);
    }

    /** Number of elements of a shape; shapes in here were checked to fit an int when they were made. */
    public static int numel(int[] shape) {
        int n = 1;
        for (int extent : shape) {
            n *= extent;
        }
        return n;
    }

    /** Strides of a row-major layout, as PyTorch gives them: an extent of 0 counts as 1. */
    public static int[] rowMajor(int[] shape) {
        if (shape.length == 0) {
            return SCALAR;
        }
        int[] strides = new int[shape.length];
        int stride = 1;
        for (int i = shape.length - 1; i >= 0; i--) {
            strides[i] = stride;
            stride *= Math.max(1, shape[i]);
        }
        return strides;
    }

    /** Whether the elements lie one after another in row-major order. */
    public boolean isContiguous() {
        int stride = 1;
        for (int i = shape.length - 1; i >= 0; i--) {
            if (shape[i] != 1) {
                if (strides[i] != stride) {
                    return numel() == 0;
                }
                stride *= shape[i];
            }
        }
        return true;
    }

    /**
     * Whether the strides are {@link #rowMajor}'s to the last; without elements the question stays open. A contiguous
     * view need not be that: nobody looks at the stride of an extent of 1.
     */
    public boolean isRowMajor() {
        int stride = 1;
        for (int i = shape.length - 1; i >= 0; i--) {
            if (strides[i] != stride || shape[i] == 0) {
                return false;
            }
            stride *= shape[i];
        }
        return true;
    }

    /** This view with each dimension of extent 1, and each missing in front, repeated to fill the shape. */
    public View expand(int[] to) {
        int[] wide = new int[to.length];
        int missing = to.length - shape.length;
        for (int i = missing; i < to.length; i++) {
            wide[i] = shape[i - missing] == 1 && to[i] != 1 ? 0 : strides[i - missing];
        }
        return new View(buffer, to, wide, offset);
    }
}

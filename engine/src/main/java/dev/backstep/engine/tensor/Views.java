package dev.backstep.engine.tensor;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.View;
import java.util.Arrays;

/** Arithmetic of shapes and strides behind the view ops. */
final class Views {
    private Views() {
    }

    /** The same memory in another shape, or null where its strides do not allow that without a copy. */
    static View reshape(View in, int[] shape) {
        if (in.numel() == 0 && Arrays.equals(in.shape(), shape)) {
            return in;
        }
        if (in.numel() == 0 || in.isRowMajor()) {
            return new View(in.buffer(), shape, View.rowMajor(shape), in.offset());
        }
        // From the back: each stretch of old dimensions that is one piece of memory must be filled by whole new ones.
        int[] strides = new int[shape.length];
        int to = shape.length - 1;
        int piece = 1;
        int step = in.rank() == 0 ? 1 : in.strides()[in.rank() - 1];
        for (int d = in.rank() - 1; d >= 0; d--) {
            piece *= in.shape()[d];
            boolean ends = d == 0 || (in.shape()[d - 1] != 1 && in.strides()[d - 1] != piece * step);
            if (!ends) {
                continue;
            }
            int filled = 1;
            while (to >= 0 && (filled < piece || shape[to] == 1)) {
                strides[to] = filled * step;
                filled *= shape[to--];
            }
            if (filled != piece) {
                return null;
            }
            piece = 1;
            step = d == 0 ? step : in.strides()[d - 1];
        }
        return to == -1 ? new View(in.buffer(), shape, strides, in.offset()) : null;
    }

    /** Whether the elements fill a stretch of memory, in whatever order of dimensions. */
    static boolean isDense(View in) {
        if (in.isContiguous()) {
            return true;
        }
        boolean[] placed = new boolean[in.rank()];
        int step = 1;
        for (int n = 0; n < in.rank(); n++) {
            int next = -1;
            for (int d = 0; d < in.rank() && next < 0; d++) {
                if (!placed[d] && (in.shape()[d] == 1 || in.strides()[d] == step)) {
                    next = d;
                }
            }
            if (next < 0) {
                return false;
            }
            placed[next] = true;
            step *= in.shape()[next];
        }
        return true;
    }

    static int[] permuted(int[] shape, int[] order) {
        int[] result = new int[order.length];
        for (int i = 0; i < order.length; i++) {
            result[i] = shape[order[i]];
        }
        return result;
    }

    static View permute(View in, int[] order) {
        return new View(in.buffer(), permuted(in.shape(), order), permuted(in.strides(), order), in.offset());
    }

    /** That dimension behind all others. */
    static View last(View in, int dim) {
        int[] order = new int[in.rank()];
        for (int d = 0; d < order.length; d++) {
            order[d] = d < dim ? d : d + 1;
        }
        if (order.length > 0) {
            order[order.length - 1] = dim;
        }
        return permute(in, order);
    }

    /** Those dimensions backwards. */
    static View flip(View in, int[] dims) {
        boolean[] named = dims.length == 0 ? new boolean[in.rank()] : Shapes.dims(dims, in.rank());
        int[] strides = in.strides().clone();
        int offset = in.offset();
        for (int d = 0; d < strides.length; d++) {
            if (named[d] && in.shape()[d] > 0) {
                offset += (in.shape()[d] - 1) * strides[d];
                strides[d] = -strides[d];
            }
        }
        return new View(in.buffer(), in.shape(), strides, offset);
    }

    /** The view repeated along dimensions of extent 1, and along new ones in front. */
    static View expand(View in, int[] shape) {
        int[] strides = new int[shape.length];
        int missing = shape.length - in.rank();
        for (int d = shape.length - 1; d >= 0; d--) {
            if (d >= missing) {
                strides[d] = in.shape()[d - missing] == shape[d] ? in.strides()[d - missing] : 0;
            } else if (shape[d] == 1 && in.rank() > 0) {
                strides[d] = shape[d + 1] * strides[d + 1];
            }
        }
        return new View(in.buffer(), shape, strides, in.offset());
    }

    static View unsqueeze(View in, int dim) {
        int stride = dim == in.rank() ? 1 : in.shape()[dim] * in.strides()[dim];
        return new View(in.buffer(), Shapes.with(in.shape(), dim, 1), Shapes.with(in.strides(), dim, stride),
                in.offset());
    }

    /** Which dimensions a squeeze drops. */
    private static boolean[] dropped(int[] shape, Attrs attrs) {
        boolean[] drop = new boolean[shape.length];
        if (attrs.has("dim")) {
            int dim = Shapes.dim((int) attrs.integer("dim"), shape.length);
            if (shape.length > 0) {
                drop[dim] = shape[dim] == 1;
            }
        } else {
            for (int d = 0; d < shape.length; d++) {
                drop[d] = shape[d] == 1;
            }
        }
        return drop;
    }

    private static int[] drop(int[] values, boolean[] drop) {
        int[] kept = new int[values.length];
        int count = 0;
        for (int d = 0; d < values.length; d++) {
            if (!drop[d]) {
                kept[count++] = values[d];
            }
        }
        return Arrays.copyOf(kept, count);
    }

    static int[] squeezed(int[] shape, Attrs attrs) {
        return drop(shape, dropped(shape, attrs));
    }

    static View squeeze(View in, Attrs attrs) {
        boolean[] drop = dropped(in.shape(), attrs);
        return new View(in.buffer(), drop(in.shape(), drop), drop(in.strides(), drop), in.offset());
    }

    /** Puts back what a squeeze dropped. */
    static Tensor unsqueezeTo(Tensor g, Saved s) {
        boolean[] drop = dropped(s.shape(0), s.attrs());
        Tensor result = g;
        for (int d = 0; d < drop.length; d++) {
            if (drop[d]) {
                result = result.unsqueeze(d);
            }
        }
        return result;
    }

    /** The index of a select, counted from the front. */
    static int index(Attrs attrs, int[] shape) {
        if (shape.length == 0) {
            throw TorchError.index("select() cannot be applied to a 0-dim tensor.");
        }
        int dim = Shapes.dim((int) attrs.integer("dim"), shape.length);
        long index = attrs.integer("index");
        if (index < -shape[dim] || index >= shape[dim]) {
            throw TorchError.index("select(): index " + index + " out of range for tensor of size "
                    + Arrays.toString(shape) + " at dimension " + dim);
        }
        return (int) (index < 0 ? index + shape[dim] : index);
    }

    static View select(View in, Attrs attrs) {
        int index = index(attrs, in.shape());
        int dim = Shapes.dim((int) attrs.integer("dim"), in.rank());
        return new View(in.buffer(), Shapes.without(in.shape(), dim), Shapes.without(in.strides(), dim),
                in.offset() + index * in.strides()[dim]);
    }

    /** Dimension, start, extent and step of a slice, limited to what there is. */
    private static int[] range(int[] shape, Attrs attrs) {
        if (shape.length == 0) {
            throw TorchError.index("slice() cannot be applied to a 0-dim tensor.");
        }
        int dim = Shapes.dim((int) attrs.integer("dim"), shape.length);
        long extent = shape[dim];
        long step = attrs.has("step") ? attrs.integer("step") : 1;
        if (step <= 0) {
            throw TorchError.runtime("slice step must be positive");
        }
        long start = attrs.has("start") ? attrs.integer("start") : 0;
        long end = attrs.has("end") ? attrs.integer("end") : extent;
        start = Math.clamp(start < 0 ? start + extent : start, 0, extent);
        end = Math.clamp(end < 0 ? end + extent : end, start, extent);
        return new int[] {dim, (int) start, (int) ((end - start + step - 1) / step),
            (int) Math.min(step, Integer.MAX_VALUE)};
    }

    static int[] sliced(int[] shape, Attrs attrs) {
        int[] range = range(shape, attrs);
        int[] result = shape.clone();
        result[range[0]] = range[2];
        return result;
    }

    static View slice(View in, Attrs attrs) {
        int[] range = range(in.shape(), attrs);
        int dim = range[0];
        int[] strides = in.strides().clone();
        strides[dim] = (int) Math.min((long) strides[dim] * range[3], Integer.MAX_VALUE);
        return new View(in.buffer(), sliced(in.shape(), attrs), strides, in.offset() + range[1] * in.strides()[dim]);
    }
}

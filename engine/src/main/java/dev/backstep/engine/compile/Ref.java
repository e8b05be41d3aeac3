package dev.backstep.engine.compile;

import dev.backstep.engine.backend.Kernel;
import dev.backstep.engine.backend.Sliding;
import dev.backstep.engine.backend.View;
import java.util.Arrays;

/** A look at a cell, as a {@link View} is one at a buffer. */
record Ref(Cell cell, int[] shape, int[] strides, int offset) {
    static Ref of(Cell cell, View view) {
        return new Ref(cell, view.shape(), view.strides(), view.offset());
    }

    /** Whether both are the same elements in the same order. */
    boolean isSame(Ref other) {
        return cell == other.cell && offset == other.offset && Arrays.equals(shape, other.shape)
                && Arrays.equals(strides, other.strides);
    }

    int numel() {
        return View.numel(shape);
    }

    /** How many different elements it names. */
    int distinct() {
        int n = 1;
        for (int d = 0; d < shape.length; d++) {
            n *= strides[d] == 0 ? Math.min(1, shape[d]) : shape[d];
        }
        return n;
    }

    /** Whether it is one element, repeated. */
    boolean isSingle() {
        return distinct() == 1;
    }

    boolean isWhole() {
        return distinct() == cell.size;
    }

    /** Whether nothing is left of what the memory held once that kernel (null is a formula) has written here. */
    boolean isOverwritten(Kernel kernel) {
        return kernel == Kernel.SCATTER_ADD ? numel() == cell.size
                : kernel == Kernel.FOLD ? Sliding.of(shape, strides).size() == cell.size
                : kernel != Kernel.SCATTER && isWhole();
    }

    boolean isContiguous() {
        return new View(null, shape, strides, offset).isContiguous();
    }

    /** The same elements of a row, or one element repeated, under another shape. */
    Ref as(int[] to) {
        return new Ref(cell, to, isSingle() && numel() != 1 || View.numel(to) != numel() ? new int[to.length]
                : View.rowMajor(to), offset);
    }

    /** Without the dimensions of extent 1, at which nobody looks. */
    Ref squeezed() {
        int rank = 0;
        int[] extents = new int[shape.length];
        int[] steps = new int[shape.length];
        for (int d = 0; d < shape.length; d++) {
            if (shape[d] != 1) {
                extents[rank] = shape[d];
                steps[rank++] = strides[d];
            }
        }
        return rank == shape.length ? this
                : new Ref(cell, Arrays.copyOf(extents, rank), Arrays.copyOf(steps, rank), offset);
    }
}

package dev.backstep.engine.tensor;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.Kernel;
import dev.backstep.engine.backend.View;
import dev.backstep.engine.expr.Expr;
import dev.backstep.engine.expr.Fn;
import dev.backstep.engine.expr.Program;
import java.util.Arrays;

/**
 * How results lie in memory. As in PyTorch they take over the order of dimensions that their inputs have there:
 * elementwise ops by TensorIterator's rules, copies by those of {@code empty_like}. Which ops on the result need a copy
 * follows from that, and so do the names of their backward nodes.
 */
final class Layout {
    /** The order of dimensions that images have in memory where the channels lie together. */
    private static final int[] CHANNELS_LAST = {0, 2, 3, 1};

    private Layout() {
    }

    /** Strides of new memory for the elements of a view: its own where it has no gaps, else in the same order. */
    static int[] like(View in) {
        return Views.isDense(in) ? in.strides() : packed(in.shape(), order(in.shape(), new int[][] {in.strides()}));
    }

    /** Runs a formula into {@code out}, to whose shape the inputs are expanded. */
    static View run(Program program, double[] params, View out, DType compute, View[] in) {
        View[] sorted = sorted(out, in);
        Backends.current().pointwise(program, params, compute, sorted[0], Arrays.copyOfRange(sorted, 1, sorted.length));
        return out;
    }

    /**
     * Strides of the result of a formula.
     *
     * @param steps the formula where it is run function by function, or null where in one loop
     */
    static int[] elementwise(Program program, Expr steps, Attrs attrs, int[] shape, DType compute, Tensor[] in) {
        int[][] shapes = new int[in.length][];
        int[][] strides = new int[in.length][];
        for (int i = 0; i < in.length; i++) {
            View view = in[i].view();
            shapes[i] = view.shape();
            // What is converted first is packed by that.
            strides[i] = view.dtype() == compute || program.isCondition(i) ? view.strides() : like(view);
        }
        if (steps == null) {
            return elementwise(shape, shapes, strides);
        }
        View result = step(Interpreter.bind(steps, attrs), shapes, strides);
        return Arrays.equals(result.shape(), shape) ? result.strides() : View.rowMajor(shape);
    }

    /** Shape and strides of what a part of a formula gives; numbers have no dimensions. */
    private static View step(Expr e, int[][] shapes, int[][] strides) {
        if (e instanceof Expr.Arg a) {
            return new View(null, shapes[a.index()], strides[a.index()], 0);
        }
        if (!(e instanceof Expr.Call c)) {
            return View.scalar(null);
        }
        if (c.fn() == Fn.POW && c.arg(1) instanceof Expr.Const) {
            View base = step(c.arg(0), shapes, strides);
            return new View(null, base.shape(),
                    elementwise(base.shape(), new int[][] {base.shape()}, new int[][] {base.strides()}), 0);
        }
        int[] shape = View.SCALAR;
        int[][] ofShape = new int[c.args().size()][];
        int[][] ofStrides = new int[c.args().size()][];
        for (int i = 0; i < ofShape.length; i++) {
            View part = step(c.arg(i), shapes, strides);
            ofShape[i] = part.shape();
            ofStrides[i] = part.strides();
            shape = Shapes.broadcast(shape, part.shape());
        }
        if (c.fn() == Fn.AND && Arrays.equals(ofShape[0], shape)) {
            // In PyTorch's formulas the second truth is written into the first.
            return new View(null, shape, ofStrides[0], 0);
        }
        // PyTorch raises a number to the power of a tensor in a loop of its own, which writes in order.
        boolean ordered = c.fn() == Fn.POW && c.arg(0) instanceof Expr.Const;
        return new View(null, shape, ordered ? View.rowMajor(shape) : elementwise(shape, ofShape, ofStrides), 0);
    }

    /** Strides of the result of an elementwise op on inputs of those shapes and strides. */
    static int[] elementwise(int[] shape, int[][] shapes, int[][] strides) {
        if (Arrays.stream(shapes).allMatch(each -> Arrays.equals(each, shape))) {
            int[] kept = shared(shape, strides);
            if (kept != null) {
                return kept;
            }
        }
        int[][] wide = new int[strides.length][];
        Arrays.setAll(wide, i -> broadcast(shapes[i], strides[i], shape));
        int[] order = order(shape, wide);
        for (int d = 0; d < order.length; d++) {
            if (order[d] != order.length - 1 - d) {
                return packed(shape, order);
            }
        }
        return View.rowMajor(shape);
    }

    /** What inputs of one shape agree on; null where they do not. */
    private static int[] shared(int[] shape, int[][] strides) {
        boolean contiguous = true;
        boolean channelsLast = shape.length == 4;
        boolean equal = true;
        for (int[] each : strides) {
            View view = new View(null, shape, each, 0);
            contiguous &= view.isContiguous();
            channelsLast = channelsLast && Views.permute(view, CHANNELS_LAST).isContiguous();
            equal &= Arrays.equals(each, strides[0]) && Views.isDense(view);
        }
        return contiguous ? View.rowMajor(shape) : channelsLast ? packed(shape, new int[] {1, 3, 2, 0})
                : equal ? strides[0] : null;
    }

    private static int[] broadcast(int[] from, int[] strides, int[] to) {
        int[] wide = new int[to.length];
        int missing = to.length - from.length;
        for (int d = missing; d < to.length; d++) {
            wide[d] = from[d - missing] == 1 && to[d] != 1 ? 0 : strides[d - missing];
        }
        return wide;
    }

    /** The dimensions from the innermost to the outermost, by strides; the first view that can tell decides. */
    private static int[] order(int[] shape, int[][] strides) {
        int[] order = new int[shape.length];
        Arrays.setAll(order, d -> shape.length - 1 - d);
        for (int i = 1; i < order.length; i++) {
            int moving = i;
            for (int d = i - 1; d >= 0; d--) {
                int comparison = compare(order[d], order[moving], shape, strides);
                if (comparison < 0) {
                    break;
                }
                if (comparison > 0) {
                    int swapped = order[d];
                    order[d] = order[moving];
                    order[moving] = swapped;
                    moving = d;
                }
            }
        }
        return order;
    }

    /** Positive where dimension {@code a} belongs outside of {@code b}, 0 where nobody can tell. */
    private static int compare(int a, int b, int[] shape, int[][] strides) {
        for (int[] each : strides) {
            if (each[a] == 0 || each[b] == 0) {
                continue;
            }
            if (each[a] != each[b]) {
                return Integer.compare(each[a], each[b]);
            }
            if (shape[a] > shape[b]) {
                return 1;
            }
        }
        return 0;
    }

    private static int[] packed(int[] shape, int[] order) {
        int[] strides = new int[shape.length];
        int step = 1;
        for (int d : order) {
            strides[d] = step;
            step *= shape[d];
        }
        return strides;
    }

    /** New memory with those strides, which leave no gaps. */
    static View allocate(DType type, int[] shape, int[] strides) {
        return new View(Tensor.allocate(type, shape), shape, strides, 0);
    }

    /** The numbers in new memory that lies the same. */
    static View copy(View from) {
        return copy(from, from.dtype(), like(from));
    }

    /** The numbers as that type, in new memory with those strides. */
    static View copy(View from, DType type, int[] strides) {
        View to = allocate(type, from.shape(), strides);
        write(to, from);
        return to;
    }

    /** The numbers in memory with those strides: the view itself where it has them. */
    static View as(View from, int[] strides) {
        return Arrays.equals(from.strides(), strides) ? from : copy(from, from.dtype(), strides);
    }

    /** A gradient in memory of its own, which lies as that of the leaf does, or in order where that has gaps. */
    static Tensor gradient(Tensor gradient, View leaf) {
        boolean dense = Views.isDense(leaf);
        if (!gradient.requiresGrad()) {
            return new Tensor(copy(gradient.view(), gradient.dtype(),
                    dense ? leaf.strides() : View.rowMajor(leaf.shape())));
        }
        return dense ? AsStrided.zeros(gradient.dtype(), leaf.shape(), leaf.strides()).copy_(gradient)
                : Movement.CONTIGUOUS.call(gradient);
    }

    /** The tensor in row-major order to the last stride. */
    static Tensor inOrder(Tensor tensor) {
        return tensor.view().isRowMajor() ? tensor : Movement.CONTIGUOUS.call(tensor);
    }

    /**
     * Whether all of these look like images with their channels together, or volumes: what {@code cat} keeps.
     *
     * @return strides for that shape, or null
     */
    static int[] channelsLast(int[] shape, Tensor... in) {
        int rank = shape.length;
        if (rank != 4 && rank != 5) {
            return null;
        }
        int[] order = new int[rank];
        order[0] = 1;
        for (int i = 1; i < rank - 1; i++) {
            order[i] = rank - i;
        }
        for (Tensor tensor : in) {
            if (tensor.dim() != rank || !goesBy(tensor.view(), order)) {
                return null;
            }
        }
        return packed(shape, order);
    }

    /** As PyTorch guesses it from strides alone: in doubt, as of a single channel, no. */
    private static boolean goesBy(View view, int[] order) {
        int least = 0;
        for (int d : order) {
            int stride = view.strides()[d];
            if (view.shape()[d] == 0 || stride < least || d == 1 && stride == 0
                    || d == 0 && least == view.strides()[1]) {
                return false;
            }
            least = view.shape()[d] > 1 ? stride * view.shape()[d] : stride;
        }
        return true;
    }

    /** Writes the numbers of one view into another. */
    static void write(View to, View from) {
        View[] sorted = sorted(to, from);
        Backends.current().run(Kernel.COPY, sorted[0], sorted[1]);
    }

    /** A view and others with their dimensions in the order in which it lies in memory: the quickest to walk. */
    private static View[] sorted(View first, View... others) {
        int[] strides = first.strides();
        int[] order = new int[strides.length];
        for (int i = 0; i < order.length; i++) {
            int at = i;
            for (; at > 0 && strides[order[at - 1]] < strides[i]; at--) {
                order[at] = order[at - 1];
            }
            order[at] = i;
        }
        View[] sorted = new View[others.length + 1];
        sorted[0] = Views.permute(first, order);
        for (int i = 0; i < others.length; i++) {
            sorted[i + 1] = Views.permute(others[i], order);
        }
        return sorted;
    }
}

package dev.backstep.engine.tensor;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.View;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which elements of a contiguous source an index with tensors names.
 *
 * @param shape the shape of what is picked
 * @param places the place of each in the source, in row-major order
 */
record Picks(int[] shape, long[] places) {
    private static final int[] ONE = {1};

    /** Index tensors, each at a dimension of its own; null at the others. */
    private static final class At {
        final Tensor[] at;

        At(int rank) {
            at = new Tensor[rank];
        }

        int first() {
            int d = 0;
            while (at[d] == null) {
                d++;
            }
            return d;
        }

        /** Whether no dimension without an index lies between two with one. */
        boolean together() {
            int d = first();
            while (d < at.length && at[d] != null) {
                d++;
            }
            while (d < at.length && at[d] == null) {
                d++;
            }
            return d == at.length;
        }
    }

    /** The shape alone; null where a mask makes it depend on the numbers. */
    static int[] shape(int[] from, Meta[] indices, Attrs attrs) {
        boolean masked = false;
        boolean[] taken = new boolean[from.length];
        int[] common = View.SCALAR;
        int next = 0;
        for (int i = 0; i < indices.length; i++) {
            Meta index = indices[i];
            checkType(index.dtype());
            int dim = dim(attrs, i, next, from.length);
            int covers = index.dtype() == DType.BOOL ? index.shape().length : 1;
            checkRoom(dim + covers, from.length);
            if (index.dtype() == DType.BOOL) {
                checkMask(index.shape(), from, dim);
                masked = true;
            } else {
                common = broadcast(common, index.shape(), indices);
            }
            Arrays.fill(taken, dim, dim + covers, true);
            next = dim + covers;
        }
        if (masked) {
            return null;
        }
        At at = new At(from.length);
        Tensor marker = Tensor.number(0);
        for (int d = 0; d < taken.length; d++) {
            at.at[d] = taken[d] ? marker : null;
        }
        return result(from, at, common);
    }

    static Picks of(int[] from, Tensor[] indices, Attrs attrs) {
        return of(from, at(from, indices, attrs));
    }

    /** How what is picked of that source lies in memory: as the result of an elementwise op on source and indices. */
    static int[] strides(View source, Tensor[] indices, Attrs attrs) {
        At at = at(source.shape(), indices, attrs);
        int[] common = common(at);
        int[] shape = result(source.shape(), at, common);
        int where = at.together() ? at.first() : 0;
        int[] kept = new int[shape.length];
        int next = where == 0 ? common.length : 0;
        List<int[]> shapes = new ArrayList<>();
        List<int[]> strides = new ArrayList<>();
        shapes.add(shape);
        strides.add(kept);
        for (int d = 0; d < source.rank(); d++) {
            if (at.at[d] == null) {
                kept[next++] = source.strides()[d];
                next += next == where ? common.length : 0;
                continue;
            }
            int[] extents = new int[shape.length];
            Arrays.fill(extents, 1);
            System.arraycopy(common, 0, extents, where, common.length);
            shapes.add(extents);
            strides.add(Views.reshape(Views.expand(at.at[d].view(), common), extents).strides());
        }
        return Layout.elementwise(shape, shapes.toArray(int[][]::new), strides.toArray(int[][]::new));
    }

    private static At at(int[] from, Tensor[] indices, Attrs attrs) {
        At at = new At(from.length);
        int next = 0;
        for (int i = 0; i < indices.length; i++) {
            Tensor index = indices[i];
            checkType(index.dtype());
            int dim = dim(attrs, i, next, from.length);
            if (index.dtype() == DType.BOOL) {
                checkRoom(dim + index.dim(), from.length);
                checkMask(index.view().shape(), from, dim);
                Tensor[] found = nonzero(index);
                System.arraycopy(found, 0, at.at, dim, found.length);
                next = dim + found.length;
            } else {
                checkRoom(dim + 1, from.length);
                at.at[dim] = index;
                next = dim + 1;
            }
        }
        return at;
    }

    private static int[] common(At at) {
        int[] common = View.SCALAR;
        List<Meta> metas = new ArrayList<>();
        for (Tensor index : at.at) {
            if (index != null) {
                metas.add(index.meta());
            }
        }
        for (Meta meta : metas) {
            common = broadcast(common, meta.shape(), metas.toArray(Meta[]::new));
        }
        return common;
    }

    private static Picks of(int[] from, At at) {
        int[] common = common(at);
        int[] strides = View.rowMajor(from);
        long[] picked = new long[Shapes.numel(common)];
        for (int d = 0; d < from.length; d++) {
            if (at.at[d] == null) {
                continue;
            }
            long[] wide = at.at[d].expand(common).toLongs();
            for (int k = 0; k < wide.length; k++) {
                picked[k] += within(wide[k], d, from[d]) * strides[d];
            }
        }
        List<Integer> before = new ArrayList<>();
        List<Integer> after = new ArrayList<>();
        boolean together = at.together();
        for (int d = 0; d < from.length; d++) {
            if (at.at[d] == null) {
                (together && d < at.first() ? before : after).add(d);
            }
        }
        return new Picks(result(from, at, common),
                sums(sums(offsets(from, strides, before), picked), offsets(from, strides, after)));
    }

    private static int[] result(int[] from, At at, int[] common) {
        int[] shape = new int[from.length + common.length];
        int rank = 0;
        int where = at.together() ? at.first() : 0;
        for (int d = 0; d <= from.length; d++) {
            if (d == where) {
                System.arraycopy(common, 0, shape, rank, common.length);
                rank += common.length;
            }
            if (d < from.length && at.at[d] == null) {
                shape[rank++] = from[d];
            }
        }
        return Arrays.copyOf(shape, rank);
    }

    /** The places of a stretch of dimensions by themselves. */
    private static long[] offsets(int[] shape, int[] strides, List<Integer> dims) {
        long[] offsets = {0};
        for (int d : dims) {
            long[] steps = new long[shape[d]];
            for (int i = 0; i < steps.length; i++) {
                steps[i] = (long) i * strides[d];
            }
            offsets = sums(offsets, steps);
        }
        return offsets;
    }

    private static long[] sums(long[] outer, long[] inner) {
        long[] sums = new long[outer.length * inner.length];
        int at = 0;
        for (long a : outer) {
            for (long b : inner) {
                sums[at++] = a + b;
            }
        }
        return sums;
    }

    /** Where a mask is true: for each of its dimensions the indices. */
    private static Tensor[] nonzero(Tensor mask) {
        double[] truths = mask.toDoubles();
        int[] shape = mask.view().shape();
        int count = 0;
        for (double truth : truths) {
            count += truth != 0 ? 1 : 0;
        }
        long[][] found = new long[shape.length][count];
        int at = 0;
        for (int i = 0; i < truths.length; i++) {
            if (truths[i] != 0) {
                int rest = i;
                for (int d = shape.length - 1; d >= 0; d--) {
                    found[d][at] = rest % shape[d];
                    rest /= shape[d];
                }
                at++;
            }
        }
        Tensor[] tensors = new Tensor[found.length];
        for (int d = 0; d < tensors.length; d++) {
            tensors[d] = Tensor.of(found[d], count);
        }
        return tensors;
    }

    /** The dimension that index number {@code i} starts at; the numbers must go up. */
    static int dim(Attrs attrs, int i, int next, int rank) {
        if (!attrs.has("dims")) {
            return next;
        }
        int[] dims = attrs.ints("dims");
        if (i >= dims.length) {
            throw new IllegalArgumentException("attribute 'dims' needs an entry for each index");
        }
        int dim = Shapes.dim(dims[i], rank);
        if (dim < next) {
            throw new IllegalArgumentException("attribute 'dims' must go up");
        }
        return dim;
    }

    /** The places that {@code gather} reads; a single number counts as having one dimension. */
    static long[] along(Attrs attrs, int[] source, Tensor index) {
        int dim = Shapes.dim((int) attrs.integer("dim"), source.length);
        int[] from = source.length == 0 ? ONE : source;
        int[] shape = index.dim() == 0 ? ONE : index.view().shape();
        long[] indices = index.toLongs();
        int[] strides = View.rowMajor(from);
        long[] places = new long[indices.length];
        for (int i = 0; i < places.length; i++) {
            int rest = i;
            for (int d = shape.length - 1; d >= 0; d--) {
                int own = rest % shape[d];
                rest /= shape[d];
                if (d != dim) {
                    places[i] += (long) own * strides[d];
                } else if (indices[i] < 0 || indices[i] >= from[d]) {
                    throw TorchError.runtime("index " + indices[i] + " is out of bounds for dimension " + d
                            + " with size " + from[d]);
                } else {
                    places[i] += indices[i] * strides[d];
                }
            }
        }
        return places;
    }

    static void checkGather(Attrs attrs, int[] from, Meta index) {
        int dim = Shapes.dim((int) attrs.integer("dim"), from.length);
        if (Shapes.numel(index.shape()) == 0) {
            return;
        }
        if (index.dtype() != DType.INT64) {
            throw TorchError.runtime("gather(): Expected dtype int32/int64 for index");
        }
        int[] shape = index.shape();
        if (Math.max(1, shape.length) != Math.max(1, from.length)) {
            throw TorchError.runtime("Index tensor must have the same number of dimensions as input tensor");
        }
        for (int d = 0; d < shape.length; d++) {
            if (d != dim && from.length > 0 && shape[d] > from[d]) {
                throw TorchError.runtime("Size does not match at dimension " + d + " expected index "
                        + Arrays.toString(shape) + " to be no larger than self " + Arrays.toString(from)
                        + " apart from dimension " + dim);
            }
        }
    }

    static void checkPut(DType to, DType from) {
        if (to != from) {
            throw TorchError.runtime("Index put requires the source and destination dtypes match, got "
                    + to.scalarName() + " for the destination and " + from.scalarName() + " for the source.");
        }
    }

    /** @param picked null where it is not known yet */
    static void checkPut(int[] value, int[] picked) {
        if (picked == null) {
            return;
        }
        boolean fits = value.length <= picked.length;
        for (int d = 1; d <= value.length && fits; d++) {
            int extent = value[value.length - d];
            fits = extent == 1 || extent == picked[picked.length - d];
        }
        if (!fits) {
            throw TorchError.runtime("shape mismatch: value tensor of shape " + Arrays.toString(value)
                    + " cannot be broadcast to indexing result of shape " + Arrays.toString(picked));
        }
    }

    static long within(long index, int dim, int extent) {
        if (index < -extent || index >= extent) {
            throw TorchError.index("index " + index + " is out of bounds for dimension " + dim + " with size "
                    + extent);
        }
        return index < 0 ? index + extent : index;
    }

    static void checkType(DType type) {
        if (type.isFloat()) {
            throw TorchError.index("tensors used as indices must be long, int, byte or bool tensors");
        }
    }

    static void checkRoom(int needed, int rank) {
        if (needed > rank) {
            throw TorchError.index("too many indices for tensor of dimension " + rank);
        }
    }

    private static void checkMask(int[] mask, int[] from, int dim) {
        if (mask.length == 0) {
            throw TorchError.index("a mask without dimensions picks all or nothing: give it the shape [1], and the "
                    + "tensor a first dimension of 1");
        }
        for (int d = 0; d < mask.length; d++) {
            if (mask[d] != from[dim + d]) {
                throw TorchError.index("The shape of the mask " + Arrays.toString(mask) + " at index " + d
                        + " does not match the shape of the indexed tensor " + Arrays.toString(from) + " at index "
                        + (dim + d));
            }
        }
    }

    private static int[] broadcast(int[] a, int[] b, Meta[] all) {
        try {
            return Shapes.broadcast(a, b);
        } catch (TorchError e) {
            StringBuilder shapes = new StringBuilder();
            for (Meta meta : all) {
                shapes.append(shapes.isEmpty() ? "" : ", ").append(Arrays.toString(meta.shape()));
            }
            throw TorchError.index("shape mismatch: indexing tensors could not be broadcast together with shapes "
                    + shapes);
        }
    }
}

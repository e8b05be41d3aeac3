package dev.backstep.engine.backend;

import java.util.Arrays;

/**
 * The second factor of a {@link Kernel#MATMUL}, of which the inner dimension and the columns may each be several
 * dimensions, as those of windows over images are: as few as say the same.
 *
 * @param batch elements from one matrix to the next
 * @param inner the extents of the inner dimension, outermost first, none of them 1
 * @param innerStrides their strides, in elements
 */
public record Factor(int batch, int[] inner, int[] innerStrides, int[] columns, int[] columnStrides) {
    /**
     * @param shape (batch, the inner dimension's, the columns')
     * @param depth the extent of the inner dimension
     */
    public static Factor of(int[] shape, int[] strides, int depth) {
        int first = 1;
        for (int all = 1; all < depth; first++) {
            all *= shape[first];
        }
        int[][] inner = joined(shape, strides, 1, first);
        int[][] columns = joined(shape, strides, first, shape.length);
        return new Factor(strides[0], inner[0], inner[1], columns[0], columns[1]);
    }

    /** The dimensions from one up to another without those of extent 1, those that lie as one as one. */
    private static int[][] joined(int[] shape, int[] strides, int from, int to) {
        int[] extents = new int[to - from];
        int[] steps = new int[to - from];
        int rank = 0;
        for (int d = from; d < to; d++) {
            if (shape[d] == 1) {
                continue;
            }
            if (rank > 0 && steps[rank - 1] == strides[d] * shape[d]) {
                extents[rank - 1] *= shape[d];
                steps[rank - 1] = strides[d];
            } else {
                extents[rank] = shape[d];
                steps[rank++] = strides[d];
            }
        }
        return new int[][] {Arrays.copyOf(extents, rank), Arrays.copyOf(steps, rank)};
    }

    /** Whether it lies as a matrix does: one stride down, and one across. */
    public boolean isMatrix() {
        return inner.length <= 1 && columns.length <= 1;
    }

    /** The stride of the inner dimension of a matrix. */
    public int down() {
        return inner.length == 0 ? 0 : innerStrides[0];
    }

    /** The stride of its columns. */
    public int across() {
        return columns.length == 0 ? 1 : columnStrides[0];
    }

    /** Whether a copy is made in longer pieces with the inner dimension inside, so that columns lie together there. */
    public boolean isTurned() {
        return last(inner) > last(columns);
    }

    private static int last(int[] extents) {
        return extents.length == 0 ? 1 : extents[extents.length - 1];
    }

    /** The dimensions of one matrix in the order a copy of it takes them. */
    public int[] extents() {
        return isTurned() ? both(columns, inner) : both(inner, columns);
    }

    /** Their strides. */
    public int[] strides() {
        return isTurned() ? both(columnStrides, innerStrides) : both(innerStrides, columnStrides);
    }

    private static int[] both(int[] outside, int[] inside) {
        int[] all = Arrays.copyOf(outside, outside.length + inside.length);
        System.arraycopy(inside, 0, all, outside.length, inside.length);
        return all;
    }
}

package dev.backstep.engine.backend.cpu;

import dev.backstep.engine.backend.View;

/**
 * Visits the elements of several views of one shape together, in row-major order, a run at a time: a run is a stretch
 * over which every view moves by a constant stride. Dimensions that lie one behind the other in all views are merged,
 * so contiguous tensors are one run.
 */
final class Walk {
    /** Number of elements of each run. */
    final int length;
    /** By view: the step from one element of a run to the next. */
    final int[] stride;
    /** By view: where the present run begins. */
    final int[] at;

    private final int[] extents;
    private final int[][] strides;
    private final int[] index;
    private boolean more;

    Walk(View... views) {
        int count = views.length;
        int[] shape = views[0].shape();
        int rank = shape.length;
        extents = new int[rank];
        strides = new int[count][rank];
        at = new int[count];
        stride = new int[count];
        for (int v = 0; v < count; v++) {
            at[v] = views[v].offset();
        }
        // From the last dimension to the first: [0] is the innermost of the merged ones.
        int merged = 0;
        for (int d = rank - 1; d >= 0; d--) {
            if (shape[d] == 1) {
                continue;
            }
            boolean joins = merged > 0;
            for (int v = 0; v < count && joins; v++) {
                joins = views[v].strides()[d] == strides[v][merged - 1] * extents[merged - 1];
            }
            if (joins) {
                extents[merged - 1] *= shape[d];
            } else {
                extents[merged] = shape[d];
                for (int v = 0; v < count; v++) {
                    strides[v][merged] = views[v].strides()[d];
                }
                merged++;
            }
        }
        length = merged == 0 ? 1 : extents[0];
        for (int v = 0; v < count && merged > 0; v++) {
            stride[v] = strides[v][0];
        }
        index = new int[Math.max(merged, 1)];
        more = views[0].numel() > 0;
    }

    /** Whether the present run is one to visit. */
    boolean hasRun() {
        return more;
    }

    /** Goes on to the next run. */
    void next() {
        for (int d = 1; d < index.length; d++) {
            index[d]++;
            for (int v = 0; v < at.length; v++) {
                at[v] += strides[v][d];
            }
            if (index[d] < extents[d]) {
                return;
            }
            for (int v = 0; v < at.length; v++) {
                at[v] -= strides[v][d] * extents[d];
            }
            index[d] = 0;
        }
        more = false;
    }
}

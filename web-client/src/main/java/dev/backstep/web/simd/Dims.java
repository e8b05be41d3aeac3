package dev.backstep.web.simd;

import java.util.ArrayList;
import java.util.List;

/** A shape that several operands share, and the strides of each, as few dimensions as say the same. */
final class Dims {
    /** Outermost first. */
    final int[] extents;
    /** By operand, then by dimension, in elements. */
    final int[][] strides;

    private Dims(int[] extents, int[][] strides) {
        this.extents = extents;
        this.strides = strides;
    }

    /** Leaves out extents of 1, walks the first operand's memory in order, joins dimensions that lie as one. */
    static Dims of(int[] shape, int[][] strides) {
        List<Integer> order = new ArrayList<>();
        for (int d = 0; d < shape.length; d++) {
            if (shape[d] != 1) {
                order.add(d);
            }
        }
        order.sort((a, b) -> before(strides, a, b));
        List<int[]> kept = new ArrayList<>();
        for (int d : order) {
            int[] last = kept.isEmpty() ? null : kept.getLast();
            if (last != null && joins(last, strides, d, shape[d])) {
                last[0] *= shape[d];
                for (int o = 0; o < strides.length; o++) {
                    last[o + 1] = strides[o][d];
                }
            } else {
                int[] dim = new int[strides.length + 1];
                dim[0] = shape[d];
                for (int o = 0; o < strides.length; o++) {
                    dim[o + 1] = strides[o][d];
                }
                kept.add(dim);
            }
        }
        int[] extents = new int[kept.size()];
        int[][] found = new int[strides.length][kept.size()];
        for (int i = 0; i < extents.length; i++) {
            extents[i] = kept.get(i)[0];
            for (int o = 0; o < strides.length; o++) {
                found[o][i] = kept.get(i)[o + 1];
            }
        }
        return new Dims(extents, found);
    }

    private static int before(int[][] strides, int a, int b) {
        for (int[] operand : strides) {
            if (operand[a] != operand[b]) {
                return Integer.compare(operand[b], operand[a]);
            }
        }
        return Integer.compare(a, b);
    }

    private static boolean joins(int[] outer, int[][] strides, int inner, int extent) {
        for (int o = 0; o < strides.length; o++) {
            if (outer[o + 1] != strides[o][inner] * extent) {
                return false;
            }
        }
        return true;
    }

    int rank() {
        return extents.length;
    }

    boolean isEmpty() {
        for (int extent : extents) {
            if (extent == 0) {
                return true;
            }
        }
        return false;
    }
}

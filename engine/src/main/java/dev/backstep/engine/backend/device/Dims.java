package dev.backstep.engine.backend.device;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Dimensions that operands walk together, those of extent 1 left out and neighbours made one where they can. The arrays
 * are never changed.
 */
public final class Dims {
    public final int[] extents;
    /** The strides of each operand. */
    public final int[][] strides;
    public final int numel;

    private Dims(int[] extents, int[][] strides) {
        this.extents = extents;
        this.strides = strides;
        int n = 1;
        for (int extent : extents) {
            n *= extent;
        }
        numel = n;
    }

    /** All dimensions of operands of one shape. */
    public static Dims of(List<Operand> operands) {
        int[] all = new int[operands.getFirst().shape().length];
        for (int i = 0; i < all.length; i++) {
            all[i] = i;
        }
        return of(operands, all);
    }

    /** @param which the dimensions that count */
    public static Dims of(List<Operand> operands, int[] which) {
        int[] shape = operands.getFirst().shape();
        int[] extents = new int[which.length];
        int[][] strides = new int[operands.size()][which.length];
        int rank = 0;
        for (int d : which) {
            if (shape[d] == 1) {
                continue;
            }
            boolean joins = rank > 0;
            for (int o = 0; o < strides.length && joins; o++) {
                joins = strides[o][rank - 1] == operands.get(o).strides()[d] * shape[d];
            }
            if (joins) {
                rank--;
                extents[rank] *= shape[d];
            } else {
                extents[rank] = shape[d];
            }
            for (int o = 0; o < strides.length; o++) {
                strides[o][rank] = operands.get(o).strides()[d];
            }
            rank++;
        }
        for (int o = 0; o < strides.length; o++) {
            strides[o] = Arrays.copyOf(strides[o], rank);
        }
        return new Dims(Arrays.copyOf(extents, rank), strides);
    }

    public int rank() {
        return extents.length;
    }

    /** The stride of that operand in the last dimension; 1 where there is none. */
    public int last(int operand) {
        return rank() == 0 ? 1 : strides[operand][rank() - 1];
    }

    /**
     * The code of an operand's place, in WGSL or C: {@code rest} is the index in the first dimension, {@code i1} and so
     * on those in the others. Strides of 0 and 1 and an offset of 0 are part of the text.
     *
     * @param byFours whether four elements are one, and the last index counts such
     * @param word the code of a number that the text does not name
     */
    public String place(int operand, int offset, boolean byFours, IntFunction<String> word) {
        StringBuilder code = new StringBuilder(offset == 0 ? "0u" : word.apply(byFours ? offset / 4 : offset));
        for (int d = 0; d < rank(); d++) {
            int stride = strides[operand][d];
            if (stride == 0) {
                continue;
            }
            code.append(" + ").append(d == 0 ? "rest" : "i" + d);
            if (byFours && d < rank() - 1) {
                code.append(" * ").append(word.apply(stride / 4));
            } else if (stride != 1) {
                code.append(" * ").append(word.apply(stride));
            }
        }
        return code.toString();
    }

    /** Whether all strides but the last, which is 1, and that offset are multiples of 4. */
    public boolean isInQuads(int operand, int offset) {
        if (last(operand) != 1 || (offset & 3) != 0) {
            return false;
        }
        for (int d = 0; d < rank() - 1; d++) {
            if ((strides[operand][d] & 3) != 0) {
                return false;
            }
        }
        return true;
    }
}

package dev.backstep.web.simd;

import dev.backstep.engine.backend.DType;

/** An operand of a work as its code sees it: which address it begins at and how it lies from there. */
record Place(int place, DType type, int[] shape, int[] strides) {
    int rank() {
        return shape.length;
    }

    /** How many elements lie from the first to the last; a stride of 0 goes nowhere. */
    int extent() {
        int extent = 1;
        for (int d = 0; d < shape.length; d++) {
            if (shape[d] == 0 && strides[d] != 0) {
                return 0;
            }
            extent += Math.max(0, shape[d] - 1) * strides[d];
        }
        return extent;
    }

    int numel() {
        int n = 1;
        for (int extent : shape) {
            n *= extent;
        }
        return n;
    }
}

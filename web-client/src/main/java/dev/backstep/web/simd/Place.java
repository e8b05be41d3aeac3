package dev.backstep.web.simd;

import dev.backstep.engine.backend.DType;

/** An operand of a work as its code sees it: which address it begins at and how it lies from there. */
record Place(int place, DType type, int[] shape, int[] strides) {
    int rank() {
        return shape.length;
    }

    int numel() {
        int n = 1;
        for (int extent : shape) {
            n *= extent;
        }
        return n;
    }
}

package dev.backstep.server.cuda;

import java.util.List;

/** One thing the device is asked. */
sealed interface Step {
    /**
     * A kernel.
     *
     * @param words what it is told of sizes, strides and offsets
     * @param slots the memories it is given, in their order; those after the last slot are scratch memory
     * @param numbers whether it reads the numbers of the run
     */
    record Launch(String source, int[] words, List<Integer> slots, boolean numbers, int blocks, int threads)
            implements Step {
    }

    /** Products of matrices in float32; offsets are elements. */
    record Product(Driver.Gemm gemm, int a, long aOffset, int b, long bOffset, int c, long cOffset) implements Step {
    }
}

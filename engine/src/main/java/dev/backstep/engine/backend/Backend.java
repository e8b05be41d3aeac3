package dev.backstep.engine.backend;

import dev.backstep.engine.expr.Program;

/** A place that computes. It knows no ops: only pointwise formulas and the {@link Kernel}s. */
public interface Backend {
    /** Zeroed memory for {@code size} elements. */
    Buffer allocate(DType type, int size);

    /** A buffer of these numbers, each as the type keeps it. */
    Buffer upload(DType type, double[] values);

    /** Likewise for integers beyond what double holds. */
    Buffer upload(long[] values);

    /** The elements of a view in row-major order. The only call that may wait for a device. */
    double[] download(View view);

    /** Likewise, integers to the last bit. */
    long[] downloadLongs(View view);

    /** The one number of a view with one element; {@link #download} without the array. */
    double item(View view);

    /** The sum of the squares of a view's elements, in double: finite where all elements are, below 1e154. */
    double squares(View view);

    /** A zero-dimensional buffer of this number. */
    Buffer scalar(DType type, double value);

    /**
     * out = formula(in...), elementwise. Every input is expanded to out's shape already.
     *
     * @param compute the type the inputs are converted to first
     * @param params numbers for the program's parameters, in its order
     */
    void pointwise(Program formula, double[] params, DType compute, View out, View... in);

    void run(Kernel kernel, View out, View... in);
}

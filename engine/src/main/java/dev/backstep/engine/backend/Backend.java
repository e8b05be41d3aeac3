package dev.backstep.engine.backend;

import dev.backstep.engine.expr.Program;
import java.util.function.Supplier;

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

    /** The elements of a view in row-major order as float32. */
    default void read(View view, float[] to) {
        double[] values = download(view);
        for (int i = 0; i < to.length; i++) {
            to[i] = (float) values[i];
        }
    }

    /** Likewise as ints, truths as 0 and 1. */
    default void read(View view, int[] to) {
        double[] values = download(view);
        for (int i = 0; i < to.length; i++) {
            to[i] = (int) values[i];
        }
    }

    /** Overwrites the elements of a view by numbers that lie in row-major order from there on. */
    default void write(View to, float[] values, int from) {
        double[] numbers = new double[to.numel()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = values[from + i];
        }
        run(Kernel.COPY, to, View.contiguous(upload(DType.FLOAT32, numbers), to.shape()));
    }

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

    /**
     * A buffer of whole numbers that Java makes of those in other views, or a check of them that makes none. Who records
     * has them made again each time.
     */
    default Buffer made(Supplier<long[]> numbers, View... from) {
        return upload(numbers.get());
    }

    /** A buffer of numbers that are drawn; who records has others drawn each time. */
    default Buffer drawn(DType type, Bernoulli numbers) {
        return upload(type, numbers.draw());
    }

    /** Says who gives the numbers of the formulas from now on, which change from time to time; null is nobody. */
    default void numbers(Numbers source) {
    }
}

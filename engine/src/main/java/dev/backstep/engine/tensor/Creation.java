package dev.backstep.engine.tensor;

import dev.backstep.engine.backend.DType;

/** Tensors made of a rule, beside {@link Tensor#zeros}, {@link Tensor#ones} and {@link Tensor#full}. */
public final class Creation {
    private Creation() {
    }

    /** Ones on the diagonal. */
    public static Tensor eye(int rows, int columns, DType type) {
        if (rows < 0 || columns < 0) {
            throw TorchError.runtime((rows < 0 ? "n" : "m") + " must be greater or equal to 0, got "
                    + (rows < 0 ? rows : columns));
        }
        double[] values = new double[Shapes.numel(new int[] {rows, columns})];
        for (int i = 0; i < Math.min(rows, columns); i++) {
            values[i * columns + i] = 1;
        }
        return Tensor.of(values, new int[] {rows, columns}, type);
    }

    /** From {@code start} up to, not including, {@code end}. */
    public static Tensor arange(double start, double end, double step, DType type) {
        double[] values = new double[count(start, end, step)];
        for (int i = 0; i < values.length; i++) {
            values[i] = start + step * i;
        }
        return Tensor.of(values, new int[] {values.length}, type);
    }

    /** How many numbers {@link #arange} gives. */
    public static int count(double start, double end, double step) {
        if (step == 0) {
            throw TorchError.runtime("step must be nonzero");
        }
        if (!Double.isFinite(start) || !Double.isFinite(end)) {
            throw TorchError.runtime("unsupported range: " + plain(start) + " -> " + plain(end));
        }
        if (step > 0 ? end < start : end > start) {
            throw TorchError.runtime("upper bound and lower bound inconsistent with step sign");
        }
        double count = Math.ceil((end - start) / step);
        if (count > Integer.MAX_VALUE) {
            throw TorchError.runtime("invalid size, possible overflow?");
        }
        return (int) count;
    }

    private static String plain(double number) {
        return Double.isNaN(number) ? "nan" : Double.isInfinite(number) ? (number > 0 ? "inf" : "-inf")
                : number == Math.rint(number) ? String.valueOf((long) number) : String.valueOf(number);
    }

    /** So many numbers from {@code start} to {@code end}, both included; the second half counts back from the end. */
    public static Tensor linspace(double start, double end, int steps, DType type) {
        if (steps < 0) {
            throw TorchError.runtime("number of steps must be non-negative");
        }
        double[] values = new double[steps];
        double first = type.round(start);
        double last = type.round(end);
        double step = type.round((last - first) / (steps - 1));
        for (int i = 0; i < steps; i++) {
            values[i] = steps == 1 || i < steps / 2 ? first + (steps == 1 ? 0 : step * i)
                    : last - step * (steps - i - 1);
        }
        return Tensor.of(values, new int[] {steps}, type);
    }

    public static Tensor zerosLike(Tensor like) {
        return like(like, Tensor.zeros(like.shape(), like.dtype()));
    }

    public static Tensor onesLike(Tensor like) {
        return like(like, Tensor.ones(like.shape(), like.dtype()));
    }

    public static Tensor fullLike(Tensor like, double value) {
        return like(like, Tensor.full(like.shape(), value, like.dtype()));
    }

    private static Tensor like(Tensor like, Tensor filled) {
        return new Tensor(Layout.as(filled.view(), Layout.like(like.view())));
    }
}

package dev.backstep.web.value;

import dev.backstep.engine.tensor.Tensor;

/**
 * A tensor in a few figures, for when its numbers are too many to read. Numbers that are not finite are counted and
 * left out of the others.
 *
 * @param bins how many finite numbers lie in each of equal parts from {@code min} to {@code max}; empty where there are
 *         none
 * @param positive how many are above zero, {@code negative} below, {@code zero} neither
 */
public record Summary(double min, double max, double mean, double norm, int positive, int negative, int zero,
        int notFinite, int[] bins) {
    private static final int MAX_BINS = 24;

    public static Summary of(Tensor tensor) {
        return of(tensor.toDoubles());
    }

    static Summary of(double[] values) {
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        double sum = 0;
        double squares = 0;
        int positive = 0;
        int negative = 0;
        int notFinite = 0;
        for (double value : values) {
            if (!isFinite(value)) {
                notFinite++;
                continue;
            }
            min = Math.min(min, value);
            max = Math.max(max, value);
            sum += value;
            squares += value * value;
            positive += value > 0 ? 1 : 0;
            negative += value < 0 ? 1 : 0;
        }
        int finite = values.length - notFinite;
        if (finite == 0) {
            return new Summary(Double.NaN, Double.NaN, Double.NaN, Double.NaN, 0, 0, 0, notFinite, new int[0]);
        }
        return new Summary(min, max, sum / finite, Math.sqrt(squares), positive, negative,
                finite - positive - negative, notFinite, bins(values, finite, min, max));
    }

    private static int[] bins(double[] values, int finite, double min, double max) {
        if (min == max) {
            return new int[] {finite};
        }
        int[] bins = new int[Math.clamp((int) Math.sqrt(finite), 5, MAX_BINS)];
        // The width may be beyond the largest double where both ends are large.
        double scale = bins.length / (max / 2 - min / 2) / 2;
        for (double value : values) {
            if (isFinite(value)) {
                bins[Math.min(bins.length - 1, (int) ((value - min) * scale))]++;
            }
        }
        return bins;
    }

    private static boolean isFinite(double value) {
        return Math.abs(value) <= Double.MAX_VALUE;
    }
}

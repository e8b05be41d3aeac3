package dev.backstep.web.train;

import java.util.ArrayList;
import java.util.List;

/**
 * Curves over one axis, as a chart draws them and a file holds them: a column for each, NaN where it has no number.
 *
 * @param x the axis, increasing
 * @param columns as many numbers each as {@code x} has
 */
public record Table(double[] x, List<Column> columns) {
    /** What a curve is of. */
    public enum Kind { LOWEST, HIGHEST, LOSS, TEST_LOSS, FORMER_LOSS, FORMER_TEST_LOSS, TRAIN_ACCURACY, TEST_ACCURACY,
        FORMER_TEST_ACCURACY, NORM }

    /** One curve. */
    public record Column(Kind kind, double[] values) {}

    /** What is to be shown of runs. */
    public enum Measure { LOSS, ACCURACY, NORM }

    /**
     * The curves of a run, and pale ones of another.
     *
     * @param former may be null
     * @param byEpoch whether the axis counts epochs, else batches
     * @param smoothing 0 for none, towards 1 for more, as {@link #smooth} takes it
     * @param limit the most places on the axis; batches are put together until they fit
     */
    public static Table of(RunLog run, RunLog former, Measure measure, boolean byEpoch, double smoothing, int limit) {
        if (measure == Measure.NORM) {
            return byBatch(run, former, run.norms(), smoothing, limit, Kind.NORM);
        }
        return byEpoch || measure == Measure.ACCURACY ? byEpoch(run, former, measure, byEpoch)
                : byBatch(run, former, run.losses(), smoothing, limit, Kind.LOSS);
    }

    private static Table byBatch(RunLog run, RunLog former, Growing values, double smoothing, int limit, Kind kind) {
        Growing before = former == null || kind != Kind.LOSS ? null : former.losses();
        int size = Math.max(values.size(), before == null ? 0 : before.size());
        int width = Math.max(1, (size + limit - 1) / limit);
        int places = (size + width - 1) / width;
        double[] x = new double[places];
        for (int i = 0; i < places; i++) {
            x[i] = Math.min(size, (i + 1.0) * width);
        }
        List<Column> columns = new ArrayList<>();
        double[] lowest = none(places);
        double[] highest = none(places);
        for (int i = 0; i < values.size(); i++) {
            double value = values.get(i);
            int place = i / width;
            // What is not finite has no place on an axis.
            if (Double.isFinite(value)) {
                lowest[place] = Double.isNaN(lowest[place]) ? value : Math.min(lowest[place], value);
                highest[place] = Double.isNaN(highest[place]) ? value : Math.max(highest[place], value);
            }
        }
        columns.add(new Column(Kind.LOWEST, lowest));
        columns.add(new Column(Kind.HIGHEST, highest));
        if (before != null) {
            columns.add(new Column(Kind.FORMER_LOSS, smoothed(before, smoothing, width, places)));
        }
        columns.add(new Column(kind, smoothed(values, smoothing, width, places)));
        if (kind == Kind.LOSS) {
            columns.add(new Column(Kind.TEST_LOSS, tests(run, width, places)));
        }
        return new Table(x, columns);
    }

    private static double[] tests(RunLog run, int width, int places) {
        double[] tests = none(places);
        for (var epoch : run.epochs()) {
            int place = (int) ((epoch.batch() - 1) / width);
            if (place >= 0 && place < places) {
                tests[place] = epoch.testLoss();
            }
        }
        return tests;
    }

    private static Table byEpoch(RunLog run, RunLog former, Measure measure, boolean byEpoch) {
        int now = run.epochs().size();
        int before = former == null || !byEpoch ? 0 : former.epochs().size();
        int places = Math.max(now, before);
        double[] x = new double[places];
        double[] train = none(places);
        double[] test = none(places);
        double[] formerTrain = none(places);
        double[] formerTest = none(places);
        boolean loss = measure == Measure.LOSS;
        for (int i = 0; i < before; i++) {
            var epoch = former.epochs().get(i);
            x[i] = epoch.epoch();
            formerTrain[i] = epoch.trainLoss();
            formerTest[i] = loss ? epoch.testLoss() : epoch.testAccuracy();
        }
        for (int i = 0; i < now; i++) {
            var epoch = run.epochs().get(i);
            x[i] = byEpoch ? epoch.epoch() : epoch.batch();
            train[i] = loss ? epoch.trainLoss() : epoch.trainAccuracy();
            test[i] = loss ? epoch.testLoss() : epoch.testAccuracy();
        }
        List<Column> columns = new ArrayList<>();
        if (before > 0 && loss) {
            columns.add(new Column(Kind.FORMER_LOSS, formerTrain));
        }
        if (before > 0) {
            columns.add(new Column(loss ? Kind.FORMER_TEST_LOSS : Kind.FORMER_TEST_ACCURACY, formerTest));
        }
        columns.add(new Column(loss ? Kind.LOSS : Kind.TRAIN_ACCURACY, train));
        columns.add(new Column(loss ? Kind.TEST_LOSS : Kind.TEST_ACCURACY, test));
        return new Table(x, columns);
    }

    private static double[] none(int size) {
        double[] none = new double[size];
        java.util.Arrays.fill(none, Double.NaN);
        return none;
    }

    /**
     * An exponential moving average whose beginning is not drawn to zero: after n numbers the mean of them all weighted
     * by weight^age, divided by the sum of the weights. What is not finite is passed over.
     *
     * @param weight 0 leaves the numbers as they are; below 1
     */
    static double[] smooth(Growing values, double weight) {
        double[] out = new double[values.size()];
        double mean = 0;
        double left = 1;
        for (int i = 0; i < out.length; i++) {
            double value = values.get(i);
            if (Double.isFinite(value)) {
                mean = weight * mean + (1 - weight) * value;
                left *= weight;
                out[i] = mean / (1 - left);
            } else {
                out[i] = Double.NaN;
            }
        }
        return out;
    }

    /** The smoothed numbers at the end of each place. */
    private static double[] smoothed(Growing values, double weight, int width, int places) {
        double[] all = smooth(values, weight);
        double[] out = none(places);
        for (int i = 0; i < places && i * width < all.length; i++) {
            if (weight > 0 || width == 1) {
                out[i] = all[Math.min(all.length, (i + 1) * width) - 1];
            } else {
                out[i] = mean(all, i * width, Math.min(all.length, (i + 1) * width));
            }
        }
        return out;
    }

    private static double mean(double[] values, int from, int to) {
        double sum = 0;
        int count = 0;
        for (int i = from; i < to; i++) {
            if (!Double.isNaN(values[i])) {
                sum += values[i];
                count++;
            }
        }
        return count == 0 ? Double.NaN : sum / count;
    }
}

package dev.backstep.engine.train;

import dev.backstep.engine.graph.Reason;
import java.util.List;

/**
 * What a run tells, wherever it runs: in the page's worker, on the server, on another machine. "Batch" counts from the
 * beginning of the run: n says that n batches have been taken.
 */
public sealed interface RunEvent {
    /**
     * The run is ready.
     *
     * @param batches of one epoch
     * @param total of all epochs
     * @param train how many samples are learned from
     * @param test how many are held out
     * @param classes their names; empty where values are predicted
     * @param features their names
     * @param parameters names, in the order of the document
     */
    record Started(int batches, long total, int train, int test, List<String> classes, List<String> features,
            List<String> parameters) implements RunEvent {}

    /**
     * Where the run stands, and whether it goes on.
     *
     * @param batch how many were taken; after going back, fewer than before: what was told of later ones holds no more
     * @param rate batches a second, of late; 0 where that is not known
     */
    record At(State state, long batch, int epoch, double rate) implements RunEvent {}

    /** Whether a run goes on. */
    enum State { RUNNING, PAUSED, DONE, DIVERGED, STOPPED }

    /**
     * Losses of batches, and the total norm of their gradients before clipping.
     *
     * @param first the number of the first of them, from 1
     */
    record Losses(long first, double[] losses, double[] norms) implements RunEvent {}

    /**
     * The measure of an epoch; a figure that does not apply is NaN.
     *
     * @param batch how many batches were taken when it was measured
     * @param trainLoss the mean of the epoch's batches
     * @param testLoss of the held-out samples, in {@code eval} mode
     * @param trainAccuracy the share of the training samples that are classified rightly, in {@code eval} mode
     * @param lr the optimizer's learning rate in this epoch
     */
    record EpochEnd(int epoch, long batch, double trainLoss, double testLoss, double trainAccuracy,
            double testAccuracy, double lr) implements RunEvent {}

    /**
     * Something goes wrong that the run does not stop for.
     *
     * @param code {@code grad_norm}, {@code dead_relu}, {@code vanishing}, {@code exploding}, {@code not_finite},
     *     {@code not_cleared} (gradients add up because zero_grad is left out), {@code not_updated},
     *     {@code device_failed} (the batches since the last checkpoint were computed again, elsewhere)
     * @param node the box where it shows, or null
     * @param value the number that tells, or NaN
     */
    record Warning(long batch, String code, String node, double value) implements RunEvent {}

    /**
     * How fast batches are in one place.
     *
     * @param device its name, or {@code eager} for ops one after another
     * @param micros microseconds a batch; NaN where that was not measured
     * @param reason why batches are not compiled there, or null
     */
    record Timing(String device, double micros, String reason) {}

    /** Where batches are computed from now on, and how fast each place was; told again when it changes. */
    record Place(long batch, String device, List<Timing> timings) implements RunEvent {}

    /**
     * Predictions on a grid, row by row from the least x2 to the greatest.
     *
     * @param classes the predicted class at each place, or null where values are predicted
     * @param values the value predicted, or how sure the class is (0 to 1)
     * @param points the samples: x1, x2, target, and 1 where held out, one after the other; empty where they are
     *     those of the picture before, which they are until the next {@link RunCommand.Watch}
     */
    record Boundary(long batch, int columns, int rows, double[] range, int[] classes, double[] values, double[] points)
            implements RunEvent {}

    /**
     * Predictions along one feature: pairs of x and prediction; samples as x, target, and 1 where held out, empty as a
     * boundary's are.
     */
    record Line(long batch, double[] line, double[] points) implements RunEvent {}

    /** Counts by true class (row) and predicted class (column), of the held-out samples. */
    record Confusion(long batch, int classes, int[] counts) implements RunEvent {}

    /** One held-out sample: its features, what it is, and what was predicted, with its share or value. */
    record Prediction(double[] features, double target, double predicted, double share) {}

    record Predictions(long batch, List<Prediction> samples) implements RunEvent {}

    /** A histogram: counts in equal bins from the least to the greatest. */
    record Bins(double least, double greatest, int[] counts) {}

    /** The values and gradients of each parameter, as {@link Started#parameters} lists them; a gradient may be null. */
    record Histograms(long batch, List<Bins> values, List<Bins> gradients) implements RunEvent {}

    /** The norm of each parameter's gradient, NaN where there is none. */
    record Norms(long batch, double[] norms) implements RunEvent {}

    /** Everything that is needed to go on from here, as {@link Checkpoint#write} has it. */
    record Saved(long batch, byte[] bytes) implements RunEvent {}

    /** The run cannot begin or go on. */
    record Failed(Reason reason) implements RunEvent {}
}

package dev.backstep.web.train;

import dev.backstep.engine.graph.Reason;
import dev.backstep.engine.train.RunEvent;
import java.util.ArrayList;
import java.util.List;

/**
 * What a run has told so far. Going back forgets what was told of later batches. Samples are told once, and belong to
 * all later pictures.
 */
public final class RunLog {
    private static final int MAX_MOMENTS = 64;
    private static final int MAX_WARNINGS = 200;

    private final Growing losses = new Growing();
    private final Growing norms = new Growing();
    private final List<RunEvent.EpochEnd> epochs = new ArrayList<>();
    private final List<RunEvent.Warning> warnings = new ArrayList<>();
    private final Thinned<RunEvent.Histograms> histograms = new Thinned<>(MAX_MOMENTS);
    private final Thinned<RunEvent.Norms> layerNorms = new Thinned<>(MAX_MOMENTS);
    private RunEvent.Started started;
    private RunEvent.At at;
    private RunEvent.Place place;
    private RunEvent.Boundary boundary;
    private RunEvent.Line line;
    private RunEvent.Confusion confusion;
    private RunEvent.Predictions predictions;
    private Reason failure;

    /** Takes what the run told. */
    public void take(RunEvent event) {
        switch (event) {
            case RunEvent.Started told -> started = told;
            case RunEvent.At told -> {
                at = told;
                cut(told.batch());
            }
            case RunEvent.Losses told -> {
                for (int i = 0; i < told.losses().length; i++) {
                    int index = (int) told.first() - 1 + i;
                    losses.put(index, told.losses()[i]);
                    norms.put(index, told.norms()[i]);
                }
            }
            case RunEvent.EpochEnd told -> epochs.add(told);
            case RunEvent.Warning told -> warn(told);
            case RunEvent.Place told -> place = told;
            case RunEvent.Boundary told -> boundary = told.points().length > 0 || boundary == null ? told
                    : new RunEvent.Boundary(told.batch(), told.columns(), told.rows(), told.range(), told.classes(),
                            told.values(), boundary.points());
            case RunEvent.Line told -> line = told.points().length > 0 || line == null ? told
                    : new RunEvent.Line(told.batch(), told.line(), line.points());
            case RunEvent.Confusion told -> confusion = told;
            case RunEvent.Predictions told -> predictions = told;
            case RunEvent.Histograms told -> histograms.add(told.batch(), told);
            case RunEvent.Norms told -> layerNorms.add(told.batch(), told);
            case RunEvent.Saved _ -> { }
            case RunEvent.Failed told -> failure = told.reason();
        }
    }

    /** Where its batches are computed, and how fast each place was; null before that is known. */
    public RunEvent.Place place() {
        return place;
    }

    private void cut(long batch) {
        losses.cut((int) Math.min(Integer.MAX_VALUE, batch));
        norms.cut((int) Math.min(Integer.MAX_VALUE, batch));
        epochs.removeIf(epoch -> epoch.batch() > batch);
        warnings.removeIf(warning -> warning.batch() > batch);
        histograms.cut(batch);
        layerNorms.cut(batch);
    }

    /** Of the same complaint at the same box the first and the last stay, so that a long run's list stays short. */
    private void warn(RunEvent.Warning told) {
        long same = warnings.stream().filter(warning -> isSame(warning, told)).count();
        if (same > 1) {
            for (int i = warnings.size() - 1; i >= 0; i--) {
                if (isSame(warnings.get(i), told)) {
                    warnings.remove(i);
                    break;
                }
            }
        }
        if (warnings.size() < MAX_WARNINGS) {
            warnings.add(told);
        }
    }

    private static boolean isSame(RunEvent.Warning a, RunEvent.Warning b) {
        return a.code().equals(b.code()) && (a.node() == null ? b.node() == null : a.node().equals(b.node()));
    }

    /** What the run said when it was ready; null before. */
    public RunEvent.Started started() {
        return started;
    }

    /** Where it stands; null before it said so. */
    public RunEvent.At at() {
        return at;
    }

    public RunEvent.State state() {
        return at == null ? null : at.state();
    }

    public boolean isRunning() {
        return state() == RunEvent.State.RUNNING;
    }

    /** How many batches were taken. */
    public long batch() {
        return at == null ? losses.size() : at.batch();
    }

    /** The loss of each batch. */
    public Growing losses() {
        return losses;
    }

    /** The total norm of the gradients of each batch, before clipping. */
    public Growing norms() {
        return norms;
    }

    public List<RunEvent.EpochEnd> epochs() {
        return epochs;
    }

    /** The last epoch that ended, or null. */
    public RunEvent.EpochEnd lastEpoch() {
        return epochs.isEmpty() ? null : epochs.getLast();
    }

    public List<RunEvent.Warning> warnings() {
        return warnings;
    }

    public Thinned<RunEvent.Histograms> histograms() {
        return histograms;
    }

    public Thinned<RunEvent.Norms> layerNorms() {
        return layerNorms;
    }

    public RunEvent.Boundary boundary() {
        return boundary;
    }

    public RunEvent.Line line() {
        return line;
    }

    public RunEvent.Confusion confusion() {
        return confusion;
    }

    public RunEvent.Predictions predictions() {
        return predictions;
    }

    /** Why it could not begin or go on, or null. */
    public Reason failure() {
        return failure;
    }
}

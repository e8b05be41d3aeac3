package dev.backstep.web.train;

import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.train.RunEvent;
import java.util.List;

/**
 * A run to go on with: its document, its last checkpoint, and the curves up to there.
 *
 * @param graph what the run trains, its loop's settings included
 * @param checkpoint as {@link RunEvent.Saved} has it
 */
public record Kept(Graph graph, long batch, Bytes checkpoint, double[] losses, double[] norms,
        List<RunEvent.EpochEnd> epochs) {
    /** The checkpoint, ready to be read, which takes a moment for a large net. */
    public byte[] bytes() {
        return checkpoint.here();
    }

    /** How many bytes the checkpoint has. */
    public int size() {
        return checkpoint.size();
    }

    /** What is to be kept of a run that has told so much, at a checkpoint. */
    static Kept of(Graph graph, RunLog log, long batch, Bytes checkpoint) {
        int size = (int) Math.min(log.losses().size(), batch);
        double[] losses = new double[size];
        double[] norms = new double[size];
        for (int i = 0; i < size; i++) {
            losses[i] = log.losses().get(i);
            norms[i] = log.norms().get(i);
        }
        List<RunEvent.EpochEnd> epochs = log.epochs().stream().filter(end -> end.batch() <= batch).toList();
        return new Kept(graph, batch, checkpoint, losses, norms, epochs);
    }

    /** Tells a new log what was told up to the checkpoint. */
    void tell(RunLog log) {
        if (losses.length > 0) {
            log.take(new RunEvent.Losses(1, losses, norms));
        }
        epochs.forEach(log::take);
        int epoch = epochs.isEmpty() ? 0 : epochs.getLast().epoch();
        log.take(new RunEvent.At(RunEvent.State.PAUSED, batch, epoch, 0));
    }
}

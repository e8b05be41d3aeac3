package dev.backstep.engine.train;

import java.util.Arrays;

/** Losses and norms of batches that nobody was told of yet. */
final class Untold {
    private double[] losses = new double[256];
    private double[] norms = new double[256];
    private long first;
    private int count;

    boolean isEmpty() {
        return count == 0;
    }

    /** Adds a batch, the one after those that are there. */
    void add(long batch, double loss, double norm) {
        if (count == losses.length) {
            losses = Arrays.copyOf(losses, 2 * count);
            norms = Arrays.copyOf(norms, 2 * count);
        }
        first = count == 0 ? batch : first;
        losses[count] = loss;
        norms[count++] = norm;
    }

    /** All of them; from here on they are told. */
    RunEvent.Losses take() {
        RunEvent.Losses event = new RunEvent.Losses(first, Arrays.copyOf(losses, count), Arrays.copyOf(norms, count));
        count = 0;
        return event;
    }
}

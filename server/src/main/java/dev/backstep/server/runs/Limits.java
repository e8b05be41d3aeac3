package dev.backstep.server.runs;

import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.train.Estimate;
import java.time.Duration;
import java.util.Optional;

/**
 * How much may be asked of this server.
 *
 * @param queue runs of all clients that are not over yet
 * @param perClient the same of one client
 * @param perMinute runs that one client may ask for in a minute
 * @param batches of one run, all epochs together
 * @param tensorBytes memory that one run may hold; {@link Estimate} tells before whether it will
 * @param time how long a worker may compute on one run
 * @param points of a sweep
 */
public record Limits(int queue, int perClient, int perMinute, long batches, long tensorBytes, Duration time,
        int points) {
    /** What runs may have of a process's memory, so that the rest of it goes on. */
    private static final double SHARE = 0.75;

    /** Why a run cannot have this document for its memory, if it cannot. */
    Optional<String> refusal(Graph graph) {
        long bytes = Estimate.bytes(graph);
        return bytes <= tensorBytes ? Optional.empty() : Optional.of(("The run needs about %,d MB; this server gives a"
                + " run %,d MB. Smaller batches or layers need less.")
                .formatted(bytes / 1_000_000, tensorBytes / 1_000_000));
    }

    /** These, with no more memory for a run than it can have beside the other runs of a process with such a heap. */
    public Limits within(long heap, int threads) {
        long each = threads == 0 ? tensorBytes : (long) (SHARE * heap / threads);
        return new Limits(queue, perClient, perMinute, batches, Math.min(tensorBytes, each), time, points);
    }
}

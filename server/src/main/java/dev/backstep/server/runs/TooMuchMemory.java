package dev.backstep.server.runs;

/** A run asked for more memory than it may hold. */
final class TooMuchMemory extends RuntimeException {
    private static final long serialVersionUID = 1;
    private static final int MEGA = 1_000_000;

    private TooMuchMemory(String message) {
        super(message, null, false, false);
    }

    /** A run that holds {@code held} bytes and would need {@code needed}, of {@code limit} that it may. */
    static TooMuchMemory beyond(long limit, long held, long needed) {
        return new TooMuchMemory(("The run held %,d MB and needed %,d MB; this server gives a run %,d MB. Does"
                + " something grow from batch to batch, such as a sum that keeps its graph? Smaller batches or layers"
                + " need less.")
                .formatted(held / MEGA, (needed + MEGA - 1) / MEGA, limit / MEGA));
    }

    /** The process ran out, and of its runs the one that holds so many bytes goes. */
    static TooMuchMemory ofProcess(long held) {
        return new TooMuchMemory(("The server ran out of memory while the run held %,d MB, more than any other run."
                + " Smaller batches or layers need less.").formatted(held / MEGA));
    }
}

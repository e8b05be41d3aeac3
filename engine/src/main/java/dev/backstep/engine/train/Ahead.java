package dev.backstep.engine.train;

/**
 * How many batches may be on their way to a device that answers late: what it does in about a frame or three. More would
 * not be done sooner, and whoever pauses, draws or shows a page on that device would wait behind them.
 */
final class Ahead {
    private static final double AHEAD_NANOS = 50e6;
    /** One is computed while the next one waits. */
    private static final int FEWEST = 2;

    private long batch = -1;
    private long since;
    /** Nanoseconds that a batch takes, of late; 0 where nobody knows. */
    private double each;

    int most() {
        return each == 0 ? FEWEST : (int) Math.max(FEWEST, AHEAD_NANOS / each);
    }

    /** Says up to which batch answers have come. */
    void answered(long upTo, long now) {
        if (batch >= 0 && upTo > batch) {
            double lately = (double) (now - since) / (upTo - batch);
            each = each == 0 ? lately : (each + lately) / 2;
        }
        if (batch < 0 || upTo != batch) {
            batch = upTo;
            since = now;
        }
    }

    /** The time that passes now is not spent on batches. */
    void rest() {
        batch = -1;
    }
}

package dev.backstep.web.ui.train;

import dev.backstep.web.jso.Platform;

/** How much memory a run may need in a tab before the browser becomes slow or ends it. */
final class TabMemory {
    private static final long MOST = 1L << 30;
    private static final int SHARE = 4;

    private TabMemory() {}

    /** In bytes: a quarter of the machine's memory, as far as the browser tells it, but no more than 1 GiB. */
    static long bytes() {
        double machine = Platform.memoryGigabytes() * MOST;
        return machine > 0 ? Math.min(MOST, (long) machine / SHARE) : MOST;
    }

    static boolean fits(long needed) {
        return needed <= bytes();
    }
}

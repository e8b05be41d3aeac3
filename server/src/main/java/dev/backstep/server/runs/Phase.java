package dev.backstep.server.runs;

import java.util.Locale;

/** Where a run stands, seen from outside. */
enum Phase {
    QUEUED, RUNNING, PAUSED, DONE, DIVERGED, STOPPED, FAILED;

    /** Whether it is over for good. */
    boolean isFinal() {
        return compareTo(DONE) >= 0;
    }

    /** As the database and the interface over HTTP write it. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Phase of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}

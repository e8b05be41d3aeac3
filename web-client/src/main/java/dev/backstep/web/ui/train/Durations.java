package dev.backstep.web.ui.train;

import dev.backstep.web.ui.Text;
import dev.backstep.web.value.NumberText;

/** Times and paces in words. */
final class Durations {
    private static final int MINUTE = 60;
    private static final int HOUR = 3_600;

    private Durations() {}

    /** So many seconds, roughly. */
    static String text(double seconds) {
        if (seconds < 1) {
            return Text.of("train.time.moment");
        }
        if (seconds < 1.5 * MINUTE) {
            return Text.of("train.time.seconds", Math.round(seconds));
        }
        return seconds < 1.5 * HOUR ? Text.of("train.time.minutes", Math.round(seconds / MINUTE))
                : Text.of("train.time.hours", NumberText.grouped(Math.round(seconds / HOUR)));
    }
}

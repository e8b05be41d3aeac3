package dev.backstep.web.ui.train;

import dev.backstep.web.value.NumberText;

/** Bytes in words. */
final class Sizes {
    private static final int THOUSAND = 1_000;
    private static final int MILLION = 1_000_000;

    private Sizes() {}

    static String text(long bytes) {
        if (bytes < THOUSAND) {
            return bytes + " B";
        }
        return bytes < MILLION ? tenths(bytes, THOUSAND) + " kB" : tenths(bytes, MILLION) + " MB";
    }

    private static String tenths(long bytes, int unit) {
        return bytes < 10L * unit ? String.valueOf(Math.round(10.0 * bytes / unit) / 10.0)
                : NumberText.grouped(Math.round((double) bytes / unit));
    }
}

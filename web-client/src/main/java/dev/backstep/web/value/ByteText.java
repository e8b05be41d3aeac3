package dev.backstep.web.value;

/** Amounts of memory: {@code 12 B}, {@code 3.4 kB}, {@code 5.1 MB}. */
public final class ByteText {
    private static final String[] UNITS = {"B", "kB", "MB", "GB"};

    private ByteText() {}

    public static String of(long bytes) {
        double amount = bytes;
        int unit = 0;
        while (amount >= 1000 && unit < UNITS.length - 1) {
            amount /= 1000;
            unit++;
        }
        double shown = unit == 0 ? amount : Math.round(amount * 10) / 10.0;
        return NumberText.of(shown) + " " + UNITS[unit];
    }
}

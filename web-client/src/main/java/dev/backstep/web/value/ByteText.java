package dev.backstep.web.value;

/** Sizes of memory as people read them: {@code 24 B}, {@code 1.5 KiB}, {@code 12 MiB}. */
public final class ByteText {
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB"};

    private ByteText() {}

    public static String of(long bytes) {
        double size = bytes;
        int unit = 0;
        while (size >= 1024 && unit < UNITS.length - 1) {
            size /= 1024;
            unit++;
        }
        double shown = size < 10 ? Math.round(size * 10) / 10.0 : Math.round(size);
        return NumberText.of(shown) + " " + UNITS[unit];
    }
}

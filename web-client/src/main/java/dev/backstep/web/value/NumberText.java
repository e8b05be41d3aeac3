package dev.backstep.web.value;

/** Numbers as people read them: at most five digits that matter, no trailing zeros, {@code 1.2e-7} where small. */
public final class NumberText {
    private static final double LARGE = 1e6;
    private static final double SMALL = 1e-4;

    private NumberText() {}

    /** Short, for a box or a label. */
    public static String of(double value) {
        if (Double.isNaN(value)) {
            return "nan";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "inf" : "-inf";
        }
        double size = Math.abs(value);
        if (size == Math.rint(size) && size < LARGE) {
            return String.valueOf((long) value);
        }
        if (size < SMALL || size >= LARGE) {
            return scientific(value, 3);
        }
        int decimals = size >= 1000 ? 1 : size >= 100 ? 2 : size >= 10 ? 3 : 4;
        return rounded(value, decimals);
    }

    /** Three digits that matter, where there is little room. */
    public static String brief(double value) {
        double size = Math.abs(value);
        if (!(size <= Double.MAX_VALUE) || size == 0) {
            return of(value);
        }
        if (size < 0.001 || size >= 100_000) {
            return scientific(value, 1);
        }
        int decimals = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
        return rounded(value, decimals);
    }

    /** In full: what was typed comes back as it was. */
    public static String exact(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return of(value);
        }
        if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            return value == 0 && 1 / value < 0 ? "-0" : String.valueOf((long) value);
        }
        return Double.toString(value).replace('E', 'e');
    }

    /** A whole number with its thousands set apart: 12,345. */
    public static String grouped(long number) {
        StringBuilder digits = new StringBuilder(String.valueOf(Math.abs(number)));
        for (int at = digits.length() - 3; at > 0; at -= 3) {
            digits.insert(at, ',');
        }
        return number < 0 ? "-" + digits : digits.toString();
    }

    /** So many a second: 0.3, 12, 1,234. */
    public static String rate(double rate) {
        return rate < 10 ? of(Math.round(10 * rate) / 10.0) : grouped(Math.round(rate));
    }

    private static String scientific(double value, int decimals) {
        int exponent = (int) Math.floor(Math.log10(Math.abs(value)));
        double mantissa = value / Math.pow(10, exponent);
        String digits = rounded(mantissa, decimals);
        if (digits.equals("10") || digits.equals("-10")) {
            return scientific(Math.signum(value) * Math.pow(10, exponent + 1), decimals);
        }
        return digits + "e" + exponent;
    }

    private static String rounded(double value, int decimals) {
        long scale = Math.round(Math.pow(10, decimals));
        long units = Math.round(Math.abs(value) * scale);
        StringBuilder text = new StringBuilder(value < 0 && units != 0 ? "-" : "").append(units / scale);
        String fraction = String.valueOf(scale + units % scale).substring(1);
        int end = fraction.length();
        while (end > 0 && fraction.charAt(end - 1) == '0') {
            end--;
        }
        return end == 0 ? text.toString() : text.append('.').append(fraction, 0, end).toString();
    }
}

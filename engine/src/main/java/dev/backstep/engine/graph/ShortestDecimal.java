package dev.backstep.engine.graph;

/**
 * The shortest decimal that reads back as a float. {@code Float.toString} gives it too, but not to the last digit the
 * same on the JVM and in the browser.
 */
final class ShortestDecimal {
    private static final int MAX_DIGITS = 9;
    /** Powers of ten up to this one are exact in a double. */
    private static final int EXACT = 22;

    private ShortestDecimal() {}

    /**
     * The double that is nearest to that decimal, so that printing the double prints the decimal: 0.1 for 0.1f.
     *
     * @param value finite
     */
    static double of(float value) {
        if (value == (int) value && Math.abs(value) <= 1 << 24) {
            return value;
        }
        int exponent = (int) Math.floor(Math.log10(Math.abs((double) value)));
        for (int digits = 1; digits < MAX_DIGITS; digits++) {
            double decimal = rounded(value, digits - 1 - exponent);
            // As bits: in JavaScript a cast to float does not round, only this does.
            if (Float.floatToIntBits((float) decimal) == Float.floatToIntBits(value)) {
                return decimal;
            }
        }
        return rounded(value, MAX_DIGITS - 1 - exponent);
    }

    /** The value rounded to so many decimal places, which may be negative; {@code rint} differs in JavaScript. */
    private static double rounded(double value, int places) {
        if (places >= 0 && places <= EXACT) {
            double scale = power(places);
            return Math.floor(value * scale + 0.5) / scale;
        }
        // 10^places is not exact: it serves to find the digits, and reading them as text rounds once.
        double scaled = places > 0 ? value * power(places) : value / power(-places);
        return Double.parseDouble((long) Math.floor(scaled + 0.5) + "E" + -places);
    }

    private static double power(int exponent) {
        double power = 1;
        for (int i = 0; i < exponent; i++) {
            power *= 10;
        }
        return power;
    }
}

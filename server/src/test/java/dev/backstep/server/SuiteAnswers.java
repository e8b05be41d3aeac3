package dev.backstep.server;

import dev.backstep.engine.suite.Case;

/** What a device answers to a case of the suite, beside what the CPU does. */
public final class SuiteAnswers {
    /** An error relative to the largest number of the case: float32 step by step, sums in another order. */
    private static final double TOLERANCE = 1e-5;

    private SuiteAnswers() {}

    /** How an answer differs from the CPU's, or null where it is near enough. */
    public static String difference(Case test, String answer) {
        String[] want = test.run().split(" ");
        String[] have = answer.split(" ");
        if (want.length != have.length) {
            return String.join(" ", want) + " | " + answer;
        }
        double largest = 1;
        for (String word : want) {
            double value = isFloat(word) ? number(word) : 0;
            largest = Double.isFinite(value) ? Math.max(largest, Math.abs(value)) : largest;
        }
        double allowed = TOLERANCE * largest;
        for (int i = 0; i < want.length; i++) {
            if (!want[i].equals(have[i])) {
                if (!isFloat(want[i]) || !isFloat(have[i])) {
                    return want[i] + " is " + have[i];
                }
                double expected = number(want[i]);
                double actual = number(have[i]);
                boolean same = expected == actual || Double.isNaN(expected) && Double.isNaN(actual)
                        || Math.abs(expected - actual) <= allowed;
                if (!same) {
                    return "number " + i + " is " + actual + " instead of " + expected;
                }
            }
        }
        return null;
    }

    private static boolean isFloat(String word) {
        return word.matches("[0-9a-f]{8}");
    }

    private static double number(String bits) {
        return Float.intBitsToFloat(Integer.parseUnsignedInt(bits, 16));
    }
}

package dev.backstep.web.train;

import java.util.ArrayList;
import java.util.List;

/**
 * A list of numbers as it was typed, with commas, semicolons or spaces between them.
 *
 * @param values empty where the list is wrong
 * @param flaw what is wrong, or null
 * @param word what of it
 */
public record TypedValues(List<Double> values, Flaw flaw, String word) {
    /** What may be wrong: nothing there, no number, none that is whole, a width below 1, a number twice. */
    public enum Flaw { EMPTY, NUMBER, WHOLE, WIDTH, TWICE }

    /** The largest whole number that a double counts to. */
    private static final double LARGEST = 9_007_199_254_740_991.0;

    public static TypedValues read(String text, Knob knob) {
        List<Double> values = new ArrayList<>();
        for (String word : text.strip().split("[\\s,;，；、]+")) {
            if (word.isEmpty()) {
                continue;
            }
            double value = number(word);
            Flaw flaw = !Double.isFinite(value) ? Flaw.NUMBER
                    : knob.isWhole() && (value != Math.rint(value) || Math.abs(value) > LARGEST) ? Flaw.WHOLE
                    : knob.kind() == Knob.Kind.WIDTH && value < 1 ? Flaw.WIDTH
                    : values.contains(value) ? Flaw.TWICE : null;
            if (flaw != null) {
                return new TypedValues(List.of(), flaw, word);
            }
            values.add(value);
        }
        return values.isEmpty() ? new TypedValues(List.of(), Flaw.EMPTY, "")
                : new TypedValues(List.copyOf(values), null, "");
    }

    private static double number(String word) {
        // Java alone would take 1d and 0x1p3 for numbers.
        if (!word.matches("[-+]?[0-9.]+([eE][-+]?[0-9]+)?")) {
            return Double.NaN;
        }
        try {
            return Double.parseDouble(word) + 0.0; // no -0, which equals 0
        } catch (NumberFormatException points) {
            return Double.NaN;
        }
    }
}

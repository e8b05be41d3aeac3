package dev.backstep.engine.suite;

import java.util.function.Supplier;

/**
 * One check.
 *
 * @param name unique among the cases
 * @param exact true: every place gives the same bits; false: within 2 ulp
 * @param body computes the line of results, words separated by blanks: a float32 as 8 hexadecimal digits of its bits,
 *         a float64 as 16, anything else as it is
 */
public record Case(String name, boolean exact, Supplier<String> body) {
    /** Runs the check and returns its line of results. */
    public String run() {
        return body.get();
    }
}

package dev.backstep.engine.tensor;

import dev.backstep.engine.backend.DType;

/**
 * {@code a b + c} rounded once, as a processor's fused operation gives it, for runtimes that have none. Right where
 * nothing overflows or gets subnormal on the way. No sum here has a sum or difference on its right: TeaVM writes
 * {@code a + (b - c)} into JavaScript without the brackets.
 */
final class FusedMultiplyAdd {
    private FusedMultiplyAdd() {
    }

    /** Of float64 numbers. */
    static double mulAdd(double a, double b, double c) {
        double product = a * b;
        double sum = product + c;
        double x = lost(product, c, sum);
        double y = lostOfProduct(a, b, product);
        double rest = x + y;
        double rounded = rest == 0 ? sum : sum + rest;
        double left = rest - (rounded - sum);
        double next = rounded + 2 * left;
        // Half way between two numbers what the rest lost decides.
        return next - rounded == 2 * left && left * lost(x, y, rest) > 0 ? next : rounded;
    }

    /** Of float32 numbers, whose product is exact in double. */
    static double mulAddFloat(double a, double b, double c) {
        double product = a * b;
        double sum = product + c;
        double rounded = DType.float32(sum);
        double left = sum - rounded;
        double next = rounded + 2 * left;
        return DType.float32(next) == next && left * lost(product, c, sum) > 0 ? next : rounded;
    }

    /** {@code a + b - sum}, exactly, where the sum is the rounded one (D. E. Knuth). */
    private static double lost(double a, double b, double sum) {
        double shifted = sum - a;
        return a - (sum - shifted) - (shifted - b);
    }

    /** {@code a b - product}, exactly, where the product is the rounded one (T. J. Dekker). */
    static double lostOfProduct(double a, double b, double product) {
        double aHigh = high(a);
        double bHigh = high(b);
        double aLow = a - aHigh;
        double bLow = b - bHigh;
        return aHigh * bHigh - product + aHigh * bLow + aLow * bHigh + aLow * bLow;
    }

    /** The upper half of a number's bits (G. W. Veltkamp). */
    private static double high(double x) {
        double wide = x * 0x8000001p0;
        return wide - (wide - x);
    }
}

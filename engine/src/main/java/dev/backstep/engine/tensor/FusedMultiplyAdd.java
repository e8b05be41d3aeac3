package dev.backstep.engine.tensor;

import dev.backstep.engine.backend.DType;

/**
 * {@code a b + c} rounded once, as a processor's fused operation gives it, for runtimes that have none. Right where
 * nothing overflows or gets subnormal on the way.
 */
final class FusedMultiplyAdd {
    private FusedMultiplyAdd() {
    }

    /** Of float64 numbers: the product's and the sum's errors are kept and added last. */
    static double mulAdd(double a, double b, double c) {
        double product = a * b;
        double sum = product + c;
        double shifted = sum - product;
        return sum + oddSum(product - (sum - shifted) + (c - shifted), lost(a, b, product));
    }

    /** Of float32 numbers, whose product is exact in double. */
    static double mulAddFloat(double a, double b, double c) {
        return DType.FLOAT32.round(oddSum(a * b, c));
    }

    /** {@code a b - product}, exactly, where the product is the rounded one (T. J. Dekker). */
    static double lost(double a, double b, double product) {
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

    /**
     * A sum rounded to odd: of the two numbers beside it, the one whose last bit is 1. A second rounding cannot be
     * misled by it (S. Boldo, G. Melquiond, IEEE Transactions on Computers 57, 2008).
     */
    private static double oddSum(double a, double b) {
        double sum = a + b;
        double shifted = sum - a;
        double error = a - (sum - shifted) + (b - shifted);
        if (error != 0) {
            long bits = Double.doubleToRawLongBits(sum);
            if ((bits & 1) == 0) {
                sum = Double.longBitsToDouble(error > 0 == sum > 0 ? bits + 1 : bits - 1);
            }
        }
        return sum;
    }
}

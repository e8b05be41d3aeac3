package dev.backstep.engine.backend.device;

import dev.backstep.engine.backend.Kernel;
import dev.backstep.engine.expr.Fn;

/**
 * How far a device may be from the CPU, in units in the last place of float32. Numbers that float32 holds only as
 * denormals may be zeros: few GPUs keep them.
 */
public final class Tolerance {
    /** Quotients by larger numbers are left open: WGSL and many GPUs take them from a reciprocal that is zero. */
    private static final float LARGEST_DIVISOR = 0x1p126f;
    /** Of larger angles no digits of a sine in float32 are asked for. */
    private static final float LARGEST_ANGLE = 1e4f;
    /** Beside units in the last place, an error of a sum or a sine near its zeros. */
    private static final float ABSOLUTE = 2e-6f;

    private Tolerance() {
    }

    /** Units in the last place for one function. */
    public static int ulps(Fn fn) {
        return switch (fn) {
            case NEG, ABS, SIGN, FLOOR, ROUND, NOT, ADD, SUB, MUL, MIN, MAX, EQ, NE, LT, LE, GT, GE, AND, OR,
                    SELECT -> 0;
            case DIV, SQRT -> 3;
            case RSQRT -> 4;
            case EXP, EXPM1, LOG, LOG1P, TANH, SIGMOID -> 16;
            case ERF, SIN, COS -> 32;
            case TAN -> 64;
            case POW -> 256;
        };
    }

    /** Units in the last place for a kernel over a few hundred elements; sums are taken in another order. */
    public static int ulps(Kernel kernel) {
        return switch (kernel) {
            case COPY, MAX, MIN, ARGMAX, ARGMIN, GATHER, SCATTER, TWIST, BERNOULLI -> 0;
            case SOFTMAX, LOG_SOFTMAX, SOFTMAX_BACKWARD, LOG_SOFTMAX_BACKWARD -> 64;
            case SUM, PROD, FOLD, CUMSUM, MATMUL, SCATTER_ADD -> 256;
        };
    }

    static boolean isAsked(Fn fn, float x, float y) {
        return switch (fn) {
            case DIV -> !(Math.abs(y) > LARGEST_DIVISOR) || Float.isInfinite(y);
            case SIN, COS, TAN -> !(Math.abs(x) > LARGEST_ANGLE) || Float.isInfinite(x);
            default -> true;
        };
    }

    static boolean agrees(float actual, float expected, int ulps) {
        if (actual != actual || expected != expected) {
            return actual != actual && expected != expected;
        }
        if (actual == expected || distance(actual, expected) <= ulps) {
            return true;
        }
        return isTiny(actual) && isTiny(expected) || ulps > 16 && Math.abs(actual - expected) <= ABSOLUTE;
    }

    private static boolean isTiny(float value) {
        return Math.abs(value) <= Float.MIN_NORMAL;
    }

    /** How many float32 lie between two numbers that are none of NaN. */
    public static long distance(float a, float b) {
        return Math.abs(place(a) - place(b));
    }

    private static long place(float value) {
        int bits = Float.floatToRawIntBits(value);
        return bits < 0 ? -(long) (bits & 0x7fffffff) : bits;
    }
}

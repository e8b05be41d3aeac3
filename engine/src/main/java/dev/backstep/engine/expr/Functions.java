package dev.backstep.engine.expr;

/**
 * Functions that a Java runtime lacks or that not every runtime here computes alike. Only {@link Math} functions that
 * the JVM and browsers share stand below them, so that all places give the same digits.
 */
final class Functions {
    private Functions() {
    }

    /** The nearest integer, the even one of two: adding 2^52 leaves no room for a fraction. */
    static double round(double x) {
        double size = Math.abs(x);
        return size < 0x1p52 ? Math.copySign(size + 0x1p52 - 0x1p52, x) : x;
    }

    /** exp(x) - 1 without cancellation, by Kahan's quotient. */
    static double expm1(double x) {
        if (Math.abs(x) < 1e-5) {
            return x + x * x / 2 + x * x * x / 6;
        }
        double u = Math.exp(x);
        if (u == 1) {
            return x;
        }
        double below = u - 1;
        if (below == -1 || u == Double.POSITIVE_INFINITY) {
            return below;
        }
        return below * x / Math.log(u);
    }

    /** log(1 + x) without cancellation, by Kahan's quotient. */
    static double log1p(double x) {
        double u = 1 + x;
        if (u == 1) {
            return x;
        }
        return u == Double.POSITIVE_INFINITY ? u : Math.log(u) * (x / (u - 1));
    }

    static double tanh(double x) {
        double size = Math.abs(x);
        if (size > 22) {
            return Math.copySign(1, x);
        }
        if (size < 1e-8) {
            return x;
        }
        double t = size > 0.55 ? 1 - 2 / (Math.exp(2 * size) + 1) : small(size);
        return Math.copySign(t, x);
    }

    private static double small(double size) {
        double e = expm1(2 * size);
        return e / (e + 2);
    }

    static double sigmoid(double x) {
        if (x >= 0) {
            return 1 / (1 + Math.exp(-x));
        }
        double e = Math.exp(x);
        return e / (1 + e);
    }

    /** Rational approximations of W. J. Cody, Mathematics of Computation 23 (1969), pages 631 to 637. */
    private static final double[] ERF_P = {3.16112374387056560e00, 1.13864154151050156e02, 3.77485237685302021e02,
        3.20937758913846947e03, 1.85777706184603153e-1};
    private static final double[] ERF_Q = {2.36012909523441209e01, 2.44024637934444173e02, 1.28261652607737228e03,
        2.84423683343917062e03};
    private static final double[] ERFC_P = {5.64188496988670089e-1, 8.88314979438837594e0, 6.61191906371416295e01,
        2.98635138197400131e02, 8.81952221241769090e02, 1.71204761263407058e03, 2.05107837782607147e03,
        1.23033935479799725e03, 2.15311535474403846e-8};
    private static final double[] ERFC_Q = {1.57449261107098347e01, 1.17693950891312499e02, 5.37181101862009858e02,
        1.62138957456669019e03, 3.29079923573345963e03, 4.36261909014324716e03, 3.43936767414372164e03,
        1.23033935480374942e03};

    static double erf(double x) {
        double size = Math.abs(x);
        if (size <= 0.46875) {
            double square = size > 1.11e-16 ? size * size : 0;
            double top = ERF_P[4] * square;
            double bottom = square;
            for (int i = 0; i < 3; i++) {
                top = (top + ERF_P[i]) * square;
                bottom = (bottom + ERF_Q[i]) * square;
            }
            return x * (top + ERF_P[3]) / (bottom + ERF_Q[3]);
        }
        if (size > 6) {
            return Math.copySign(1, x);
        }
        if (size != size) {
            return x;
        }
        return Math.copySign(1 - erfc(size), x);
    }

    /** 1 - erf for 0.46875 and more; up to 6 the middle approximation and the tail's differ below 1e-17 of 1. */
    private static double erfc(double size) {
        double top = ERFC_P[8] * size;
        double bottom = size;
        for (int i = 0; i < 7; i++) {
            top = (top + ERFC_P[i]) * size;
            bottom = (bottom + ERFC_Q[i]) * size;
        }
        return Math.exp(-size * size) * (top + ERFC_P[7]) / (bottom + ERFC_Q[7]);
    }

    /** x to the y as C's pow, which unlike Java's gives 1 for 1 to the NaN and for -1 to an infinity. */
    static double pow(double x, double y) {
        if (y == 2) {
            return x * x;
        }
        if (x == 1 || (x == -1 && Double.isInfinite(y))) {
            return 1;
        }
        return Math.pow(x, y);
    }
}

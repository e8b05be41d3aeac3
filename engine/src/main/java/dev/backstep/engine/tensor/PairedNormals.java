package dev.backstep.engine.tensor;

import static dev.backstep.engine.tensor.FusedMultiplyAdd.mulAdd;
import static dev.backstep.engine.tensor.FusedMultiplyAdd.mulAddFloat;

import dev.backstep.engine.backend.DType;

/**
 * How PyTorch makes sixteen normal numbers of sixteen uniform ones: Box and Muller's pairs, the first eight with the
 * second eight. In float32 the logarithm, sine and cosine are those of S. L. Moshier's Cephes library in single
 * precision, every step rounded as the vector unit rounds it, in float64 the C library's, so that the digits are
 * PyTorch's to the last.
 */
final class PairedNormals {
    static final int COUNT = 16;
    private static final int HALF = COUNT / 2;
    private static final double[] LOG = floats(7.0376836292e-2, -1.1514610310e-1, 1.1676998740e-1, -1.2420140846e-1,
            1.4249322787e-1, -1.6668057665e-1, 2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1);
    private static final double LN2_HIGH = f(0.693359375);
    private static final double LN2_LOW = f(-2.12194440e-4);
    private static final double ROOT_HALF = f(0.707106781186547524);
    private static final double[] SIN = floats(-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1);
    private static final double[] COS = floats(2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2);
    private static final double FOUR_BY_PI = f(1.27323954473516);
    private static final double TWO_PI = f(2 * Math.PI);
    /** A quarter of pi in three parts, of which the first two have few bits. */
    private static final double[] QUARTER_PI = floats(-0.78515625, -2.4187564849853515625e-4, -3.77489497744594108e-8);

    private PairedNormals() {
    }

    private static double[] floats(double... values) {
        for (int i = 0; i < values.length; i++) {
            values[i] = f(values[i]);
        }
        return values;
    }

    private static double f(double x) {
        return DType.float32(x);
    }

    /** The natural logarithm of a positive number. */
    private static double log(double u) {
        int bits = Float.floatToRawIntBits((float) u);
        double e = (bits >> 23) - 126;
        double x = Float.intBitsToFloat(bits & 0x807fffff | 0x3f000000);
        boolean low = x < ROOT_HALF;
        double kept = low ? x : 0;
        x = f(x - 1);
        e = low ? e - 1 : e;
        x = f(x + kept);
        double z = f(x * x);
        double y = LOG[0];
        for (int i = 1; i < LOG.length; i++) {
            y = mulAddFloat(y, x, LOG[i]);
        }
        y = f(y * x);
        y = mulAddFloat(y, z, f(e * LN2_LOW));
        y = mulAddFloat(-z, 0.5, y);
        x = f(x + y);
        return mulAddFloat(e, LN2_HIGH, x);
    }

    /** Sine and cosine of an angle from 0 to 2 pi, into the first two places. */
    private static void sincos(double angle, double[] to) {
        int j = (int) f(angle * FOUR_BY_PI);
        j = j + 1 & ~1;
        double x = angle;
        for (double part : QUARTER_PI) {
            x = mulAddFloat(j, part, x);
        }
        double z = f(x * x);
        double c = COS[0];
        c = mulAddFloat(c, z, COS[1]);
        c = mulAddFloat(c, z, COS[2]);
        c = f(c * z);
        c = mulAddFloat(c, z, -f(z * 0.5));
        c = f(c + 1);
        double s = SIN[0];
        s = mulAddFloat(s, z, SIN[1]);
        s = mulAddFloat(s, z, SIN[2]);
        s = f(s * z);
        s = mulAddFloat(s, x, x);
        boolean swap = (j & 2) != 0;
        double sin = swap ? c : s;
        double cos = swap ? s : c;
        to[0] = (j & 4) != 0 ? -sin : sin;
        to[1] = ((j - 2) & 4) != 0 ? cos : -cos;
    }

    /** Turns the sixteen uniform numbers from {@code from} on into normal ones. */
    static void fill(DType type, double[] values, int from, double mean, double std) {
        double[] sincos = new double[2];
        double scale = f(std);
        double shift = f(mean);
        for (int j = from; j < from + HALF; j++) {
            if (type == DType.FLOAT32) {
                double radius = f(Math.sqrt(f(-2 * log(f(1 - values[j])))));
                sincos(f(TWO_PI * values[j + HALF]), sincos);
                values[j] = mulAddFloat(f(radius * sincos[1]), scale, shift);
                values[j + HALF] = mulAddFloat(f(radius * sincos[0]), scale, shift);
            } else {
                double radius = Math.sqrt(-2 * GlibcMath.log(1 - values[j]));
                double angle = 2 * Math.PI * values[j + HALF];
                values[j] = mulAdd(radius * GlibcMath.cos(angle), std, mean);
                values[j + HALF] = mulAdd(radius * GlibcMath.sin(angle), std, mean);
            }
        }
    }
}

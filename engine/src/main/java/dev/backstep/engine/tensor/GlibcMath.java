package dev.backstep.engine.tensor;

import static dev.backstep.engine.tensor.FusedMultiplyAdd.lostOfProduct;
import static dev.backstep.engine.tensor.FusedMultiplyAdd.mulAdd;

/**
 * Logarithms, sine and cosine of float64 with the last bits of the GNU C library 2.36, on x86-64 with fused
 * multiply-adds. PyTorch makes its float64 normal numbers with them. They are good to 0.52 to 0.55 units in the last
 * place (log1p to 1), so how each step rounds shows now and then.
 *
 * <p>The methods are published ones: the logarithm by a table of Sz. Nagy's Optimized Routines (Arm, 2018), sine and
 * cosine of IBM's Accurate Mathematical Library (2001), log1p of fdlibm (Sun Microsystems, 1993). Arguments are those
 * that occur here: above 0 and at most 1 for the logarithm, from 0 to 2 pi for an angle. No sum has a sum or difference
 * on its right, see {@link FusedMultiplyAdd}.
 */
public final class GlibcMath {
    /** Each piece of [11/16, 11/8) has a number c near its middle m: 1/c is so many last places above 1/m. */
    private static final int[] LOG_SHIFTS = {
        -23142382, -57643754, -234334839, -124664804, 19045012, -123323398, -501163255, 342479926, -234593306, 57421184,
        513617488, -240891478, 85169741, 28659150, 284053799, 342563057, -68420459, -346144712, -90113766, -464022980,
        285342708, -489548825, 376054848, 47397812, -423637851, -260988534, 336107021, 448241578, 154177355, 447893384,
        241227555, -420636714, -218426730, -96876684, -205835218, -368178198, -345128710, -510284502, 481763731,
        209336112, 429336310, 15489329, 442353177, -417834330, 73183371, 515232680, 507984536, 83787275, 330409952,
        151596684, 377744204, 198302857, 214798271, -345957716, 356163107, 215510022, -229897960, -131709726, 215213618,
        -464519207, -332821996, 385780520, -400344786, 256208139, 478356527, 345720337, 128466877, 217515751,
        -162048343, 295127580, -235892775, -69369347, 93666841, -272860130, 91915174, 29018059, 258893229, 386009280,
        -241633007, 68399381, 386341370, 408940642, 65060217, -120872168, 189498853, -32395328, -49955913, 154042178,
        -346113480, 148348366, -396488327, -427431396, 107119491, -500798201, 212184347, 305888811, -330297730,
        -91422864, 6707636, 273897542, -512931067, -500150233, 485589437, -280752730, 106848032, 30953893, -291342514,
        -408884927, 149302919, -107851081, 225432558, 460497078, -452391632, -490679353, 508304210, 493208081,
        336502878, 526975298, -457361038, -312310462, -365194252, -421357131, 362015322, 310793228, -441535439,
        -69145545, -528727990, 433364383};
    /** The first pieces lie below 1 and are half as wide as those above. */
    private static final int LOG_BELOW_ONE = 80;
    private static final double[] LOG_INVERSES = new double[LOG_SHIFTS.length];
    private static final double[] LOGS = new double[LOG_SHIFTS.length];
    private static final double LN2_HIGH = 0x1.62e42fefa3800p-1;
    private static final double LN2_LOW = 0x1.ef35793c76730p-45;
    /** log(1 + r) - r for r below 1/256, by powers from the second on. */
    private static final double[] LOG = {-0x1.0000000000001p-1, 0x1.555555551305bp-2, -0x1.fffffffeb459p-3,
        0x1.999b324f10111p-3, -0x1.55575e506c89fp-3};
    /** The same up to 1/16, from the third power on. */
    private static final double[] LOG_NEAR_ONE = {0x1.5555555555577p-2, -0x1.ffffffffffdcbp-3, 0x1.999999995dd0cp-3,
        -0x1.55555556745a7p-3, 0x1.24924a344de3p-3, -0x1.fffffa4423d65p-4, 0x1.c7184282ad6cap-4,
        -0x1.999eb43b068ffp-4, 0x1.78182f7afd085p-4, -0x1.5521375d145cdp-4};

    private static final double FDLIBM_LN2_HIGH = 6.93147180369123816490e-01;
    private static final double FDLIBM_LN2_LOW = 1.90821492927058770002e-10;
    private static final double[] LOG1P = {6.666666666666735130e-01, 3.999999999940941908e-01,
        2.857142874366239149e-01, 2.222219843214978396e-01, 1.818357216161805012e-01, 1.531383769920937332e-01,
        1.479819860511658591e-01};

    /** sin(k/128) and cos(k/128), each in two parts, for k from 0 on. */
    private static final double[] SINCOS = new double[4 * 110];
    private static final double[] SIN = {-0x1.5555555555555p-3, 0x1.1111111110ecep-7, -0x1.a01a019db08b8p-13,
        0x1.71de27b9a7ed9p-19, -0x1.addffc2fcdf59p-26};
    private static final double SIN3 = -1.66666666666664880952546298448555e-01;
    private static final double SIN5 = 8.33333214285722277379541354343671e-03;
    private static final double COS4 = -4.16666666666664434524222570944589e-02;
    private static final double COS6 = 1.38888874007937613028114285595617e-03;
    /** Up to here an angle is not reduced, or by half of pi only up to 2.426. */
    private static final double SMALL = 0x1.b6p-1;
    private static final double HALF_PI = 0x1.921fb54442d18p0;
    private static final double HALF_PI_LOW = 0x1.1a62633145c07p-54;
    /** Half of pi in four parts, of which the first three have few bits. */
    private static final double[] HALF_PI_PARTS = {0x1.921fb58000000p0, -0x1.dde973c000000p-27,
        -0x1.cb3b398000000p-55, -0x1.d747f23e32ed7p-83};

    static {
        for (int i = 0; i < LOG_SHIFTS.length; i++) {
            double middle = i < LOG_BELOW_ONE ? 0.6875 + (i + 0.5) / 256 : 1 + (i - LOG_BELOW_ONE + 0.5) / 128;
            LOG_INVERSES[i] = Double.longBitsToDouble(Double.doubleToRawLongBits(1 / middle) + LOG_SHIFTS[i]);
            // The c are such that their logarithms come close to a multiple of 2^-43.
            LOGS[i] = 0x1.8p9 - Math.log(LOG_INVERSES[i]) - 0x1.8p9;
        }
        for (int k = 0; k < SINCOS.length / 4; k++) {
            double x = k / 128.0;
            series(4 * k, x, x, 1);
            series(4 * k + 2, x, 1, 0);
        }
    }

    private GlibcMath() {
    }

    /** Sums first - first x^2 / ((n + 1) (n + 2)) + ... to some 104 bits, where x^2 is exact. */
    private static void series(int at, double x, double first, int n) {
        double high = first;
        double low = 0;
        double term = first;
        double termLow = 0;
        for (int i = n; i < 32; i += 2) {
            double divisor = -(i + 1.0) * (i + 2);
            double product = term * (x * x);
            double productLow = lostOfProduct(term, x * x, product) + termLow * (x * x);
            term = product / divisor;
            double back = term * divisor;
            termLow = (product - back - lostOfProduct(term, divisor, back) + productLow) / divisor;
            double sum = high + term;
            low -= sum - high - term - termLow;
            high = sum;
        }
        SINCOS[at] = high + low;
        SINCOS[at + 1] = low - (SINCOS[at] - high);
    }

    /** The natural logarithm. */
    static double log(double x) {
        if (x >= 1 - 0x1p-4) {
            return logNearOne(x - 1);
        }
        // x = 2^k z with z of [11/16, 11/8)
        long bits = Double.doubleToRawLongBits(x);
        long above = bits - 0x3fe6000000000000L;
        double k = above >> 52;
        int i = (int) (above >> 45) & LOG_SHIFTS.length - 1;
        double z = Double.longBitsToDouble(bits - (above & 0xfffL << 52));
        double r = mulAdd(z, LOG_INVERSES[i], -1);
        double large = k * LN2_HIGH + LOGS[i];
        double high = large + r;
        double low = mulAdd(k, LN2_LOW, large - high + r);
        double square = r * r;
        double tail = mulAdd(mulAdd(LOG[4], r, LOG[3]), square, mulAdd(LOG[2], r, LOG[1]));
        return mulAdd(r * square, tail, mulAdd(LOG[0], square, low)) + high;
    }

    private static double logNearOne(double r) {
        double square = r * r;
        double cube = r * square;
        double tail = LOG_NEAR_ONE[9];
        for (int i = 6; i >= 0; i -= 3) {
            tail = mulAdd(tail, cube, mulAdd(LOG_NEAR_ONE[i + 2], square,
                    mulAdd(LOG_NEAR_ONE[i + 1], r, LOG_NEAR_ONE[i])));
        }
        double rHigh = r + r * 0x1p27 - r * 0x1p27;
        double half = -0.5 * (rHigh * rHigh);
        double high = r + half;
        double low = mulAdd(-0.5 * (r - rHigh), r + rHigh, r - high + half);
        return high + mulAdd(tail, cube, low);
    }

    /** {@code log1p(-u)} for a multiple of 2^-53 of [0, 1), so that 1 - u is exact. */
    static double logOneMinus(double u) {
        if (u < 0x1p-29) {
            return -u - u * u * 0.5;
        }
        int k = 0;
        double f = -u;
        if (Double.doubleToRawLongBits(u) >> 32 > 0x3fd2bec3) {
            // 1 - u = 2^k (1 + f) with 1 + f between the root of a half and that of 2
            long bits = Double.doubleToRawLongBits(1 - u);
            k = (int) (bits >> 52) - 1023;
            double left = Double.longBitsToDouble(bits & 0xfffffffffffffL | 0x3ff0000000000000L);
            if ((bits >> 32 & 0xfffff) >= 0x6a09e) {
                k++;
                left /= 2;
            }
            f = left - 1;
        }
        double half = 0.5 * f * f;
        double high = k * FDLIBM_LN2_HIGH;
        double low = k * FDLIBM_LN2_LOW;
        if (k != 0 && f >= -0x1.8p-20 && f < 0x1p-20) {
            return high - (half * mulAdd(-0.66666666666666666, f, 1) - low - f);
        }
        double s = f / (2 + f);
        double z = s * s;
        double z2 = z * z;
        double z4 = z2 * z2;
        double tail = mulAdd(z4, mulAdd(LOG1P[4], z, LOG1P[3]),
                mulAdd(LOG1P[0], z, z2 * mulAdd(LOG1P[2], z, LOG1P[1])));
        tail = mulAdd(z4 * z2, mulAdd(LOG1P[6], z, LOG1P[5]), tail);
        double rest = s * (half + tail);
        return k == 0 ? f - (half - rest) : high - (half - (rest + low) - f);
    }

    /** The sine of an angle from 0 to 2π. */
    public static double sin(double angle) {
        if (angle < SMALL) {
            return sin(angle, 0);
        }
        return angle < 0x1.368fdp1 ? cos(HALF_PI - angle, HALF_PI_LOW) : reduced(angle, 0);
    }

    /** The cosine of an angle from 0 to 2π. */
    public static double cos(double angle) {
        if (angle < SMALL) {
            return cos(angle, 0);
        }
        if (angle < 0x1.368fdp1) {
            double rest = HALF_PI - angle;
            double sum = rest + HALF_PI_LOW;
            return sin(sum, rest - sum + HALF_PI_LOW);
        }
        return reduced(angle, 1);
    }

    /** The sine of an angle that far from 0 with so many quarter turns added. */
    private static double reduced(double angle, int turns) {
        double n = angle * 0x1.45f306dc9c883p-1 + 0x1.8p52 - 0x1.8p52;
        // Products of a small integer: exact, the last one but for bits that do not count.
        double y = angle - n * HALF_PI_PARTS[0] - n * HALF_PI_PARTS[1];
        double rest = y - n * HALF_PI_PARTS[2];
        double low = y - rest - n * HALF_PI_PARTS[2];
        double x = rest - n * HALF_PI_PARTS[3];
        low -= x - rest + n * HALF_PI_PARTS[3];
        int quarter = (int) n + turns;
        double value = (quarter & 1) == 0 ? sin(x, low) : cos(x, low);
        return (quarter & 2) == 0 ? value : -value;
    }

    /** The nearest of the table's angles. */
    private static double near(double size) {
        return size + 0x1.8p45 - 0x1.8p45;
    }

    /** The sine of x + low. */
    private static double sin(double x, double low) {
        double size = Math.abs(x);
        if (size < 0.126) {
            double square = x * x;
            double tail = SIN[4];
            for (int i = 3; i >= 0; i--) {
                tail = mulAdd(tail, square, SIN[i]);
            }
            return x + mulAdd(mulAdd(tail, x, -0.5 * low), square, low);
        }
        double signed = x > 0 ? low : -low;
        double near = near(size);
        double r = size - near;
        double square = r * r;
        double s = r + mulAdd(r * square, mulAdd(square, SIN5, SIN3), signed);
        double c = mulAdd(r, signed, mulAdd(mulAdd(square, COS6, COS4), square, 0.5) * square);
        int at = (int) (512 * near);
        double rest = mulAdd(-c, SINCOS[at], mulAdd(s, SINCOS[at + 3], SINCOS[at + 1]));
        return Math.copySign(SINCOS[at] + mulAdd(s, SINCOS[at + 2], rest), x);
    }

    /** The cosine of x + low. */
    private static double cos(double x, double low) {
        double size = Math.abs(x);
        double near = near(size);
        double r = size - near + (x < 0 ? -low : low);
        double square = r * r;
        double s = mulAdd(r * square, mulAdd(square, SIN5, SIN3), r);
        double c = mulAdd(mulAdd(square, COS6, COS4), square, 0.5) * square;
        int at = (int) (512 * near);
        double rest = mulAdd(-c, SINCOS[at + 2], mulAdd(-s, SINCOS[at + 1], SINCOS[at + 3]));
        return SINCOS[at + 2] + mulAdd(-s, SINCOS[at], rest);
    }
}

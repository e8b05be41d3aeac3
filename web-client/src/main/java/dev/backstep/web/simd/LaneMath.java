package dev.backstep.web.simd;

import dev.backstep.web.simd.wasm.Op;

/**
 * The functions that are not exactly rounded, as approximations in float32. How far each may be from the true value,
 * in units of the last place, stands at its method and is what the tests hold it to.
 */
final class LaneMath {
    private static final float LOG2_E = 1.44269504f;
    /** The logarithm of 2 in two parts; the first has so few bits that its products with exponents are exact. */
    private static final float LN2_HIGH = 0.693359375f;
    private static final float LN2_LOW = -2.12194440e-4f;
    /** Of (exp(x) - 1 - x) / x^2 around 0; Cephes' expf. */
    private static final float[] EXP = {1.9875691500e-4f, 1.3981999507e-3f, 8.3334519073e-3f, 4.1665795894e-2f,
        1.6666665459e-1f, 5.0000001201e-1f};
    /** Of (log(1 + x) - x + x^2 / 2) / x^3; Cephes' logf. */
    private static final float[] LOG = {7.0376836292e-2f, -1.1514610310e-1f, 1.1676998740e-1f, -1.2420140846e-1f,
        1.4249322787e-1f, -1.6668057665e-1f, 2.0000714765e-1f, -2.4999993993e-1f, 3.3333331174e-1f};
    /** Of (sin(x) - x) / x^3 and (cos(x) - 1 + x^2 / 2) / x^4 by x^2, to a quarter of pi; Cephes' sinf. */
    private static final float[] SIN = {-1.9515295891e-4f, 8.3321608736e-3f, -1.6666654611e-1f};
    private static final float[] COS = {2.443315711809948e-5f, -1.388731625493765e-3f, 4.166664568298827e-2f};
    /** Half of pi in two parts; products of the first with whole numbers up to 2^20 are exact in double. */
    private static final double HALF_PI_HIGH = 0x1.921fb544p0;
    private static final double HALF_PI_LOW = 0x1.0b4611a626331p-34;
    /** Beyond this the argument of sin, cos and tan is reduced by JavaScript's own functions. */
    private static final float REDUCIBLE = 0x1p20f;
    /** Added to a small whole double, it leaves that number in the lowest bits. */
    private static final double WHOLE = 0x1.8p52;

    private final Lanes lanes;

    LaneMath(Lanes lanes) {
        this.lanes = lanes;
    }

    private int k(float value) {
        return lanes.number(value);
    }

    private int within(int x, float low, float high) {
        return lanes.of(Op.F32X4_MIN, lanes.of(Op.F32X4_MAX, x, k(low)), k(high));
    }

    /** What is left of x when n times the logarithm of 2 is taken away. */
    private int reduce(int x, int n) {
        return lanes.fuse(n, k(-LN2_LOW), lanes.sub(x, lanes.mul(n, k(LN2_HIGH))));
    }

    /** 2 to the whole number n, -126 to 127. */
    private int power(int n) {
        return lanes.shift(Op.I32X4_SHL, lanes.of(Op.I32X4_ADD, n, lanes.bits(127)), 23);
    }

    private int whole(int n) {
        return lanes.of(Op.I32X4_TRUNC_SAT_F32X4_S, n);
    }

    /** 2 ulp. */
    int exp(int x) {
        int inside = within(x, -104, 89);
        int n = lanes.of(Op.F32X4_NEAREST, lanes.mul(inside, k(LOG2_E)));
        int r = reduce(inside, n);
        int grown = lanes.add(lanes.fuse(lanes.mul(r, r), lanes.polynomial(r, EXP), r), k(1));
        // In two steps: the power alone may be too large or too small for a number.
        int exponent = whole(n);
        int half = lanes.shift(Op.I32X4_SHR_S, exponent, 1);
        return lanes.mul(lanes.mul(grown, power(half)), power(lanes.of(Op.I32X4_SUB, exponent, half)));
    }

    /** 2 ulp. */
    int expm1(int x) {
        return lanes.select(lanes.of(Op.F32X4_LT, lanes.of(Op.F32X4_ABS, x), k(0x1p-25f)), x,
                grown(within(x, -30, 89)));
    }

    /** exp(x) - 1 for -30 to 89. */
    private int grown(int x) {
        int n = lanes.of(Op.F32X4_NEAREST, lanes.mul(x, k(LOG2_E)));
        int r = reduce(x, n);
        int grown = lanes.fuse(lanes.mul(r, r), lanes.polynomial(r, EXP), r);
        // Half of it, because the power itself may be too large.
        int half = power(lanes.of(Op.I32X4_SUB, whole(n), lanes.bits(1)));
        int result = lanes.fuse(grown, half, lanes.sub(half, k(0.5f)));
        return lanes.add(result, result);
    }

    /** 2 ulp. */
    int log(int x) {
        int tiny = lanes.of(Op.F32X4_LT, x, k(Float.MIN_NORMAL));
        int bits = lanes.select(tiny, lanes.mul(x, k(0x1p23f)), x);
        // From the square root of a half on, so that numbers around 1 have the exponent 0.
        int start = lanes.bits(0x3f3504f3);
        int exponent = lanes.shift(Op.I32X4_SHR_S, lanes.of(Op.I32X4_SUB, bits, start), 23);
        int mantissa = lanes.of(Op.I32X4_SUB, bits, lanes.shift(Op.I32X4_SHL, exponent, 23));
        int e = lanes.of(Op.F32X4_CONVERT_I32X4_S,
                lanes.of(Op.I32X4_SUB, exponent, lanes.and(tiny, lanes.bits(23))));
        int m = lanes.sub(mantissa, k(1));
        int square = lanes.mul(m, m);
        int tail = lanes.mul(lanes.mul(m, square), lanes.polynomial(m, LOG));
        tail = lanes.fuse(e, k(LN2_LOW), tail);
        tail = lanes.fuse(square, k(-0.5f), tail);
        int result = lanes.fuse(e, k(LN2_HIGH), lanes.add(m, tail));
        // Infinity and NaN stay what they are; 0 and what lies below have no logarithm.
        result = lanes.select(lanes.of(Op.F32X4_LT, x, k(Float.POSITIVE_INFINITY)), result, x);
        result = lanes.select(lanes.of(Op.F32X4_LT, x, k(0)), k(Float.NaN), result);
        return lanes.select(lanes.of(Op.F32X4_EQ, x, k(0)), k(Float.NEGATIVE_INFINITY), result);
    }

    /** 2 ulp. */
    int log1p(int x) {
        int u = lanes.add(x, k(1));
        int log = log(u);
        int lost = lanes.div(lanes.sub(x, lanes.sub(u, k(1))), u);
        int finite = lanes.and(lanes.of(Op.F32X4_LT, u, k(Float.POSITIVE_INFINITY)),
                lanes.of(Op.F32X4_GT, u, k(0)));
        int result = lanes.select(finite, lanes.add(log, lost), log);
        return lanes.select(lanes.of(Op.F32X4_EQ, u, k(1)), x, result);
    }

    /** 3 ulp; by the exponential of a number that is never positive, which cannot overflow. */
    int sigmoid(int x) {
        int e = exp(lanes.of(Op.F32X4_NEG, lanes.of(Op.F32X4_ABS, x)));
        int top = lanes.select(lanes.of(Op.F32X4_GE, x, k(0)), k(1), e);
        return lanes.div(top, lanes.add(e, k(1)));
    }

    /** 3 ulp; by exp(2 x) - 1, whose error no longer matters where tanh comes near to 1, as its derivative needs. */
    int tanh(int x) {
        int sign = lanes.and(x, lanes.bits(0x80000000));
        int twice = lanes.of(Op.F32X4_MIN, lanes.of(Op.F32X4_ABS, lanes.add(x, x)), k(20));
        int grown = grown(twice);
        int result = lanes.or(lanes.div(grown, lanes.add(grown, k(2))), sign);
        return lanes.select(lanes.of(Op.F32X4_LT, twice, k(0x1p-24f)), x, result);
    }

    /** 3 ulp; the approximations are N. Juffa's. */
    int erf(int x) {
        int size = lanes.of(Op.F32X4_MIN, lanes.of(Op.F32X4_ABS, x), k(10));
        int square = lanes.mul(size, size);
        int r = lanes.fuse(lanes.polynomial(size, -1.72853470e-5f, 3.83197126e-4f), square,
                lanes.polynomial(size, -3.88396438e-3f, 2.42546219e-2f));
        r = lanes.fuse(r, size, k(-1.06777877e-1f));
        r = lanes.fuse(r, size, k(-6.34846687e-1f));
        r = lanes.fuse(r, size, k(-1.28717512e-1f));
        r = lanes.fuse(r, size, lanes.of(Op.F32X4_NEG, size));
        int sign = lanes.and(x, lanes.bits(0x80000000));
        int large = lanes.or(lanes.sub(k(1), exp(r)), sign);
        int small = lanes.polynomial(square, -5.96761703e-4f, 4.99119423e-3f, -2.67681349e-2f, 1.12819925e-1f,
                -3.76125336e-1f, 1.28379166e-1f);
        return lanes.select(lanes.of(Op.F32X4_GT, size, k(0.927734375f)), large, lanes.fuse(small, x, x));
    }

    /** x less the nearest multiple of half of pi, and which multiple that is. */
    private record Reduced(int rest, int quadrant) {
    }

    private Reduced quarter(int x) {
        int n = lanes.of(Op.F32X4_NEAREST, lanes.mul(x, k(0.63661977f)));
        int rest = lanes.narrow(quarter(lanes.low(x), lanes.low(n)), quarter(lanes.high(x), lanes.high(n)));
        // Where nothing is taken away, -0 must stay what it is.
        return new Reduced(lanes.select(lanes.of(Op.F32X4_EQ, n, k(0)), x, rest), whole(n));
    }

    private int quarter(int x, int n) {
        int left = lanes.of(Op.F64X2_SUB, x, lanes.of(Op.F64X2_MUL, n, lanes.doubles(HALF_PI_HIGH)));
        return lanes.of(Op.F64X2_SUB, left, lanes.of(Op.F64X2_MUL, n, lanes.doubles(HALF_PI_LOW)));
    }

    private int sine(int r, int square) {
        return lanes.fuse(lanes.mul(lanes.polynomial(square, SIN), square), r, r);
    }

    private int cosine(int square) {
        return lanes.fuse(lanes.polynomial(square, COS), lanes.mul(square, square),
                lanes.fuse(square, k(-0.5f), k(1)));
    }

    private int isOdd(int quadrant) {
        return lanes.shift(Op.I32X4_SHR_S, lanes.shift(Op.I32X4_SHL, quadrant, 31), 31);
    }

    private int isFar(int x) {
        return lanes.of(Op.F32X4_GT, lanes.of(Op.F32X4_ABS, x), k(REDUCIBLE));
    }

    private int wave(int x, int shift, int function) {
        Reduced reduced = quarter(x);
        int quadrant = shift == 0 ? reduced.quadrant
                : lanes.of(Op.I32X4_ADD, reduced.quadrant, lanes.bits(shift));
        int square = lanes.mul(reduced.rest, reduced.rest);
        int size = lanes.select(isOdd(quadrant), cosine(square), sine(reduced.rest, square));
        int sign = lanes.shift(Op.I32X4_SHL, lanes.and(quadrant, lanes.bits(2)), 30);
        int result = lanes.of(Op.V128_XOR, size, sign);
        lanes.slowly(isFar(x), function, result, x);
        return result;
    }

    /** 2 ulp. */
    int sin(int x) {
        return wave(x, 0, lanes.env.sin());
    }

    /** 2 ulp. */
    int cos(int x) {
        return wave(x, 1, lanes.env.cos());
    }

    /** 4 ulp. */
    int tan(int x) {
        Reduced reduced = quarter(x);
        int square = lanes.mul(reduced.rest, reduced.rest);
        int sine = sine(reduced.rest, square);
        int cosine = cosine(square);
        int odd = isOdd(reduced.quadrant);
        int size = lanes.div(lanes.select(odd, cosine, sine), lanes.select(odd, sine, cosine));
        int result = lanes.of(Op.V128_XOR, size, lanes.and(odd, lanes.bits(0x80000000)));
        lanes.slowly(isFar(x), lanes.env.tan(), result, x);
        return result;
    }

    /** 1 ulp; computed in double. Zeros, infinities and NaN go to JavaScript's function. */
    int pow(int x, int y) {
        int size = lanes.of(Op.F32X4_ABS, x);
        int raised = lanes.narrow(power(lanes.low(size), lanes.low(y)), power(lanes.high(size), lanes.high(y)));
        int half = lanes.mul(y, k(0.5f));
        int isWhole = lanes.of(Op.F32X4_EQ, lanes.of(Op.F32X4_NEAREST, y), y);
        int isEven = lanes.of(Op.F32X4_EQ, lanes.of(Op.F32X4_NEAREST, half), half);
        int negative = lanes.of(Op.F32X4_LT, x, k(0));
        int signed = lanes.select(isEven, raised, lanes.of(Op.F32X4_NEG, raised));
        int result = lanes.select(negative, lanes.select(isWhole, signed, k(Float.NaN)), raised);
        int plain = lanes.and(lanes.and(lanes.of(Op.F32X4_GT, size, k(0)),
                lanes.of(Op.F32X4_LT, size, k(Float.POSITIVE_INFINITY))),
                lanes.of(Op.F32X4_LT, lanes.of(Op.F32X4_ABS, y), k(Float.POSITIVE_INFINITY)));
        lanes.slowly(lanes.of(Op.V128_NOT, plain), lanes.env.pow(), result, x, y);
        return result;
    }

    /** Two positive doubles to the power of two others, to 30 bits. */
    private int power(int x, int y) {
        int exponent = lanes.shift(Op.I64X2_SHR_S,
                lanes.of(Op.I64X2_SUB, x, lanes.longs(0x3fe6a09e_667f3bcdL)), 52);
        int mantissa = lanes.of(Op.I64X2_SUB, x, lanes.shift(Op.I64X2_SHL, exponent, 52));
        int magic = lanes.doubles(WHOLE);
        int e = lanes.of(Op.F64X2_SUB, lanes.of(Op.I64X2_ADD, exponent, magic), magic);
        int one = lanes.doubles(1);
        int s = lanes.of(Op.F64X2_DIV, lanes.of(Op.F64X2_SUB, mantissa, one),
                lanes.of(Op.F64X2_ADD, mantissa, one));
        int z = lanes.of(Op.F64X2_MUL, s, s);
        int series = lanes.doubles(1.0 / 15);
        for (int i = 13; i > 0; i -= 2) {
            series = lanes.of(Op.F64X2_ADD, lanes.of(Op.F64X2_MUL, series, z), lanes.doubles(1.0 / i));
        }
        int log = lanes.of(Op.F64X2_ADD, e,
                lanes.of(Op.F64X2_MUL, lanes.of(Op.F64X2_MUL, s, lanes.doubles(2 / Math.log(2))), series));
        int t = lanes.of(Op.F64X2_MUL, log, y);
        t = lanes.of(Op.F64X2_MIN, lanes.of(Op.F64X2_MAX, t, lanes.doubles(-200)), lanes.doubles(200));
        int n = lanes.of(Op.F64X2_NEAREST, t);
        int r = lanes.of(Op.F64X2_MUL, lanes.of(Op.F64X2_SUB, t, n), lanes.doubles(Math.log(2)));
        int grown = one;
        for (int i = 10; i > 0; i--) {
            grown = lanes.of(Op.F64X2_ADD, one,
                    lanes.of(Op.F64X2_MUL, lanes.of(Op.F64X2_MUL, grown, r), lanes.doubles(1.0 / i)));
        }
        int scale = lanes.of(Op.I64X2_ADD,
                lanes.shift(Op.I64X2_SHL, lanes.of(Op.F64X2_ADD, n, magic), 52), one);
        return lanes.of(Op.F64X2_MUL, grown, scale);
    }
}

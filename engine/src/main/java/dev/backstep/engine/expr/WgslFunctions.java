package dev.backstep.engine.expr;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Functions in WGSL. Its own may take numbers for neither infinite nor NaN, drop denormals, and be as far off as 2^-11
 * (sine), so these look at bits where that matters and compute with sums and products, within a few units in the last
 * place. Sums and products of denormals stay what the processor makes of them.
 */
final class WgslFunctions {
    private static final Map<String, String> TEXTS = new LinkedHashMap<>();

    private WgslFunctions() {
    }

    static {
        add("is_nan", """
                fn is_nan(x: f32) -> bool { return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u; }
                """);
        add("is_zero", """
                fn is_zero(x: f32) -> bool { return (bitcast<u32>(x) & 0x7fffffffu) == 0u; }
                """);
        // Through a variable, because a constant may be neither.
        add("infinity", """
                fn infinity() -> f32 { var bits = 0x7f800000u; return bitcast<f32>(bits); }
                """);
        add("not_a_number", """
                fn not_a_number() -> f32 { var bits = 0x7fc00000u; return bitcast<f32>(bits); }
                """);
        add("with_sign", """
                fn with_sign(size: f32, sign: f32) -> f32 {
                    return bitcast<f32>((bitcast<u32>(size) & 0x7fffffffu) | (bitcast<u32>(sign) & 0x80000000u));
                }
                """);
        add("power_of_two", """
                fn power_of_two(n: i32) -> f32 { return bitcast<f32>(u32(n + 127) << 23u); }
                """);
        // The order of floats as that of integers; both zeros are 0.
        add("rank", """
                fn rank(x: f32) -> i32 {
                    let bits = bitcast<i32>(x);
                    return select(bits, -(bits & 0x7fffffff), bits < 0);
                }
                """);
        add("fn_eq", """
                fn fn_eq(x: f32, y: f32) -> bool { return !is_nan(x) & (rank(x) == rank(y)); }
                """);
        add("fn_lt", """
                fn fn_lt(x: f32, y: f32) -> bool { return !is_nan(x) & !is_nan(y) & (rank(x) < rank(y)); }
                """);
        add("fn_le", """
                fn fn_le(x: f32, y: f32) -> bool { return !is_nan(x) & !is_nan(y) & (rank(x) <= rank(y)); }
                """);
        add("fn_min", """
                fn fn_min(x: f32, y: f32) -> f32 { return select(y, x, is_nan(x) | fn_lt(x, y)); }
                """);
        add("fn_max", """
                fn fn_max(x: f32, y: f32) -> f32 { return select(y, x, is_nan(x) | fn_lt(y, x)); }
                """);
        add("fn_neg", """
                fn fn_neg(x: f32) -> f32 { return bitcast<f32>(bitcast<u32>(x) ^ 0x80000000u); }
                """);
        add("fn_abs", """
                fn fn_abs(x: f32) -> f32 { return bitcast<f32>(bitcast<u32>(x) & 0x7fffffffu); }
                """);
        add("fn_sign", """
                fn fn_sign(x: f32) -> f32 {
                    return select(select(with_sign(1.0, x), 0.0, is_zero(x)), x, is_nan(x));
                }
                """);
        add("fn_floor", """
                fn fn_floor(x: f32) -> f32 {
                    let size = bitcast<u32>(x) & 0x7fffffffu;
                    let below = select(0.0, -1.0, bitcast<u32>(x) > 0x80000000u);
                    let large = select(floor(x), x, size >= 0x4b000000u);
                    return select(select(large, below, size < 0x00800000u), x, size == 0u);
                }
                """);
        add("fn_round", """
                fn fn_round(x: f32) -> f32 {
                    let size = bitcast<u32>(x) & 0x7fffffffu;
                    return select(with_sign(round(bitcast<f32>(size)), x), x, size >= 0x4b000000u);
                }
                """);
        // Where the divisor's reciprocal would be a denormal both are made smaller.
        add("fn_div", """
                fn fn_div(x: f32, y: f32) -> f32 {
                    let factor = select(1.0, 0.25, (bitcast<u32>(y) & 0x7fffffffu) >= 0x7e800000u);
                    return (x * factor) / (y * factor);
                }
                """);
        add("fn_sqrt", """
                fn fn_sqrt(x: f32) -> f32 {
                    let bits = bitcast<u32>(x);
                    if ((bits & 0x7fffffffu) == 0u || bits == 0x7f800000u) { return x; }
                    if (bits > 0x7f800000u) { return not_a_number(); }
                    if (bits < 0x00800000u) { return sqrt(f32(bits) * 2.0) * 0x1p-75f; }
                    return sqrt(x);
                }
                """);
        add("fn_rsqrt", """
                fn fn_rsqrt(x: f32) -> f32 {
                    let bits = bitcast<u32>(x);
                    if ((bits & 0x7fffffffu) == 0u) { return with_sign(infinity(), x); }
                    if (bits == 0x7f800000u) { return 0.0; }
                    if (bits > 0x7f800000u) { return not_a_number(); }
                    if (bits < 0x00800000u) { return inverseSqrt(f32(bits) * 2.0) * 0x1p75f; }
                    return inverseSqrt(x);
                }
                """);
        exponentials();
        logarithms();
        circular();
        power();
    }

    private static void exponentials() {
        // exp(r) - 1 for x = r + n log(2); the polynomial of S. Moshier's Cephes, expf.
        add("exp_parts", """
                fn exp_parts(x: f32) -> vec2<f32> {
                    let n = round(x * 1.44269504);
                    let r = (x - n * 0.693359375) + n * 2.12194440e-4;
                    var p = 1.9875691500e-4;
                    p = p * r + 1.3981999507e-3;
                    p = p * r + 8.3334519073e-3;
                    p = p * r + 4.1665795894e-2;
                    p = p * r + 1.6666665459e-1;
                    p = p * r + 5.0000001201e-1;
                    return vec2<f32>(p * r * r + r, n);
                }
                """);
        // In two steps, because 2^n may be too large or too small where the result is not.
        add("fn_exp", """
                fn fn_exp(x: f32) -> f32 {
                    let parts = exp_parts(clamp(x, -110.0, 100.0));
                    let n = i32(parts.y);
                    let half = n >> 1u;
                    let y = (parts.x + 1.0) * power_of_two(half) * power_of_two(n - half);
                    return select(y, x, is_nan(x));
                }
                """);
        add("fn_expm1", """
                fn fn_expm1(x: f32) -> f32 {
                    let parts = exp_parts(clamp(x, -30.0, 88.8));
                    let half = power_of_two(i32(parts.y) - 1);
                    let y = (half * parts.x + (half - 0.5)) * 2.0;
                    let small = (bitcast<u32>(x) & 0x7fffffffu) < 0x33000000u;
                    return select(y, x, small | is_nan(x));
                }
                """);
        add("fn_tanh", """
                fn fn_tanh(x: f32) -> f32 {
                    let size = bitcast<u32>(x) & 0x7fffffffu;
                    let parts = exp_parts(min(bitcast<f32>(size), 10.0) * 2.0);
                    let s = power_of_two(i32(parts.y));
                    let e = s * parts.x + (s - 1.0);
                    return select(with_sign(e / (e + 2.0), x), x, (size < 0x39000000u) | (size > 0x7f800000u));
                }
                """);
        add("fn_sigmoid", """
                fn fn_sigmoid(x: f32) -> f32 {
                    let e = fn_exp(with_sign(x, -1.0));
                    return select(1.0, e, (bitcast<u32>(x) & 0x80000000u) != 0u) / (1.0 + e);
                }
                """);
        // N. Juffa's erff: a polynomial near 0, and 1 - exp of one in the tail.
        add("fn_erf", """
                fn fn_erf(x: f32) -> f32 {
                    let t = min(abs(x), 4.0);
                    let s = t * t;
                    var r = -5.96761703e-4;
                    r = r * s + 4.99119423e-3;
                    r = r * s - 2.67681349e-2;
                    r = r * s + 1.12819925e-1;
                    r = r * s - 3.76125336e-1;
                    r = r * s + 1.28379166e-1;
                    let near = r * t + t;
                    r = -1.72853470e-5 * t + 3.83197126e-4;
                    r = r * s + (-3.88396438e-3 * t + 2.42546219e-2);
                    r = r * t - 1.06777877e-1;
                    r = r * t - 6.34846687e-1;
                    r = r * t - 1.28717512e-1;
                    r = r * t - t;
                    let tail = 1.0 - fn_exp(r);
                    return select(with_sign(select(near, tail, t > 0.927734375), x), x, is_nan(x));
                }
                """);
    }

    private static void logarithms() {
        // A positive finite x as m 2^e, m around 1; a denormal's bits are its size in units of 2^-149.
        add("log_parts", """
                fn log_parts(x: f32) -> vec2<f32> {
                    let given = bitcast<u32>(x);
                    let denormal = given < 0x00800000u;
                    let bits = select(given, bitcast<u32>(f32(given)), denormal);
                    let e = bitcast<i32>(bits - 0x3f3504f3u) >> 23u;
                    let m = bitcast<f32>(bits - (bitcast<u32>(e) << 23u));
                    return vec2<f32>(m, f32(e + select(0, -149, denormal)));
                }
                """);
        // The polynomial of S. Moshier's Cephes, logf.
        add("fn_log", """
                fn fn_log(x: f32) -> f32 {
                    let bits = bitcast<u32>(x);
                    if ((bits & 0x7fffffffu) == 0u) { return -infinity(); }
                    if (bits > 0x7f800000u) { return not_a_number(); }
                    if (bits == 0x7f800000u) { return x; }
                    let parts = log_parts(x);
                    let f = parts.x - 1.0;
                    let z = f * f;
                    var y = 7.0376836292e-2;
                    y = y * f - 1.1514610310e-1;
                    y = y * f + 1.1676998740e-1;
                    y = y * f - 1.2420140846e-1;
                    y = y * f + 1.4249322787e-1;
                    y = y * f - 1.6668057665e-1;
                    y = y * f + 2.0000714765e-1;
                    y = y * f - 2.4999993993e-1;
                    y = y * f + 3.3333331174e-1;
                    y = y * f * z - parts.y * 2.12194440e-4 - 0.5 * z;
                    return (f + y) + parts.y * 0.693359375;
                }
                """);
        // 2 atanh(x / (2 + x)) around 0; compilers take Kahan's quotient for 1.
        add("fn_log1p", """
                fn fn_log1p(x: f32) -> f32 {
                    let q = x / (2.0 + x);
                    let s = q * q;
                    let a = ((0.1293334961 * s + 0.1419928074) * s + 0.2000148296) * s + 0.3333332539;
                    let near = 2.0 * q + 2.0 * a * s * q;
                    let size = bitcast<u32>(x) & 0x7fffffffu;
                    let small = (size < 0x33000000u) | (size > 0x7f800000u);
                    return select(select(fn_log(1.0 + x), near, (x > -0.29) & (x < 0.41)), x, small);
                }
                """);
    }

    private static void circular() {
        add("upper_product", """
                fn upper_product(a: u32, b: u32) -> u32 {
                    let ab = (a & 0xffffu) * (b >> 16u);
                    let ba = (a >> 16u) * (b & 0xffffu);
                    let middle = (((a & 0xffffu) * (b & 0xffffu)) >> 16u) + (ab & 0xffffu) + (ba & 0xffffu);
                    return (a >> 16u) * (b >> 16u) + (ab >> 16u) + (ba >> 16u) + (middle >> 16u);
                }
                """);
        // x = r + q pi / 2; large x by the 96 bits of 2 / pi that matter (Payne and Hanek), in integers.
        add("quarter_turns", """
                const TWO_OVER_PI = array<u32, 7>(0u, 0x28be60dbu, 0x9391054au, 0x7f09d5f4u, 0x7d4d3770u, 0x36d8a566u,
                    0x4f10e410u);
                struct QuarterTurns { r: f32, q: u32 }
                fn quarter_turns(x: f32) -> QuarterTurns {
                    let bits = bitcast<u32>(x) & 0x7fffffffu;
                    if (bits < 0x42800000u) {
                        let n = round(x * 0.636619772);
                        let r = ((x - n * 1.5703125) - n * 4.837512969970703125e-4) - n * 7.54978995489188216e-8;
                        return QuarterTurns(r, bitcast<u32>(i32(n)));
                    }
                    let m = ((bits & 0x007fffffu) | 0x00800000u) << 8u;
                    let e = min((bits >> 23u) - 126u, 128u);
                    let at = e >> 5u;
                    let shift = e & 31u;
                    var high = TWO_OVER_PI[at];
                    var middle = TWO_OVER_PI[at + 1u];
                    var low = TWO_OVER_PI[at + 2u];
                    if (shift > 0u) {
                        high = (high << shift) | (middle >> (32u - shift));
                        middle = (middle << shift) | (low >> (32u - shift));
                        low = (low << shift) | (TWO_OVER_PI[min(at + 3u, 6u)] >> (32u - shift));
                    }
                    let carried = upper_product(m, low);
                    var pl = m * middle + carried;
                    var ph = m * high + upper_product(m, middle) + select(0u, 1u, pl < carried);
                    var q = ph >> 30u;
                    ph = ph & 0x3fffffffu;
                    let over = (ph & 0x20000000u) != 0u;
                    if (over) {
                        q = q + 1u;
                        ph = 0x40000000u - ph - select(0u, 1u, pl != 0u);
                        pl = ~pl + 1u;
                    }
                    let zeros = countLeadingZeros(ph);
                    var r = f32(pl) * 0x1p-62f;
                    if (ph != 0u) {
                        r = f32((ph << zeros) | (pl >> (32u - zeros))) * power_of_two(-30 - i32(zeros));
                    }
                    r = r * 1.57079633;
                    let negative = (bitcast<u32>(x) & 0x80000000u) != 0u;
                    return QuarterTurns(select(r, -r, over != negative), select(q, ~q + 1u, negative));
                }
                """);
        // S. Moshier's Cephes, sinf and cosf, for up to an eighth of a turn.
        add("sine_near", """
                fn sine_near(r: f32) -> f32 {
                    let z = r * r;
                    return ((-1.9515295891e-4 * z + 8.3321608736e-3) * z - 1.6666654611e-1) * z * r + r;
                }
                """);
        add("cosine_near", """
                fn cosine_near(r: f32) -> f32 {
                    let z = r * r;
                    return ((2.443315711809948e-5 * z - 1.388731625493765e-3) * z + 4.166664568298827e-2) * z * z
                        - 0.5 * z + 1.0;
                }
                """);
        add("fn_sin", """
                fn fn_sin(x: f32) -> f32 {
                    let size = bitcast<u32>(x) & 0x7fffffffu;
                    if (size < 0x39000000u) { return x; }
                    if (size >= 0x7f800000u) { return not_a_number(); }
                    let turns = quarter_turns(x);
                    let y = select(sine_near(turns.r), cosine_near(turns.r), (turns.q & 1u) != 0u);
                    return select(y, -y, (turns.q & 2u) != 0u);
                }
                """);
        add("fn_cos", """
                fn fn_cos(x: f32) -> f32 {
                    if ((bitcast<u32>(x) & 0x7fffffffu) >= 0x7f800000u) { return not_a_number(); }
                    let turns = quarter_turns(x);
                    let y = select(cosine_near(turns.r), sine_near(turns.r), (turns.q & 1u) != 0u);
                    return select(y, -y, ((turns.q + 1u) & 2u) != 0u);
                }
                """);
        add("fn_tan", """
                fn fn_tan(x: f32) -> f32 {
                    let size = bitcast<u32>(x) & 0x7fffffffu;
                    if (size < 0x39000000u) { return x; }
                    if (size >= 0x7f800000u) { return not_a_number(); }
                    let turns = quarter_turns(x);
                    let s = sine_near(turns.r);
                    let c = cosine_near(turns.r);
                    if ((turns.q & 1u) != 0u) { return -c / s; }
                    return s / c;
                }
                """);
    }

    private static void power() {
        // Dekker's product: what a b is beside its rounded self.
        add("exact_product", """
                fn exact_product(a: f32, b: f32) -> vec2<f32> {
                    let p = a * b;
                    let ah = bitcast<f32>(bitcast<u32>(a) & 0xfffff000u);
                    let bh = bitcast<f32>(bitcast<u32>(b) & 0xfffff000u);
                    let al = a - ah;
                    let bl = b - bh;
                    return vec2<f32>(p, ((ah * bh - p) + ah * bl + al * bh) + al * bl);
                }
                """);
        // log(x) = 2 atanh((m - 1) / (m + 1)) + e log(2) in two floats, as in N. Juffa's powf.
        add("long_log", """
                fn long_log(x: f32) -> vec2<f32> {
                    let parts = log_parts(x);
                    let d = parts.x - 1.0;
                    let r = 1.0 / (parts.x + 1.0);
                    let q = r * d;
                    let qd = exact_product(q, d);
                    let ql = r * (((d - 2.0 * q) - qd.x) - qd.y);
                    let qq = exact_product(q, q);
                    let s = qq.x;
                    let sl = qq.y + 2.0 * q * ql;
                    let qqq = exact_product(s, q);
                    let cl = qqq.y + sl * q + s * ql;
                    let a = ((0.1293334961 * s + 0.1419928074) * s + 0.2000148296) * s + 0.3333332539;
                    let rest = a * qqq.x + (a * cl + ql);
                    let e = parts.y * 0.693359375;
                    let sum = e + 2.0 * q;
                    let part = sum - e;
                    let lost = (e - (sum - part)) + (2.0 * q - part);
                    let low = lost + (2.0 * rest - parts.y * 2.12194440e-4);
                    let high = sum + low;
                    return vec2<f32>(high, (sum - high) + low);
                }
                """);
        // C's pow: 1 for 1 to the NaN and for -1 to an infinity.
        add("fn_pow", """
                fn fn_pow(x: f32, y: f32) -> f32 {
                    let xs = bitcast<u32>(x) & 0x7fffffffu;
                    let ys = bitcast<u32>(y) & 0x7fffffffu;
                    if (ys == 0u || bitcast<u32>(x) == 0x3f800000u) { return 1.0; }
                    if (xs > 0x7f800000u || ys > 0x7f800000u) { return not_a_number(); }
                    let up = (bitcast<u32>(y) & 0x80000000u) == 0u;
                    if (ys == 0x7f800000u) {
                        if (xs == 0x3f800000u) { return 1.0; }
                        if ((xs > 0x3f800000u) == up) { return infinity(); }
                        return 0.0;
                    }
                    let size = bitcast<f32>(ys);
                    let whole = ys >= 0x4b000000u || (ys >= 0x3f800000u && floor(size) == size);
                    let odd = whole && ys < 0x4b800000u && (u32(min(size, 16777216.0)) & 1u) == 1u;
                    let flips = odd && (bitcast<u32>(x) & 0x80000000u) != 0u;
                    if (xs == 0u || xs == 0x7f800000u) {
                        if ((xs == 0u) == up) { return select(0.0, bitcast<f32>(0x80000000u), flips); }
                        return with_sign(infinity(), select(1.0, -1.0, flips));
                    }
                    if (!whole && bitcast<u32>(x) > 0x80000000u) { return not_a_number(); }
                    let l = long_log(bitcast<f32>(xs));
                    let p = exact_product(l.x, y);
                    let low = select(0.0, p.y + l.y * y, abs(p.x) < 110.0);
                    let e = fn_exp(p.x);
                    let power = select(e + e * low, e, (bitcast<u32>(e) & 0x7fffffffu) >= 0x7f800000u);
                    return select(power, -power, flips);
                }
                """);
    }

    private static void add(String name, String text) {
        TEXTS.put(name, text);
    }

    /** The text of every function that is named in this code or in what it calls. */
    static String calledIn(String code) {
        StringBuilder needed = new StringBuilder(code);
        String[] names = TEXTS.keySet().toArray(new String[0]);
        StringBuilder texts = new StringBuilder();
        // A function stands after those it calls, so one walk from the end finds all.
        for (int i = names.length - 1; i >= 0; i--) {
            if (needed.indexOf(names[i] + "(") >= 0) {
                needed.append(TEXTS.get(names[i]));
                texts.insert(0, TEXTS.get(names[i]));
            }
        }
        return texts.toString();
    }
}

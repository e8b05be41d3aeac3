package dev.backstep.web.simd;

import dev.backstep.web.simd.wasm.Code;
import dev.backstep.web.simd.wasm.Op;
import dev.backstep.web.simd.wasm.Type;
import java.util.HashMap;
import java.util.Map;

/** Writes code on four numbers at once, each step from locals to a new local, whose number is what a method gives. */
final class Lanes {
    final Code code;
    /** The functions that JavaScript lends, and whether a product and a sum may be one instruction. */
    final Env env;
    private final Map<Integer, Integer> words = new HashMap<>();
    private final Map<Long, Integer> longs = new HashMap<>();

    Lanes(Code code, Env env) {
        this.code = code;
        this.env = env;
    }

    int of(Op op, int a) {
        return keep(code.get(a).op(op));
    }

    int of(Op op, int a, int b) {
        return keep(code.get(a).get(b).op(op));
    }

    int keep(Code made) {
        int local = made.local(Type.V128);
        made.set(local);
        return local;
    }

    /** A constant in all lanes. */
    int number(float value) {
        return bits(Float.floatToRawIntBits(value));
    }

    int bits(int word) {
        return words.computeIfAbsent(word, _ -> code.words(word, word, word, word));
    }

    /** A constant in both lanes of doubles. */
    int doubles(double value) {
        return longs(Double.doubleToRawLongBits(value));
    }

    int longs(long word) {
        int low = (int) word;
        int high = (int) (word >>> 32);
        return longs.computeIfAbsent(word, _ -> code.words(low, high, low, high));
    }

    /** All bits set in the first lanes, none in the others. */
    int first(int lanes) {
        return code.words(-1, lanes > 1 ? -1 : 0, lanes > 2 ? -1 : 0, lanes > 3 ? -1 : 0);
    }

    int add(int a, int b) {
        return of(Op.F32X4_ADD, a, b);
    }

    int sub(int a, int b) {
        return of(Op.F32X4_SUB, a, b);
    }

    int mul(int a, int b) {
        return of(Op.F32X4_MUL, a, b);
    }

    int div(int a, int b) {
        return of(Op.F32X4_DIV, a, b);
    }

    int and(int a, int b) {
        return of(Op.V128_AND, a, b);
    }

    int or(int a, int b) {
        return of(Op.V128_OR, a, b);
    }

    int select(int mask, int yes, int no) {
        return keep(code.get(yes).get(no).get(mask).op(Op.V128_BITSELECT));
    }

    /** a b + c, rounded once or twice, whichever is quicker. */
    int fuse(int a, int b, int c) {
        return env.relaxed() ? keep(code.get(a).get(b).get(c).op(Op.F32X4_RELAXED_MADD)) : add(mul(a, b), c);
    }

    /** A polynomial by Horner's rule, the highest coefficient first. */
    int polynomial(int x, float... coefficients) {
        int sum = number(coefficients[0]);
        for (int i = 1; i < coefficients.length; i++) {
            sum = fuse(sum, x, number(coefficients[i]));
        }
        return sum;
    }

    int shift(Op op, int a, int by) {
        return keep(code.get(a).i32(by).op(op));
    }

    /** The first two numbers as doubles. */
    int low(int a) {
        return of(Op.F64X2_PROMOTE_LOW_F32X4, a);
    }

    /** The last two numbers as doubles. */
    int high(int a) {
        return keep(code.get(a).get(a).shuffle(2, 3, 2, 3).op(Op.F64X2_PROMOTE_LOW_F32X4));
    }

    /** Two pairs of doubles, rounded. */
    int narrow(int low, int high) {
        return keep(code.get(low).op(Op.F32X4_DEMOTE_F64X2_ZERO).get(high).op(Op.F32X4_DEMOTE_F64X2_ZERO)
                .shuffle(0, 1, 4, 5));
    }

    /** Replaces all lanes of {@code result}, where one lane of the mask is set, by what a function of doubles says. */
    void slowly(int mask, int function, int result, int... arguments) {
        code.get(mask).op(Op.V128_ANY_TRUE).when(() -> {
            for (int lane = 0; lane < 4; lane++) {
                code.get(result);
                for (int argument : arguments) {
                    code.get(argument).lane(Op.F32X4_EXTRACT_LANE, lane).op(Op.F64_PROMOTE_F32);
                }
                code.call(function).op(Op.F32_DEMOTE_F64).lane(Op.F32X4_REPLACE_LANE, lane).set(result);
            }
        });
    }
}

package dev.backstep.web.simd;

import dev.backstep.engine.backend.Bernoulli;
import dev.backstep.engine.backend.MersenneTwister;
import dev.backstep.web.simd.wasm.Code;
import dev.backstep.web.simd.wasm.Op;

/** Writes what makes random words, and numbers of them. */
final class DrawCode {
    private static final int BYTES = 4 * MersenneTwister.SIZE;
    private static final int NEAR_BYTES = 4 * MersenneTwister.NEAR;

    private final Lanes lanes;
    private final Code code;

    private DrawCode(Lanes lanes) {
        this.lanes = lanes;
        code = lanes.code;
    }

    /** Words that follow from those before. Four at once, because a word follows from none of the 226 before it. */
    static void twist(Lanes lanes, Arguments arguments, Place out, Place first) {
        DrawCode draw = new DrawCode(lanes);
        int from = arguments.pointer(lanes.code, first.place());
        int to = arguments.pointer(lanes.code, out.place());
        int given = Math.min(out.numel(), MersenneTwister.SIZE);
        int old = Nest.copy(lanes.code, to);
        draw.quads(given, count -> {
            Memory4.store(lanes.code, to, 0, 4, count, Memory4.load(lanes.code, from, 0, 4, count));
            lanes.code.advance(from, 16).advance(to, 16);
        });
        draw.quads(out.numel() - given, count -> {
            Memory4.store(lanes.code, old, BYTES, 4, count, draw.follow(old));
            lanes.code.advance(old, 16);
        });
    }

    /** Does the inner part for four elements as often as there are four, and once for those left over. */
    private void quads(int count, Step step) {
        code.repeat(count / 4, () -> step.write(4));
        if (count % 4 > 0) {
            step.write(count % 4);
        }
    }

    /** What is done for so many elements. */
    private interface Step {
        void write(int count);
    }

    /** The words that follow from those at that address and behind it. */
    private int follow(int old) {
        int y = lanes.select(lanes.bits(0x80000000), Memory4.load(code, old, 0, 4, 4),
                Memory4.load(code, old, 4, 4, 4));
        int odd = lanes.shift(Op.I32X4_SHR_S, lanes.shift(Op.I32X4_SHL, y, 31), 31);
        int word = lanes.of(Op.V128_XOR, lanes.shift(Op.I32X4_SHR_U, y, 1), lanes.and(odd, lanes.bits(0x9908b0df)));
        return lanes.of(Op.V128_XOR, word, Memory4.load(code, old, BYTES - NEAR_BYTES, 4, 4));
    }

    /** Ones where two tempered words are below a limit, else zeros. */
    static void bernoulli(Lanes lanes, Arguments arguments, Place out, Place words, Place below) {
        Code code = lanes.code;
        DrawCode draw = new DrawCode(lanes);
        int limit = arguments.pointer(code, below.place());
        int mostHigh = Memory4.load(code, limit, 0, 0, 4);
        int mostLow = Memory4.load(code, limit, 4, 0, 4);
        int from = arguments.pointer(code, words.place());
        int to = arguments.pointer(code, out.place());
        draw.quads(out.numel(), count -> {
            int first = draw.temper(Memory4.load(code, from, 0, 4, 4));
            int second = count <= 2 ? first : draw.temper(Memory4.load(code, from, 16, 4, 4));
            int high = lanes.and(draw.shuffled(first, second, 0), lanes.bits(Bernoulli.UPPER_BITS));
            int low = draw.shuffled(first, second, 1);
            int isBelow = lanes.or(lanes.of(Op.I32X4_LT_U, high, mostHigh),
                    lanes.and(lanes.of(Op.I32X4_EQ, high, mostHigh), lanes.of(Op.I32X4_LT_U, low, mostLow)));
            Memory4.store(code, to, 0, 4, count, lanes.and(isBelow, lanes.number(1)));
            code.advance(from, 16 * Bernoulli.WORDS).advance(to, 16);
        });
    }

    /** Every second word, from that one on. */
    private int shuffled(int a, int b, int start) {
        return lanes.keep(code.get(a).get(b).shuffle(start, start + 2, start + 4, start + 6));
    }

    private int temper(int word) {
        int y = lanes.of(Op.V128_XOR, word, lanes.shift(Op.I32X4_SHR_U, word, 11));
        y = lanes.of(Op.V128_XOR, y, lanes.and(lanes.shift(Op.I32X4_SHL, y, 7), lanes.bits(0x9d2c5680)));
        y = lanes.of(Op.V128_XOR, y, lanes.and(lanes.shift(Op.I32X4_SHL, y, 15), lanes.bits(0xefc60000)));
        return lanes.of(Op.V128_XOR, y, lanes.shift(Op.I32X4_SHR_U, y, 18));
    }
}

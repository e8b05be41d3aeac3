package dev.backstep.engine.backend.cpu;

import dev.backstep.engine.backend.Bernoulli;
import dev.backstep.engine.backend.MersenneTwister;
import dev.backstep.engine.backend.View;

/** Random words, and numbers made of them. */
final class Draws {
    private Draws() {
    }

    /** @see dev.backstep.engine.backend.Kernel#TWIST */
    static void twist(View out, View first) {
        CpuBuffer from = (CpuBuffer) first.buffer();
        CpuBuffer to = (CpuBuffer) out.buffer();
        int[] words = new int[out.numel()];
        for (int i = 0; i < words.length; i++) {
            words[i] = i < MersenneTwister.SIZE ? (int) from.getLong(first.offset() + i)
                    : MersenneTwister.follow(words, i);
            to.setLong(out.offset() + i, words[i]);
        }
    }

    /** @see dev.backstep.engine.backend.Kernel#BERNOULLI */
    static void bernoulli(View out, View words, View below) {
        CpuBuffer from = (CpuBuffer) words.buffer();
        CpuBuffer limit = (CpuBuffer) below.buffer();
        CpuBuffer to = (CpuBuffer) out.buffer();
        // 54 bits where all numbers are ones.
        long most = limit.getLong(below.offset()) << 32 | limit.getLong(below.offset() + 1) & 0xffffffffL;
        for (int i = 0, n = out.numel(); i < n; i++) {
            int at = words.offset() + Bernoulli.WORDS * i;
            int high = MersenneTwister.temper((int) from.getLong(at));
            int low = MersenneTwister.temper((int) from.getLong(at + 1));
            to.set(out.offset() + i, Bernoulli.bits(high, low) < most ? 1 : 0);
        }
    }
}

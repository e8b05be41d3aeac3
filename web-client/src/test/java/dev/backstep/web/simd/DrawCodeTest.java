package dev.backstep.web.simd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.backstep.engine.backend.Bernoulli;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.Kernel;
import dev.backstep.engine.backend.MersenneTwister;
import dev.backstep.engine.backend.device.Operand;
import dev.backstep.web.suite.Rig;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random words and numbers of them, beside the generator's own. */
class DrawCodeTest extends SimdFixture {
    private static MersenneTwister twister(int given) {
        MersenneTwister twister = new MersenneTwister();
        twister.seed(99);
        twister.skip(given);
        return twister;
    }

    private static double[] doubles(int... values) {
        return Arrays.stream(values).asDoubleStream().toArray();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 100, 623, 624, 625, 626, 627, 628, 851, 852, 1_248, 5_003, 70_000})
    void wordsFollowFromThoseBefore(int count) {
        MersenneTwister twister = twister(count);
        Rig rig = new Rig(device);
        double[] ahead = doubles(twister.ahead());
        Operand first = rig.contiguous(rig.slot(DType.INT64, ahead), ahead.length);
        Operand out = rig.operand(rig.slot(DType.INT64, new double[count + 5]), new int[] {count}, new int[] {1}, 3);
        rig.run(Kernel.TWIST, out, first);
        double[] actual = rig.actual(out.slot());
        for (int i = 0; i < count; i++) {
            assertEquals(twister.next(), MersenneTwister.temper((int) actual[3 + i]), "word " + i);
        }
        assertArrayEquals(rig.expected(out.slot()), actual, "nothing beside them is written");
        rig.free();
    }

    @Test
    void numbersAreThoseOfTheGenerator() {
        double[] probabilities = {1e-12, 0.1, 0.25, 0.5, 0.9, 1 - 0x1p-53, 1};
        for (int count = 1; count < 300; count += count < 12 ? 1 : 37) {
            for (double probability : probabilities) {
                draw(count, Bernoulli.below(probability), probability);
            }
        }
        // A limit that is a number itself: that one is not below it, but below the next.
        for (int k = 0; k < 8; k++) {
            MersenneTwister twister = twister(8);
            twister.skip(2 * k);
            long drawn = Bernoulli.bits(twister.next(), twister.next());
            draw(8, drawn, drawn * 0x1p-53);
            draw(8, drawn + 1, (drawn + 1) * 0x1p-53);
        }
    }

    private void draw(int count, long below, double probability) {
        MersenneTwister twister = twister(count);
        Rig rig = new Rig(device);
        double[] words = doubles(twister.ahead());
        Operand from = rig.operand(rig.slot(DType.INT64, words), new int[] {2 * count}, new int[] {1}, 0);
        Operand limit = rig.contiguous(rig.slot(DType.INT64, (int) (below >>> 32), (int) below), 2);
        Operand out = rig.operand(rig.slot(DType.FLOAT32, new double[count + 4]), new int[] {count}, new int[] {1}, 2);
        rig.run(Kernel.BERNOULLI, out, from, limit);
        double[] actual = rig.actual(out.slot());
        assertArrayEquals(new Bernoulli(twister, count, probability).draw(), Arrays.copyOfRange(actual, 2, count + 2),
                count + " numbers with " + probability);
        assertArrayEquals(rig.expected(out.slot()), actual, "nothing beside them is written");
        rig.free();
    }
}

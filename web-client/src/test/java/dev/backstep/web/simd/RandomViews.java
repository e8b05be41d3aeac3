package dev.backstep.web.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.device.Operand;
import dev.backstep.web.suite.Rig;
import java.util.Arrays;
import java.util.Collections;
import java.util.Random;

/** Random numbers, shapes and ways to lie in memory. */
final class RandomViews {
    private RandomViews() {
    }

    static double[] numbers(Random random, DType type, int count) {
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = switch (type) {
                case BOOL -> random.nextInt(2);
                case INT64 -> random.nextInt(2_001) - 1_000;
                default -> (float) random.nextGaussian();
            };
        }
        return values;
    }

    static int[] shape(Random random, int rank, int most) {
        int[] shape = new int[rank];
        for (int i = 0; i < rank; i++) {
            shape[i] = random.nextInt(12) == 0 ? 1 : random.nextInt(40) == 0 ? 0 : 1 + random.nextInt(most);
        }
        return shape;
    }

    /** A view with its dimensions in any order in memory, gaps, an offset, and where allowed repeated dimensions. */
    static Operand strided(Rig rig, Random random, DType type, int[] shape, boolean repeats) {
        int rank = shape.length;
        Integer[] order = new Integer[rank];
        Arrays.setAll(order, i -> i);
        if (random.nextBoolean()) {
            Collections.shuffle(Arrays.asList(order), random);
        }
        int[] strides = new int[rank];
        int stride = random.nextInt(4) == 0 ? 2 : 1;
        for (int i = rank - 1; i >= 0; i--) {
            boolean repeated = repeats && random.nextInt(4) == 0;
            strides[order[i]] = repeated ? 0 : stride;
            stride *= repeated ? 1 : Math.max(1, shape[order[i]]) + (random.nextInt(5) == 0 ? 1 : 0);
        }
        int offset = random.nextInt(3) == 0 ? random.nextInt(7) : 0;
        return rig.operand(rig.slot(type, numbers(random, type, stride + offset + 1)), shape, strides, offset);
    }

    static String text(Operand... operands) {
        StringBuilder text = new StringBuilder();
        for (Operand o : operands) {
            text.append(o.type()).append(Arrays.toString(o.shape())).append(Arrays.toString(o.strides())).append('+')
                    .append(o.offset()).append(' ');
        }
        return text.toString();
    }

    /** Each element may differ by the tolerance times its scale. */
    static void assertClose(Rig rig, Operand out, double[] scale, double tolerance, String what) {
        double[] expected = rig.expected(out.slot());
        double[] actual = rig.actual(out.slot());
        for (int i = 0; i < expected.length; i++) {
            int at = i;
            assertEquals(expected[i], actual[i], tolerance * scale[i], () -> what + " at " + at);
        }
    }
}

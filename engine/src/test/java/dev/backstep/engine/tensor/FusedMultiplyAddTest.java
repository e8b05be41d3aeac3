package dev.backstep.engine.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Against the JVM's own fused operation, where rounding twice would show too: near half a unit in the last place. */
class FusedMultiplyAddTest {
    private static final int COUNT = 1_000_000;

    private final SplittableRandom random = new SplittableRandom(1);

    @Test
    void ofDoubles() {
        for (int i = 0; i < COUNT; i++) {
            double a = number(53);
            double b = number(53);
            double c = addend(a * b, 53);
            assertEquals(Math.fma(a, b, c), FusedMultiplyAdd.mulAdd(a, b, c), () -> a + " * " + b + " + " + c);
        }
    }

    @Test
    void ofFloats() {
        for (int i = 0; i < COUNT; i++) {
            float a = (float) number(24);
            float b = (float) number(24);
            float c = (float) addend(a * b, 24);
            assertEquals(Math.fma(a, b, c), FusedMultiplyAdd.mulAddFloat(a, b, c), () -> a + " * " + b + " + " + c);
        }
    }

    /** A number whose last bits are 0 or 1 alike more often than chance has it. */
    private double number(int bits) {
        int kept = random.nextInt(1, bits + 1);
        double few = random.nextLong(1L << kept) + (random.nextBoolean() ? Math.scalb(1.0, -random.nextInt(bits)) : 0);
        return (random.nextBoolean() ? few : -few) * Math.scalb(1.0, random.nextInt(-20, 20));
    }

    /** Something that nearly cancels the product, or is far above or below it, or neither. */
    private double addend(double product, int bits) {
        return switch (random.nextInt(3)) {
            case 0 -> -product * (1 + random.nextInt(-2, 3) * Math.scalb(1.0, -random.nextInt(bits + 2)));
            case 1 -> product * Math.scalb(1.0 + random.nextInt(4), random.nextInt(-2 * bits, 2 * bits));
            default -> number(bits);
        };
    }
}

package dev.backstep.engine.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ShortestDecimalTest {
    @Test
    void readsBackAndIsNoLongerThanTheJvms() {
        long seed = Long.getLong("seed", 20261123L);
        Random random = new Random(seed);
        for (int i = 0; i < 300_000; i++) {
            float value = i % 3 == 0 ? (float) random.nextGaussian() : Float.intBitsToFloat(random.nextInt());
            if (Float.isFinite(value)) {
                double decimal = ShortestDecimal.of(value);
                assertEquals(value, (float) decimal, () -> "seed " + seed);
                assertTrue(
                        Double.toString(decimal).length() <= Float.toString(value).length(),
                        () -> "seed " + seed + ": " + value + " as " + decimal);
            }
        }
    }

    @Test
    void givesWhatPeopleExpect() {
        assertEquals("0.1", Double.toString(ShortestDecimal.of(0.1f)));
        assertEquals("1.080605", Double.toString(ShortestDecimal.of(1.080605f)));
        assertEquals("-0.0", Double.toString(ShortestDecimal.of(-0.0f)));
        assertEquals("3.4028235E38", Double.toString(ShortestDecimal.of(Float.MAX_VALUE)));
        assertEquals("1.0E-45", Double.toString(ShortestDecimal.of(Float.MIN_VALUE)));
        assertEquals("1.6777216E7", Double.toString(ShortestDecimal.of(16777216f)));
    }
}

package dev.backstep.engine.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** When a compiled step counts as the same. */
class RowsTest {
    private static final float[] HERE = {2, -4, 1, 0};

    private static double difference(int few, float... there) {
        float[] row = new float[there.length + 1];
        System.arraycopy(there, 0, row, 1, there.length);
        return Rows.difference(HERE, row, 1, 1e-3, few);
    }

    @Test
    void theLargestNumberMeasuresAll() {
        assertEquals(0, difference(0, 2, -4, 1, 0));
        assertEquals(0.25, difference(0, 2, -4, 1, 1));
        assertEquals(0x1p-12, difference(0, 2, -4, 1 + 0x1p-10f, 0));
    }

    @Test
    void fewMayBeFurtherOff() {
        assertEquals(0x1p-12, difference(1, 2, -4, 1 + 0x1p-10f, 1));
        assertEquals(0.5, difference(1, 4, -4, 1, 1));
    }

    @Test
    void noneMayBeNoNumber() {
        assertEquals(Double.NaN, difference(4, 2, -4, 1, Float.NaN));
    }
}

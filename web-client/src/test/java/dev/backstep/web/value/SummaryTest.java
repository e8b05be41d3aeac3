package dev.backstep.web.value;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SummaryTest {
    @Test
    void figuresOfAFewNumbers() {
        Summary summary = Summary.of(new double[] {3, -4, 0, Double.NaN, Double.POSITIVE_INFINITY});
        assertEquals(-4, summary.min());
        assertEquals(3, summary.max());
        assertEquals(-1.0 / 3, summary.mean(), 1e-12);
        assertEquals(5, summary.norm(), 1e-12);
        assertEquals(1, summary.positive());
        assertEquals(1, summary.negative());
        assertEquals(1, summary.zero());
        assertEquals(2, summary.notFinite());
    }

    @Test
    void everyNumberIsInABin() {
        double[] values = new double[1000];
        Arrays.setAll(values, i -> i);
        int[] bins = Summary.of(values).bins();
        assertEquals(24, bins.length);
        assertEquals(1000, Arrays.stream(bins).sum());
        assertTrue(Arrays.stream(bins).allMatch(bin -> bin == 41 || bin == 42), Arrays.toString(bins));
        assertArrayEquals(new int[] {3}, Summary.of(new double[] {7, 7, 7}).bins());
        int[] wide = Summary.of(new double[] {-Double.MAX_VALUE, 0, Double.MAX_VALUE}).bins();
        assertArrayEquals(new int[] {1, 0, 1, 0, 1}, wide);
    }

    @Test
    void nothingFinite() {
        assertEquals(0, Summary.of(new double[] {Double.NaN}).bins().length);
        assertTrue(Double.isNaN(Summary.of(new double[0]).mean()));
    }
}

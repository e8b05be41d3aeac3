package dev.backstep.web.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backstep.engine.train.RunEvent;
import dev.backstep.web.train.Table.Kind;
import dev.backstep.web.train.Table.Measure;
import org.junit.jupiter.api.Test;

class TableTest {
    private static RunLog run(double... losses) {
        RunLog log = new RunLog();
        log.take(new RunEvent.Losses(1, losses, losses));
        return log;
    }

    private static double[] column(Table table, Kind kind) {
        return table.columns().stream().filter(column -> column.kind() == kind).findFirst().orElseThrow().values();
    }

    /** The closed form: a mean of all numbers, each weighted by the weight to the power of its age. */
    @Test
    void smoothingIsAWeightedMean() {
        double[] losses = {3, 1, 4, 1, 5, 9, 2, 6};
        double[] smoothed = Table.smooth(run(losses).losses(), .7);
        for (int i = 0; i < losses.length; i++) {
            double sum = 0;
            double weights = 0;
            for (int j = 0; j <= i; j++) {
                sum += Math.pow(.7, i - j) * losses[j];
                weights += Math.pow(.7, i - j);
            }
            assertEquals(sum / weights, smoothed[i], 1e-12);
        }
        assertArrayEquals(losses, Table.smooth(run(losses).losses(), 0));
    }

    @Test
    void whatIsNotFiniteIsPassedOver() {
        double[] smoothed = Table.smooth(run(2, Double.NaN, Double.POSITIVE_INFINITY, 4).losses(), .5);
        assertEquals(2, smoothed[0]);
        assertTrue(Double.isNaN(smoothed[1]) && Double.isNaN(smoothed[2]));
        assertEquals((.5 * 2 + 4) / 1.5, smoothed[3], 1e-12);
    }

    @Test
    void manyBatchesArePutTogether() {
        double[] losses = new double[1000];
        for (int i = 0; i < losses.length; i++) {
            losses[i] = i % 2 == 0 ? -i : i;
        }
        RunLog log = run(losses);
        log.take(new RunEvent.EpochEnd(1, 500, 1, 42, .5, .5, .1));
        Table table = Table.of(log, null, Measure.LOSS, false, 0, 100);
        assertEquals(100, table.x().length);
        assertEquals(10, table.x()[0]);
        assertEquals(1000, table.x()[99]);
        assertEquals(-998, column(table, Kind.LOWEST)[99]);
        assertEquals(999, column(table, Kind.HIGHEST)[99]);
        assertEquals((1 + 3 + 5 + 7 + 9 - 2 - 4 - 6 - 8) / 10., column(table, Kind.LOSS)[0], 1e-12);
        assertEquals(42, column(table, Kind.TEST_LOSS)[49]);
    }

    @Test
    void aFormerRunStandsBeside() {
        Table table = Table.of(run(1, 2), run(5, 6, 7, 8), Measure.LOSS, false, 0, 100);
        assertArrayEquals(new double[] {1, 2, 3, 4}, table.x());
        assertArrayEquals(new double[] {5, 6, 7, 8}, column(table, Kind.FORMER_LOSS));
        assertArrayEquals(new double[] {1, 2, Double.NaN, Double.NaN}, column(table, Kind.LOSS));
    }

    @Test
    void epochsHaveAnAxisOfTheirOwn() {
        RunLog log = run(1, 2, 3, 4);
        log.take(new RunEvent.EpochEnd(1, 2, 1.5, 9, .5, .6, .1));
        log.take(new RunEvent.EpochEnd(2, 4, 3.5, 8, .7, .8, .1));
        Table losses = Table.of(log, null, Measure.LOSS, true, .9, 100);
        assertArrayEquals(new double[] {1, 2}, losses.x());
        assertArrayEquals(new double[] {1.5, 3.5}, column(losses, Kind.LOSS));
        Table accuracy = Table.of(log, null, Measure.ACCURACY, false, .9, 100);
        assertArrayEquals(new double[] {2, 4}, accuracy.x());
        assertArrayEquals(new double[] {.6, .8}, column(accuracy, Kind.TEST_ACCURACY));
    }
}

package dev.backstep.web.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backstep.engine.train.RunEvent;
import dev.backstep.engine.train.RunEvent.State;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunLogTest {
    private final RunLog log = new RunLog();

    private void losses(long first, double... losses) {
        log.take(new RunEvent.Losses(first, losses, losses));
    }

    private void at(State state, long batch) {
        log.take(new RunEvent.At(state, batch, 0, 0));
    }

    private void epoch(int epoch, long batch) {
        log.take(new RunEvent.EpochEnd(epoch, batch, 1, 2, .5, .6, .1));
    }

    @Test
    void goingBackForgetsWhatCameLater() {
        losses(1, 5, 4, 3, 2);
        epoch(1, 2);
        epoch(2, 4);
        log.take(new RunEvent.Warning(4, "grad_norm", null, 200));
        at(State.PAUSED, 4);
        at(State.PAUSED, 3);
        assertEquals(3, log.losses().size());
        assertEquals(3, log.losses().last());
        assertEquals(1, log.epochs().size());
        assertEquals(List.of(), log.warnings());
        losses(4, 7);
        at(State.PAUSED, 4);
        assertEquals(7, log.losses().last());
        assertEquals(4, log.batch());
    }

    @Test
    void lossesThatWereNotToldAreNoNumbers() {
        losses(3, 1);
        assertEquals(3, log.losses().size());
        assertTrue(Double.isNaN(log.losses().get(0)));
    }

    @Test
    void samplesBelongToLaterPictures() {
        double[] range = {0, 1, 0, 1};
        double[] points = {.5, .5, 1, 0};
        log.take(new RunEvent.Boundary(0, 1, 1, range, null, new double[] {1}, points));
        log.take(new RunEvent.Boundary(9, 1, 1, range, null, new double[] {2}, new double[0]));
        assertEquals(9, log.boundary().batch());
        assertEquals(List.of(.5, .5, 1., 0.), java.util.Arrays.stream(log.boundary().points()).boxed().toList());
    }

    @Test
    void aComplaintThatRepeatsIsKeptTwice() {
        for (int batch = 1; batch <= 50; batch++) {
            log.take(new RunEvent.Warning(batch, "grad_norm", null, batch));
            log.take(new RunEvent.Warning(batch, "dead_relu", "a", batch));
        }
        assertEquals(List.of(1L, 50L), log.warnings().stream().filter(warning -> warning.code().equals("grad_norm"))
                .map(RunEvent.Warning::batch).toList());
        assertEquals(4, log.warnings().size());
    }

    @Test
    void momentsAreThinnedEvenly() {
        Thinned<Integer> thinned = new Thinned<>(8);
        for (int i = 0; i < 100; i++) {
            thinned.add(i, i);
        }
        assertTrue(thinned.all().size() <= 8 && thinned.all().size() >= 4, thinned.all().toString());
        int step = thinned.all().get(1) - thinned.all().get(0);
        for (int i = 0; i < thinned.all().size(); i++) {
            assertEquals(i * step, thinned.all().get(i), thinned.all().toString());
            assertEquals(i * step, thinned.batch(i));
        }
        thinned.cut(20);
        assertTrue(thinned.all().stream().allMatch(item -> item <= 20));
    }

    @Test
    void csvQuotesWhatMustBeQuoted() {
        assertEquals("a,\"b, c\",\"say \"\"x\"\"\"\r\n1,,3\r\n",
                Csv.of(List.of(List.of("a", "b, c", "say \"x\""), List.of("1", "", "3"))));
    }
}

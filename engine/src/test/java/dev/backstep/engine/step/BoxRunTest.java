package dev.backstep.engine.step;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.Sketch;
import java.util.List;
import org.junit.jupiter.api.Test;

class BoxRunTest {
    @Test
    void isToldAtEveryStepAfterItRan() {
        Graph graph = new Sketch().parameter("x", List.of(1.0, 2.0)).parameter("w", 3.0)
                .op("y", "mul", "x", "w").op("s", "sum", "y").graph();
        Playback playback = Playback.forward(graph);
        assertNull(BoxRun.find(playback, "y", playback.step()));
        playback.act(BackwardCall.PLAIN);
        // Forward y, forward s, start, sum runs, mul runs, two leaves accumulate.
        assertEquals(7, playback.timeline().size());
        assertNull(BoxRun.find(playback, "y", 4));
        for (int step = 5; step <= 7; step++) {
            BoxRun run = BoxRun.find(playback, "y", step);
            assertEquals(0, run.forward());
            assertEquals(4, run.event());
            assertEquals(List.of("MulBackward0"), run.nodes());
            assertArrayEquals(new double[] {1, 1}, run.incoming().getFirst().toDoubles());
            assertArrayEquals(new double[] {3, 6}, run.outputs().getFirst().toDoubles());
            BoxRun.Passed w = run.passed().get(1);
            assertEquals(Sketch.wire("w", "y", 1), w.wire());
            assertArrayEquals(new double[] {1, 2}, w.raw().toDoubles());
            assertArrayEquals(new double[] {3}, w.outgoing().toDoubles());
        }
    }

    @Test
    void aSecondBackwardBeginsAnew() {
        Graph graph = new Sketch().parameter("x", 2.0).op("y", "mul", "x", "x").graph();
        Playback playback = Playback.forward(graph);
        playback.act(new BackwardCall(null, null, true, false));
        int before = playback.timeline().size();
        playback.act(BackwardCall.PLAIN);
        assertNull(BoxRun.find(playback, "y", before + 1));
        assertEquals(before + 1, BoxRun.find(playback, "y", before + 2).event());
        BoxRun square = BoxRun.find(playback, "y", before + 2);
        assertEquals(2, square.passed().size());
    }

    @Test
    void aBoxOfSeveralNodesIsOne() {
        Graph graph = new Sketch().parameter("x", List.of(List.of(1.0, 2.0)))
                .parameter("w", List.of(List.of(3.0, 4.0), List.of(5.0, 6.0)))
                .leaf("b", List.of(0.0, 0.0), DType.FLOAT32, true)
                .op("y", "linear", "x", "w", "b").op("s", "sum", "y").graph();
        Playback playback = Playback.forward(graph);
        playback.act(BackwardCall.PLAIN);
        BoxRun run = BoxRun.find(playback, "y", playback.timeline().size());
        assertEquals(List.of("AddmmBackward0", "TBackward0"), run.nodes());
        assertArrayEquals(new double[] {1, 1}, run.incoming().getFirst().toDoubles());
        assertEquals(3, run.passed().size());
        assertArrayEquals(new double[] {8, 10}, run.passed().get(0).outgoing().toDoubles());
        assertArrayEquals(new double[] {1, 2, 1, 2}, run.passed().get(1).outgoing().toDoubles());
        assertArrayEquals(new double[] {1, 1}, run.passed().get(2).outgoing().toDoubles());
    }
}

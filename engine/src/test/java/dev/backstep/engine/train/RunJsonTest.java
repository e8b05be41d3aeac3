package dev.backstep.engine.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.graph.GraphException;
import dev.backstep.engine.graph.Reason;
import dev.backstep.engine.train.RunEvent.State;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Runs, commands and events as text and back; what anybody else may have written is refused. */
class RunJsonTest {
    @Test
    void commandsAreWrittenAndRead() {
        for (RunCommand command : List.of(new RunCommand.Resume(), new RunCommand.Pause(), new RunCommand.Batches(-3),
                new RunCommand.Epoch(), new RunCommand.Seek(5_000_000_000L), new RunCommand.Reset(),
                new RunCommand.Watch(EnumSet.of(Figure.BOUNDARY, Figure.NORMS)), new RunCommand.Watch(Set.of()),
                new RunCommand.Save(), new RunCommand.Stop())) {
            assertEquals(command, RunJson.readCommand(RunJson.write(command)));
        }
    }

    @Test
    void eventsAreWrittenAndRead() {
        double nan = Double.NaN;
        double inf = Double.POSITIVE_INFINITY;
        for (RunEvent event : List.of(
                new RunEvent.Started(3, 60, 5, 2, List.of("a", "b"), List.of("x"), List.of("w")),
                new RunEvent.At(State.DIVERGED, 7, 2, 0.1), new RunEvent.EpochEnd(1, 3, 0.5, nan, inf, -inf, 0.01),
                new RunEvent.Warning(4, "grad_norm", null, 123.5), new RunEvent.Warning(4, "dead_relu", "n1", nan),
                new RunEvent.Place(0, "cpu", List.of(new RunEvent.Timing("eager", 60.5, null),
                        new RunEvent.Timing("webgpu", nan, "why"))),
                new RunEvent.Failed(Reason.of(Reason.Code.NO_SCALAR, "y", 3)))) {
            assertEquals(event, EventJson.read(EventJson.write(event)));
        }
        RunEvent.Losses losses = new RunEvent.Losses(5, new double[] {0.1, nan, inf, 1e-300},
                new double[] {1, 2, 3, -0.0});
        RunEvent.Losses read = (RunEvent.Losses) EventJson.read(EventJson.write(losses));
        assertArrayEquals(losses.losses(), read.losses());
        assertArrayEquals(losses.norms(), read.norms());
        RunEvent.Boundary values = new RunEvent.Boundary(1, 2, 1, new double[] {0, 1, 0, 1}, null, new double[] {3, 4},
                new double[0]);
        assertNull(((RunEvent.Boundary) EventJson.read(EventJson.write(values))).classes());
        RunEvent.Histograms histograms = new RunEvent.Histograms(1,
                List.of(new RunEvent.Bins(-1, 1, new int[] {1, 2})), Arrays.asList((RunEvent.Bins) null));
        RunEvent.Histograms back = (RunEvent.Histograms) EventJson.read(EventJson.write(histograms));
        assertNull(back.gradients().getFirst());
        assertArrayEquals(new int[] {1, 2}, back.values().getFirst().counts());
        byte[] bytes = {0, -1, 127, -128};
        assertArrayEquals(bytes, ((RunEvent.Saved) EventJson.read(EventJson.write(new RunEvent.Saved(1, bytes))))
                .bytes());
    }

    @Test
    void runsAreWrittenAndRead() {
        Run run = new Run(Sketches.line(Attrs.NONE, "SGD", Attrs.NONE), Map.of("iris", "a,b\n1,2\n"),
                new byte[] {9, 8});
        Run read = RunJson.readRun(RunJson.write(run));
        assertEquals(run.graph(), read.graph());
        assertEquals(run.tables(), read.tables());
        assertArrayEquals(run.checkpoint(), read.checkpoint());
        assertNull(RunJson.readRun(RunJson.write(new Run(run.graph()))).checkpoint());
        assertEquals("auto", RunJson.readRun(RunJson.write(run)).device());
        assertEquals("simd", RunJson.readRun(RunJson.write(new Run(run.graph(), Map.of(), null, "simd"))).device());
    }

    private static String path(Runnable reading) {
        return assertThrows(GraphException.class, reading::run).path();
    }

    @Test
    void hostileTextIsRefusedWithItsPlace() {
        for (String text : List.of("", "[1]", "{", "{\"do\":1}", "{\"do\":\"dance\"}", "{\"do\":\"pause\",\"count\":1}",
                "{\"do\":\"seek\"}", "{\"do\":\"seek\",\"batch\":-1}", "{\"do\":\"seek\",\"batch\":1.5}",
                "{\"do\":\"batches\",\"count\":99999999999}", "{\"do\":\"watch\",\"figures\":[\"moon\"]}",
                "{\"do\":\"watch\",\"figures\":[[1]]}", "{\"x\":".repeat(100_000), "1".repeat(100_000))) {
            assertThrows(GraphException.class, () -> RunJson.readCommand(text), text);
            assertThrows(GraphException.class, () -> EventJson.read(text), text);
            assertThrows(GraphException.class, () -> RunJson.readRun(text), text);
        }
        assertEquals("batch", path(() -> RunJson.readCommand("{\"do\":\"seek\",\"batch\":\"x\"}")));
        assertEquals("state", path(() -> EventJson.read(
                "{\"event\":\"at\",\"state\":\"flying\",\"batch\":1,\"epoch\":1,\"rate\":1}")));
        assertEquals("losses", path(() -> EventJson.read(
                "{\"event\":\"losses\",\"first\":1,\"losses\":[true],\"norms\":[]}")));
        assertEquals("bytes", path(() -> EventJson.read("{\"event\":\"saved\",\"batch\":1,\"bytes\":\"*\"}")));
        assertEquals("code", path(() -> EventJson.read("{\"event\":\"failed\",\"code\":\"X\",\"arguments\":[]}")));
        assertEquals("arguments", path(() -> EventJson.read(
                "{\"event\":\"failed\",\"code\":\"NO_SCALAR\",\"arguments\":[\"y\"]}")));
        assertEquals("document.nodes[0].type", path(() -> RunJson.readRun(
                "{\"document\":{\"format\":1,\"nodes\":[{\"id\":\"a\",\"type\":\"?\"}]}}")));
        assertEquals("tables.iris", path(() -> RunJson.readRun(
                "{\"document\":{\"format\":1,\"nodes\":[]},\"tables\":{\"iris\":5}}")));
    }
}

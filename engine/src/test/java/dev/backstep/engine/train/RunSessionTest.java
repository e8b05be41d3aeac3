package dev.backstep.engine.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.data.DataFiles;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.Reason.Code;
import dev.backstep.engine.graph.Sketch;
import dev.backstep.engine.train.RunEvent.State;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Runs steered by commands, under a clock that moves a millisecond each time it is looked at. */
class RunSessionTest {
    private static final Attrs ADAM = Attrs.of("lr", 0.01);

    /** A watcher that keeps the curve as the events tell it. */
    private static final class Watcher {
        final List<RunEvent> events = new ArrayList<>();
        final List<Double> losses = new ArrayList<>();
        final RunSession session;
        private long now;

        Watcher(Run run) {
            session = new RunSession(run, 0, this::hear, () -> now += 1_000_000);
        }

        Watcher(Graph graph) {
            this(new Run(graph));
        }

        private void hear(RunEvent event) {
            // As it comes over a wire.
            RunEvent read = EventJson.read(EventJson.write(event));
            events.add(read);
            if (read instanceof RunEvent.Losses told) {
                assertEquals(losses.size() + 1, told.first(), "no gap");
                for (double loss : told.losses()) {
                    losses.add(loss);
                }
            } else if (read instanceof RunEvent.At at) {
                while (losses.size() > at.batch()) {
                    losses.removeLast();
                }
            }
        }

        Watcher send(RunCommand command) {
            session.send(RunJson.readCommand(RunJson.write(command)));
            while (session.work(5)) {
                assertEquals(State.RUNNING, session.state());
            }
            return this;
        }

        RunEvent.At at() {
            return last(RunEvent.At.class);
        }

        <E extends RunEvent> E last(Class<E> kind) {
            return all(kind).getLast();
        }

        <E extends RunEvent> List<E> all(Class<E> kind) {
            return events.stream().filter(kind::isInstance).map(kind::cast).toList();
        }

        List<String> warnings() {
            return all(RunEvent.Warning.class).stream().map(RunEvent.Warning::code).toList();
        }

        byte[] save() {
            send(new RunCommand.Save());
            return last(RunEvent.Saved.class).bytes();
        }
    }

    private static Graph classes(Object... loop) {
        return Sketches.classes(Attrs.NONE, Attrs.of(loop), "Adam", ADAM);
    }

    /** The document has 72 samples to learn from, so 5 batches of 16. */
    @Test
    void runsToTheEndAndTellsEachBatchOnce() {
        Watcher watcher = new Watcher(classes("epochs", 30));
        RunEvent.Started started = assertInstanceOf(RunEvent.Started.class, watcher.events.getFirst());
        assertEquals(new RunEvent.Started(5, 150, 72, 18, List.of("0", "1", "2"), List.of("x1", "x2"),
                List.of("b1", "b2", "w1", "w2")), started);
        assertEquals(new RunEvent.At(State.PAUSED, 0, 0, 0), watcher.at());
        watcher.send(new RunCommand.Resume());
        assertEquals(State.DONE, watcher.at().state());
        assertEquals(150, watcher.at().batch());
        assertEquals(150, watcher.losses.size());
        Trainer alone = new Trainer(classes("epochs", 30));
        for (double loss : watcher.losses) {
            alone.next();
            assertEquals(alone.loss(), loss);
        }
        List<RunEvent.EpochEnd> ends = watcher.all(RunEvent.EpochEnd.class);
        assertEquals(30, ends.size());
        assertEquals(watcher.losses.subList(145, 150).stream().mapToDouble(x -> x).average().orElseThrow(),
                ends.getLast().trainLoss(), 1e-12);
        assertTrue(ends.getLast().testAccuracy() > 0.9, "accuracy " + ends.getLast().testAccuracy());
        assertEquals(0.01, ends.getLast().lr());
        assertTrue(watcher.all(RunEvent.Losses.class).size() < 60, "losses come together");
        assertEquals(List.of(), watcher.warnings());
        assertEquals(State.DONE, watcher.send(new RunCommand.Batches(1)).at().state());
    }

    @Test
    void goesBackToExactlyWhatWasThere() {
        Watcher watcher = new Watcher(classes("epochs", 100));
        watcher.send(new RunCommand.Batches(33));
        assertEquals(33, watcher.at().batch());
        assertEquals(State.PAUSED, watcher.at().state());
        byte[] there = watcher.save();
        watcher.send(new RunCommand.Batches(7));
        List<Double> curve = List.copyOf(watcher.losses);
        watcher.send(new RunCommand.Batches(-7));
        assertEquals(33, watcher.at().batch());
        assertEquals(33, watcher.losses.size());
        assertArrayEquals(there, watcher.save());
        watcher.send(new RunCommand.Batches(-1));
        assertEquals(32, watcher.at().batch());
        watcher.send(new RunCommand.Batches(8));
        assertEquals(curve, watcher.losses);
        watcher.send(new RunCommand.Seek(3));
        assertEquals(curve.subList(0, 3), watcher.losses);
        watcher.send(new RunCommand.Epoch());
        assertEquals(5, watcher.at().batch());
        watcher.send(new RunCommand.Batches(-100));
        assertEquals(0, watcher.at().batch());
        watcher.send(new RunCommand.Seek(40));
        assertEquals(curve, watcher.losses);
    }

    /** Without the memory for many checkpoints the way back is longer and leads to the same. */
    @Test
    void theTrailGivesUpEverySecondOverItsMemory() {
        Trainer trainer = new Trainer(classes("epochs", 1000));
        long one = trainer.checkpoint().bytes();
        Trail trail = new Trail(20 * one);
        List<byte[]> all = new ArrayList<>();
        for (int i = 0; i <= 1000; i++) {
            all.add(i % 50 == 0 ? trainer.checkpoint().write() : null);
            if (trail.wants(i)) {
                trail.add(trainer.checkpoint());
            }
            trainer.next();
        }
        assertTrue(trail.size() <= 20 && trail.size() > 4, "kept " + trail.size());
        for (int i = 0; i <= 1000; i += 50) {
            Checkpoint nearest = trail.before(i);
            assertTrue(i - nearest.batch() < 256, i + " from " + nearest.batch());
            trainer.restore(nearest);
            while (trainer.batch() < i) {
                trainer.next();
            }
            assertArrayEquals(all.get(i), trainer.checkpoint().write(), "batch " + i);
        }
    }

    @Test
    void aReloadResumes() {
        Graph graph = classes("epochs", 100);
        Watcher before = new Watcher(graph);
        before.send(new RunCommand.Batches(23));
        byte[] saved = before.save();
        before.send(new RunCommand.Batches(30));
        Run run = RunJson.readRun(RunJson.write(new Run(graph, Map.of(), saved)));
        List<RunEvent> events = new ArrayList<>();
        RunSession after = new RunSession(run, events::add);
        assertEquals(new RunEvent.At(State.PAUSED, 23, 4, 0), events.getLast());
        after.send(new RunCommand.Batches(30));
        List<Double> losses = new ArrayList<>();
        while (after.work(50)) {
            assertEquals(State.RUNNING, after.state());
        }
        events.stream().filter(RunEvent.Losses.class::isInstance)
                .forEach(e -> java.util.Arrays.stream(((RunEvent.Losses) e).losses()).forEach(losses::add));
        assertEquals(before.losses.subList(23, 53), losses);
        // The same program led here, so what was before the reload can be gone back to.
        after.send(new RunCommand.Seek(10));
        while (after.work(50)) {
            assertEquals(State.RUNNING, after.state());
        }
        assertEquals(10, ((RunEvent.At) events.getLast()).batch());
        after.send(new RunCommand.Reset());
        assertEquals(0, ((RunEvent.At) events.getLast()).batch());
    }

    @Test
    void goesOnWithOtherSwitchesButNotBackBeforeThem() {
        Watcher before = new Watcher(classes("epochs", 100));
        before.send(new RunCommand.Batches(23));
        Watcher after = new Watcher(new Run(classes("epochs", 100, "clip_norm", 0.5), Map.of(), before.save()));
        after.losses.addAll(before.losses);
        after.send(new RunCommand.Batches(5));
        after.send(new RunCommand.Batches(-20));
        assertEquals(23, after.at().batch());
        after.send(new RunCommand.Reset());
        assertEquals(0, after.at().batch());
    }

    @Test
    void pausesAndStops() {
        Watcher watcher = new Watcher(classes("epochs", 1000));
        watcher.session.send(new RunCommand.Resume());
        assertTrue(watcher.session.work(10));
        watcher.send(new RunCommand.Pause());
        assertEquals(State.PAUSED, watcher.at().state());
        assertEquals(watcher.at().batch(), watcher.losses.size());
        assertTrue(watcher.at().batch() > 0 && watcher.at().rate() > 0);
        assertFalse(watcher.session.work(10));
        watcher.send(new RunCommand.Stop());
        assertEquals(State.STOPPED, watcher.at().state());
        int told = watcher.events.size();
        watcher.send(new RunCommand.Resume());
        assertEquals(told, watcher.events.size());
    }

    @Test
    void divergesAtABatchAndSaysWhereTheFirstNumberWas() {
        Watcher watcher = new Watcher(Sketches.line(Attrs.of("epochs", 1000), "SGD", Attrs.of("lr", 50.0)));
        watcher.send(new RunCommand.Resume());
        assertEquals(State.DIVERGED, watcher.at().state());
        assertFalse(Double.isFinite(watcher.losses.getLast()));
        assertTrue(watcher.losses.subList(0, watcher.losses.size() - 1).stream().allMatch(Double::isFinite));
        RunEvent.Warning last = watcher.last(RunEvent.Warning.class);
        assertEquals("not_finite", last.code());
        assertEquals("loss", last.node());
        assertEquals(watcher.at().batch(), last.batch());
        assertEquals("grad_norm", watcher.warnings().getFirst());
        // And one goes back to where all was well.
        long batch = watcher.at().batch();
        watcher.send(new RunCommand.Batches(-2));
        assertEquals(batch - 2, watcher.at().batch());
        assertEquals(State.PAUSED, watcher.at().state());
    }

    @Test
    void warnsOfWhatIsLeftOut() {
        Watcher watcher = new Watcher(classes("zero_grad", false));
        watcher.send(new RunCommand.Batches(20));
        assertTrue(watcher.warnings().contains("not_cleared"), watcher.warnings().toString());
        for (Graph still : List.of(classes("update", "none"),
                Sketches.classes(Attrs.NONE, Attrs.NONE, "SGD", Attrs.of("lr", 0.0)))) {
            Watcher second = new Watcher(still);
            second.send(new RunCommand.Batches(20));
            assertEquals(List.of("not_updated"), second.warnings());
        }
    }

    @Test
    void warnsOfDeadUnits() {
        Sketch sketch = new Sketch().op("data", "data", Attrs.of("source", "moons", "samples", 60))
                .uniform("w1", 0.7, 1, 8, 2).uniform("w2", 0.35, 3, 2, 8)
                .op("b1", "full", Attrs.of("size", new int[] {8}, "fill_value", -9.0, "requires_grad", true))
                .op("h", "linear", "data", "w1", "b1").op("r", "relu", "h").op("pred", "linear", "r", "w2")
                .op("loss", "cross_entropy", "pred", "data:1").op("opt", "SGD").op("loop", "loop");
        Watcher watcher = new Watcher(sketch.graph("loss"));
        watcher.send(new RunCommand.Epoch());
        RunEvent.Warning dead = watcher.all(RunEvent.Warning.class).stream()
                .filter(warning -> warning.code().equals("dead_relu")).findFirst().orElseThrow();
        assertEquals("r", dead.node());
        assertEquals(1, dead.value());
        assertTrue(watcher.warnings().contains("not_updated"), "no gradient comes through");
    }

    @Test
    void warnsOfGradientsThatVanishByDepth() {
        Sketch sketch = new Sketch().op("data", "data", Attrs.of("source", "moons", "samples", 60));
        String from = "data";
        for (int i = 0; i < 12; i++) {
            sketch.uniform("w" + i, 0.5, i, 4, i == 0 ? 2 : 4).op("h" + i, "linear", from, "w" + i)
                    .op("s" + i, "sigmoid", "h" + i);
            from = "s" + i;
        }
        sketch.uniform("v", 0.5, 99, 2, 4).op("pred", "linear", from, "v").op("loss", "cross_entropy", "pred",
                "data:1").op("opt", "SGD").op("loop", "loop");
        Watcher watcher = new Watcher(sketch.graph("loss"));
        watcher.send(new RunCommand.Epoch());
        RunEvent.Warning warning = watcher.last(RunEvent.Warning.class);
        assertEquals("vanishing", warning.code());
        assertTrue(warning.value() < 1e-3);
    }

    @Test
    void figuresAreMadeWhenTheyAreWatched() {
        Graph graph = Sketches.classes(Attrs.of("standardize", true), Attrs.of("epochs", 60), "Adam", ADAM);
        Watcher watcher = new Watcher(graph);
        watcher.send(new RunCommand.Resume());
        assertTrue(watcher.all(RunEvent.Boundary.class).isEmpty());
        watcher.send(new RunCommand.Watch(EnumSet.allOf(Figure.class)));
        RunEvent.Boundary boundary = watcher.last(RunEvent.Boundary.class);
        assertEquals(300, boundary.batch());
        assertEquals(90 * 4, boundary.points().length);
        int cells = boundary.columns() * boundary.rows();
        assertEquals(cells, boundary.classes().length);
        // In the units of the data: most samples lie where the picture has their class.
        int right = 0;
        for (int i = 0; i < 90; i++) {
            int column = (int) Math.round((boundary.points()[4 * i] - boundary.range()[0])
                    / (boundary.range()[1] - boundary.range()[0]) * (boundary.columns() - 1));
            int row = (int) Math.round((boundary.points()[4 * i + 1] - boundary.range()[2])
                    / (boundary.range()[3] - boundary.range()[2]) * (boundary.rows() - 1));
            right += boundary.classes()[row * boundary.columns() + column] == boundary.points()[4 * i + 2] ? 1 : 0;
        }
        assertTrue(right >= 80, right + " of 90");
        for (double sure : boundary.values()) {
            assertTrue(sure >= 1 / 3.0 && sure <= 1);
        }
        RunEvent.Confusion confusion = watcher.last(RunEvent.Confusion.class);
        int sum = 0;
        int diagonal = 0;
        for (int i = 0; i < 9; i++) {
            sum += confusion.counts()[i];
            diagonal += i % 4 == 0 ? confusion.counts()[i] : 0;
        }
        assertEquals(18, sum);
        assertEquals(watcher.last(RunEvent.EpochEnd.class).testAccuracy(), diagonal / 18.0, 1e-12);
        assertEquals(18, watcher.last(RunEvent.Predictions.class).samples().size());
        RunEvent.Histograms histograms = watcher.last(RunEvent.Histograms.class);
        assertEquals(4, histograms.values().size());
        assertEquals(16, java.util.Arrays.stream(histograms.values().get(2).counts()).sum());
        assertEquals(4, watcher.last(RunEvent.Norms.class).norms().length);
        assertTrue(watcher.all(RunEvent.Line.class).isEmpty(), "classes have no line");
        watcher.send(new RunCommand.Batches(-1));
        assertEquals(0, watcher.last(RunEvent.Boundary.class).points().length, "as before");
    }

    @Test
    void aLineIsDrawnThroughItsSamples() {
        Watcher watcher = new Watcher(Sketches.line(Attrs.of("epochs", 100), "SGD", Attrs.of("lr", 0.1)));
        watcher.send(new RunCommand.Watch(Set.of(Figure.LINE)));
        watcher.send(new RunCommand.Resume());
        RunEvent.Line line = watcher.last(RunEvent.Line.class);
        Map<String, dev.backstep.engine.tensor.Tensor> at = Checkpoint.read(watcher.save()).leaves();
        for (int i = 0; i < line.line().length; i += 2) {
            assertEquals(at.get("w").item() * line.line()[i] + at.get("b").item(), line.line()[i + 1], 1e-5);
        }
        assertTrue(watcher.all(RunEvent.Line.class).getFirst().points().length == 150);
        assertTrue(Double.isNaN(watcher.last(RunEvent.EpochEnd.class).testAccuracy()));
    }

    @Test
    void whatCannotBeTrainedFails() {
        Watcher watcher = new Watcher(new Sketch().parameter("x", 1.0).op("loss", "square", "x").graph());
        assertEquals(Code.NO_OPTIMIZER, watcher.last(RunEvent.Failed.class).reason().code());
        Watcher broken = new Watcher(new Run(classes(), Map.of(), new byte[] {1, 2, 3}));
        assertEquals(Code.BAD_CHECKPOINT, broken.last(RunEvent.Failed.class).reason().code());
        broken.send(new RunCommand.Resume());
        assertEquals(1, broken.events.size());
    }

    @Test
    void aRunBringsTheTablesItNeeds() {
        DataFiles.load();
        Graph graph = new Sketch().op("data", "data", Attrs.of("source", "iris", "standardize", true))
                .uniform("w", 0.5, 1, 3, 4).uniform("b", 0.5, 2, 3).op("pred", "linear", "data", "w", "b")
                .op("loss", "cross_entropy", "pred", "data:1").op("opt", "Adam", Attrs.of("lr", 0.05))
                .op("loop", "loop", Attrs.of("epochs", 60)).graph("loss");
        String iris = dev.backstep.engine.data.Tables.text("iris");
        Watcher watcher = new Watcher(RunJson.readRun(RunJson.write(new Run(graph, Map.of("iris", iris), null))));
        watcher.send(new RunCommand.Resume());
        assertTrue(watcher.last(RunEvent.EpochEnd.class).testAccuracy() > 0.93);
        assertEquals(List.of("setosa", "versicolor", "virginica"),
                watcher.last(RunEvent.Started.class).classes());
    }
}

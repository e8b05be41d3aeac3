package dev.backstep.engine.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.device.CpuDevice;
import dev.backstep.engine.backend.device.Device;
import dev.backstep.engine.backend.device.DeviceException;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.train.RunEvent.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs on devices that answer at once or late, and on those that fail: the same losses as without any. */
class DevicesTest {
    private static final class Watcher {
        final List<RunEvent> events = new ArrayList<>();
        final List<Double> losses = new ArrayList<>();
        final List<Double> norms = new ArrayList<>();
        final RunSession session;
        private long now;

        Watcher(Graph graph, String wanted, Device... devices) {
            session = new RunSession(new Run(graph, Map.of(), null, wanted), this::hear, () -> now += 100_000,
                    List.of(devices));
        }

        private void hear(RunEvent event) {
            events.add(event);
            if (event instanceof RunEvent.Losses told) {
                assertEquals(losses.size() + 1, told.first(), "no gap");
                for (int i = 0; i < told.losses().length; i++) {
                    losses.add(told.losses()[i]);
                    norms.add(told.norms()[i]);
                }
            } else if (event instanceof RunEvent.At at) {
                while (losses.size() > at.batch()) {
                    losses.removeLast();
                    norms.removeLast();
                }
            }
        }

        Watcher send(RunCommand command) {
            session.send(command);
            int slices = 0;
            while (session.work(5)) {
                assertTrue(slices++ < 100_000, "it goes on");
            }
            return this;
        }

        <E extends RunEvent> List<E> all(Class<E> kind) {
            return events.stream().filter(kind::isInstance).map(kind::cast).toList();
        }
    }

    private static Graph classes(Object... loop) {
        return Sketches.classes(Attrs.NONE, Attrs.of(loop).with("epochs", 30), "Adam", Attrs.of("lr", 0.01));
    }

    private static void assertSame(Watcher expected, Watcher actual) {
        assertEquals(expected.session.state(), actual.session.state());
        assertEquals(expected.losses, actual.losses);
        for (int i = 0; i < expected.norms.size(); i++) {
            assertEquals(expected.norms.get(i), actual.norms.get(i), 1e-6 * expected.norms.get(i));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7})
    void theSameLossesHoweverLateTheyCome(int delay) {
        Watcher eager = new Watcher(classes(), "eager").send(new RunCommand.Resume());
        Watcher late = new Watcher(classes(), "fake", new FakeDevice("fake", delay, true))
                .send(new RunCommand.Resume());
        assertEquals(State.DONE, late.session.state());
        assertSame(eager, late);
        List<RunEvent.EpochEnd> expected = eager.all(RunEvent.EpochEnd.class);
        List<RunEvent.EpochEnd> actual = late.all(RunEvent.EpochEnd.class);
        assertEquals(30, actual.size());
        for (int i = 0; i < 30; i++) {
            assertEquals(expected.get(i), actual.get(i));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3})
    void goesBackAndOnToTheSameNumbers(int delay) {
        Watcher run = new Watcher(classes("clip_norm", 0.5), "fake", new FakeDevice("fake", delay, true));
        run.send(new RunCommand.Seek(100));
        List<Double> first = List.copyOf(run.losses);
        assertEquals(100, first.size());
        run.send(new RunCommand.Seek(37));
        assertEquals(first.subList(0, 37), run.losses);
        run.send(new RunCommand.Batches(-1)).send(new RunCommand.Seek(100));
        assertEquals(first, run.losses);
        run.send(new RunCommand.Reset()).send(new RunCommand.Seek(100));
        assertEquals(first, run.losses);
    }

    @ParameterizedTest
    @CsvSource({"LOST, 0, 0", "LOST, 5, 0", "OUT_OF_MEMORY, 60, 0", "KERNEL, 61, 0", "LOST, 200, 3", "LOST, 250, 0",
        "OUT_OF_MEMORY, 97, 3"})
    void aDeviceThatFailsLosesNothing(DeviceException.Kind kind, long run, int delay) {
        Watcher eager = new Watcher(classes(), "eager").send(new RunCommand.Resume());
        FakeDevice device = new FakeDevice("fake", delay, true).fail(run, kind);
        Watcher failed = new Watcher(classes(), "fake", device).send(new RunCommand.Resume());
        assertEquals(run + 1, device.runs(), "nobody asks it again");
        assertSame(eager, failed);
        assertEquals(1, failed.all(RunEvent.Warning.class).stream()
                .filter(warning -> warning.code().equals("device_failed")).count());
        RunEvent.Place last = failed.all(RunEvent.Place.class).getLast();
        assertEquals("eager", last.device());
        assertNotNull(last.timings().getLast().reason());
    }

    @Test
    void theFastestGoesOn() {
        Graph graph = Sketches.classes(Attrs.NONE, Attrs.of("epochs", 150), "Adam", Attrs.of("lr", 0.01));
        Watcher run = new Watcher(graph, "auto", new CpuDevice(), new FakeDevice("fake", 2, true));
        run.send(new RunCommand.Resume());
        assertSame(new Watcher(graph, "eager").send(new RunCommand.Resume()), run);
        RunEvent.Place place = run.all(RunEvent.Place.class).getLast();
        assertEquals(List.of("eager", "cpu", "fake"), place.timings().stream().map(RunEvent.Timing::device).toList());
        double best = Double.POSITIVE_INFINITY;
        for (RunEvent.Timing timing : place.timings()) {
            assertTrue(timing.micros() > 0, timing.toString());
            best = Math.min(best, timing.micros());
        }
        for (RunEvent.Timing timing : place.timings()) {
            assertTrue(!timing.device().equals(place.device()) || timing.micros() == best);
        }
    }

    /** A small net stays where a run gives the same numbers whenever it is made. */
    @Test
    void aSmallNetStaysExact() {
        Graph graph = Sketches.classes(Attrs.NONE, Attrs.of("epochs", 150), "Adam", Attrs.of("lr", 0.01));
        FakeDevice rough = new FakeDevice("rough", 0, false);
        Watcher run = new Watcher(graph, "auto", rough, new CpuDevice()).send(new RunCommand.Resume());
        assertSame(new Watcher(graph, "eager").send(new RunCommand.Resume()), run);
        RunEvent.Place place = run.all(RunEvent.Place.class).getLast();
        assertEquals(List.of("eager", "cpu"), place.timings().stream().map(RunEvent.Timing::device).toList());
        assertEquals(0, rough.runs());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3})
    void divergesWhereItWould(int delay) {
        Graph wild = Sketches.line(Attrs.of("epochs", 200), "SGD", Attrs.of("lr", 40.0));
        Watcher eager = new Watcher(wild, "eager").send(new RunCommand.Resume());
        Watcher late = new Watcher(wild, "fake", new FakeDevice("fake", delay, true)).send(new RunCommand.Resume());
        assertEquals(State.DIVERGED, eager.session.state());
        assertEquals(State.DIVERGED, late.session.state());
        assertEquals(eager.losses, late.losses);
        assertEquals(kinds(eager), kinds(late));
    }

    @Test
    void measuresNoEpochThatDivergesBeforeItsEnd() {
        for (int lr = 10; lr <= 60; lr++) {
            Graph wild = Sketches.line(Attrs.of("epochs", 200), "SGD", Attrs.of("lr", (double) lr));
            Watcher eager = new Watcher(wild, "eager").send(new RunCommand.Resume());
            Watcher late = new Watcher(wild, "fake", new FakeDevice("fake", 3, true)).send(new RunCommand.Resume());
            assertEquals(State.DIVERGED, late.session.state(), "lr " + lr);
            assertEquals(epochs(eager), epochs(late), "lr " + lr);
        }
    }

    private static List<Long> epochs(Watcher run) {
        return run.all(RunEvent.EpochEnd.class).stream().map(RunEvent.EpochEnd::batch).toList();
    }

    /** Which warnings there were; the norms they tell were added up in another order. */
    private static List<String> kinds(Watcher run) {
        return run.all(RunEvent.Warning.class).stream()
                .map(warning -> warning.batch() + " " + warning.code() + " " + warning.node()).toList();
    }

    @Test
    void givesBackWhatItTook() {
        FakeDevice device = new FakeDevice("fake", 0, true);
        Watcher run = new Watcher(classes(), "fake", device).send(new RunCommand.Seek(50));
        assertTrue(device.open > 0);
        run.send(new RunCommand.Stop());
        assertEquals(0, device.open);
        Watcher done = new Watcher(classes(), "fake", device).send(new RunCommand.Resume());
        assertEquals(State.DONE, done.session.state());
        assertTrue(device.open > 0);
        done.session.close();
        assertEquals(0, device.open);
    }
}

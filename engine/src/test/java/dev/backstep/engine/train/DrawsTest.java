package dev.backstep.engine.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.Kernel;
import dev.backstep.engine.backend.MersenneTwister;
import dev.backstep.engine.backend.device.CpuDevice;
import dev.backstep.engine.backend.device.Device;
import dev.backstep.engine.backend.device.DeviceException;
import dev.backstep.engine.backend.device.SelfTest;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.Sketch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Trainings whose masks a device draws: the very numbers that the CPU's generator draws, whatever happens. */
class DrawsTest {
    private static final int BATCHES = 70;

    /** Two dropouts of different probability, whose masks have an odd number of words together with the short batch. */
    private static Graph graph() {
        return new Sketch().op("data", "data", Attrs.of("source", "gaussians", "classes", 3, "samples", 90,
                "batch_size", 16, "seed", 5))
                .uniform("w1", 0.7, 1, 33, 2).uniform("w2", 0.35, 2, 8, 33).uniform("w3", 0.35, 3, 3, 8)
                .op("h", "linear", "data", "w1").op("a", "tanh", "h").op("d1", "dropout", Attrs.of("p", 0.25), "a")
                .op("i", "linear", "d1", "w2").op("b", "relu", "i").op("d2", "dropout", Attrs.of("p", 0.6), "b")
                .op("pred", "linear", "d2", "w3").op("loss", "cross_entropy", "pred", "data:1")
                .op("opt", "SGD", Attrs.of("lr", 0.05, "momentum", 0.9))
                .op("loop", "loop", Attrs.of("epochs", 50)).graph("loss");
    }

    /** One that computes as the CPU does, so that losses are compared to the bit. */
    private static FakeDevice device(int delay) {
        return new FakeDevice("fake", delay, true);
    }

    private static List<Double> losses(Trainer trainer, long to) {
        List<Double> losses = new ArrayList<>();
        while (trainer.answered() < to) {
            if (trainer.batch() < to && !trainer.waits()) {
                long known = trainer.answered();
                trainer.next();
                if (trainer.answered() > known) {
                    losses.add(trainer.loss());
                }
            }
            trainer.ask();
            while (trainer.answered() < trainer.batch() && trainer.poll()) {
                losses.add(trainer.loss());
            }
        }
        return losses;
    }

    private static void assertSame(Checkpoint expected, Checkpoint actual) {
        assertTrue(Arrays.equals(expected.write(), actual.write()), "checkpoints are the same to the bit");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3})
    void aDeviceDrawsWhatTheCpuDraws(int delay) {
        FakeDevice device = device(delay);
        Trainer there = new Trainer(graph(), device);
        Trainer here = new Trainer(graph(), (Device) null);
        assertEquals(losses(here, BATCHES), losses(there, BATCHES));
        assertSame(here.checkpoint(), there.checkpoint());
        assertNull(there.fastest().current().reason());
        assertTrue(device.kernels.containsAll(Set.of(Kernel.TWIST, Kernel.BERNOULLI)), "it drew");
    }

    @Test
    void theStateGoesOnThere() {
        FakeDevice device = device(0);
        Trainer trainer = new Trainer(graph(), device);
        losses(trainer, 25);
        device.sent.clear();
        // Two epochs of five batches, at whose beginnings the generator orders the samples.
        losses(trainer, 35);
        assertEquals(2, device.sent.stream().filter(count -> count == MersenneTwister.SIZE).count());
        assertEquals(0, device.sent.stream().filter(count -> count > MersenneTwister.SIZE).count());
    }

    @Test
    void goingBackAndOnGivesTheSameAgain() {
        Trainer here = new Trainer(graph(), (Device) null);
        Trainer there = new Trainer(graph(), device(0));
        losses(here, 40);
        losses(there, 40);
        Checkpoint saved = Checkpoint.read(there.checkpoint().write());
        assertSame(here.checkpoint(), saved);
        List<Double> on = losses(here, BATCHES);
        assertEquals(on, losses(there, BATCHES));
        there.restore(saved);
        assertEquals(on, losses(there, BATCHES));
        Trainer again = new Trainer(graph(), device(3));
        again.restore(saved);
        assertEquals(on, losses(again, BATCHES));
    }

    @ParameterizedTest
    @CsvSource({"0, 40", "0, 61", "3, 50", "3, 83"})
    void aDeviceThatIsLostLosesNoNumber(int delay, int run) {
        FakeDevice device = device(delay).fail(run, DeviceException.Kind.LOST);
        Trainer there = new Trainer(graph(), device);
        Trainer here = new Trainer(graph(), (Device) null);
        assertEquals(losses(here, BATCHES), losses(there, BATCHES));
        assertSame(here.checkpoint(), there.checkpoint());
        assertEquals("fake", there.failure());
    }

    @Test
    void whereADeviceFailsAtItTheCpuDraws() {
        FakeDevice device = device(0);
        Trainer there = new Trainer(graph(), SelfTest.without(device, Set.of("TWIST")));
        Trainer here = new Trainer(graph(), new CpuDevice());
        assertEquals(losses(here, BATCHES), losses(there, BATCHES));
        assertFalse(there.fastest().current().works().isEmpty());
        assertFalse(device.kernels.contains(Kernel.TWIST));
    }

    @Test
    void inFloat32ItIsCompiledToo() {
        FakeDevice device = new FakeDevice("fake", 0, false);
        Trainer there = new Trainer(graph(), device);
        Trainer here = new Trainer(graph(), (Device) null);
        List<Double> expected = losses(here, BATCHES);
        List<Double> actual = losses(there, BATCHES);
        for (int i = 0; i < BATCHES; i++) {
            assertEquals(expected.get(i), actual.get(i), 1e-3, "batch " + i);
        }
        assertTrue(device.kernels.contains(Kernel.TWIST));
        assertFalse(there.fastest().current().works().isEmpty());
    }
}

package dev.backstep.server.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.backstep.engine.backend.device.CpuDevice;
import dev.backstep.engine.backend.device.Device;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.train.Estimate;
import dev.backstep.engine.train.Run;
import dev.backstep.engine.train.RunCommand;
import dev.backstep.engine.train.RunEvent;
import dev.backstep.engine.train.RunSession;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A training whose compiled steps run on a device of CUDA's, the kernels on the host. */
class HostTrainingTest {
    private static final int BATCHES = 120;
    private static final Graph GRAPH = Perceptron.of(16, 7, 12, 9, 5);
    private static final Graph DROPPING = Perceptron.dropping(0.3, 16, 7, 12, 9, 5);

    private final List<RunEvent> events = new ArrayList<>();

    @BeforeEach
    void open() {
        assumeTrue(HostDriver.isHere(), "there is no g++ here");
    }

    /** The losses by batch. */
    private Map<Long, Double> train(String wanted, Device... devices) {
        return train(GRAPH, wanted, devices);
    }

    private Map<Long, Double> train(Graph graph, String wanted, Device... devices) {
        events.clear();
        Run run = new Run(graph, Map.of(), null, wanted);
        RunSession session = new RunSession(run, 0, events::add, List.of(devices));
        session.send(new RunCommand.Batches(BATCHES));
        while (session.work(50)) {
            continue;
        }
        session.send(new RunCommand.Stop());
        Map<Long, Double> losses = new TreeMap<>();
        for (RunEvent event : events) {
            if (event instanceof RunEvent.Losses told) {
                for (int i = 0; i < told.losses().length; i++) {
                    losses.put(told.first() + i, told.losses()[i]);
                }
            }
        }
        return losses;
    }

    private static void assertLike(Map<Long, Double> expected, Map<Long, Double> actual) {
        assertEquals(BATCHES, expected.size());
        assertEquals(expected.keySet(), actual.keySet());
        expected.forEach((batch, loss) -> assertEquals(loss, actual.get(batch), 1e-4 * Math.abs(loss), "batch " + batch));
    }

    private String place() {
        return events.stream().filter(RunEvent.Place.class::isInstance).map(event -> ((RunEvent.Place) event).device())
                .reduce((_, last) -> last).orElseThrow();
    }

    @Test
    void itsLossesAreTheCpus() {
        Map<Long, Double> expected = train("eager", new CpuDevice());
        HostDriver driver = new HostDriver();
        CudaDevice device = new CudaDevice(driver, null, false);
        assertLike(expected, train("cuda", device));
        assertEquals("cuda", place());
        assertTrue(driver.count("cuGraphLaunch") > BATCHES - 20, "graphs launched: " + driver.count("cuGraphLaunch"));
        driver.check();
        assertEquals(0, driver.graphs());
        assertEquals(0, device.memory().used(), "all memory was given back");
        assertTrue(device.memory().most() <= Estimate.bytes(GRAPH), "no more than was estimated");
    }

    @Test
    void itDrawsTheCpusMasks() {
        Map<Long, Double> expected = train(DROPPING, "eager", new CpuDevice());
        HostDriver driver = new HostDriver();
        assertLike(expected, train(DROPPING, "cuda", new CudaDevice(driver, null, false)));
        assertEquals("cuda", place());
        assertTrue(driver.sources.stream().anyMatch(source -> source.contains("0x9908b0df")), "words were made there");
        driver.check();
    }

    @Test
    void whereTheDeviceIsLostTheRunGoesOn() {
        Map<Long, Double> expected = train("eager", new CpuDevice());
        HostDriver driver = new HostDriver();
        driver.fail("cuGraphLaunch", 100, 719);
        assertLike(expected, train("cuda", new CudaDevice(driver, null, false)));
        assertTrue(events.stream().anyMatch(event -> event instanceof RunEvent.Warning warning
                && warning.toString().contains("device_failed")), "it is told");
    }
}

package dev.backstep.server.runs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backstep.engine.backend.device.CpuDevice;
import dev.backstep.engine.backend.device.Device;
import dev.backstep.engine.data.Tables;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphJson;
import dev.backstep.engine.train.Estimate;
import dev.backstep.engine.train.Figure;
import dev.backstep.engine.train.Run;
import dev.backstep.engine.train.RunCommand;
import dev.backstep.engine.train.RunEvent;
import dev.backstep.engine.train.RunSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a run was estimated to need is no less than what the heap holds while it runs. */
class EstimateTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final long SECONDS = 1;

    private static ObjectNode example(String name) throws IOException {
        for (String table : List.of("iris", "digits", "penguins")) {
            Tables.put(table, Files.readString(Path.of("..", "static", "data", table + ".csv")));
        }
        var document = (ObjectNode) JSON.readTree(Files.readString(Path.of("..", "static", "examples", name + ".json")))
                .path("document");
        set(document, "loop", "epochs", 100_000);
        // Sets are remembered by their attributes; this one is made anew.
        set(document, "data", "seed", System.nanoTime() % 1_000_000);
        return document;
    }

    private static void set(JsonNode document, String type, String attr, Object value) {
        for (JsonNode node : document.path("nodes")) {
            if (node.path("type").asText().equals(type)) {
                ((ObjectNode) node).withObject("/attrs").putPOJO(attr, value);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"line-by-hand", "line-by-linear", "xor", "spiral", "iris", "digits-mlp",
        "digits-convolution", "gradient-accumulation", "frozen-layer"})
    void shippedTemplates(String name) throws IOException, InterruptedException {
        assertEnough(name, GraphJson.read(example(name).toString()));
    }

    /** Large enough that the document, and not what every run has, decides. */
    @ParameterizedTest
    @CsvSource({"digits-convolution, 1000", "digits-mlp, 1000", "digits-convolution, 4"})
    void largeAndSmallBatches(String name, int batch) throws IOException, InterruptedException {
        var document = example(name);
        set(document, "data", "batch_size", batch);
        assertEnough(name + " by " + batch, GraphJson.read(document.toString()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Adam", "RMSprop", "SGD"})
    void manyParameters(String optimizer) throws IOException, InterruptedException {
        var document = perceptron(optimizer);
        if (optimizer.equals("RMSprop")) {
            set(document, optimizer, "momentum", 0.9);
            set(document, optimizer, "centered", true);
        }
        assertEnough("2M by " + optimizer, GraphJson.read(document.toString()));
    }

    private static JsonNode perceptron(String optimizer) throws IOException {
        return JSON.readTree("""
                {"format": 1, "nodes": [
                    {"id": "w", "type": "randn", "attrs": {"size": [2048, 1024], "requires_grad": true}},
                    {"id": "x", "type": "randn", "attrs": {"size": [1024, 32]}},
                    {"id": "h", "type": "matmul"}, {"id": "t", "type": "tanh"}, {"id": "l", "type": "mean"},
                    {"id": "o", "type": "%s"}, {"id": "loop", "type": "loop", "attrs": {"epochs": 100000}}],
                 "wires": [{"from": ["w", 0], "to": ["h", 0]}, {"from": ["x", 0], "to": ["h", 1]},
                    {"from": ["h", 0], "to": ["t", 0]}, {"from": ["t", 0], "to": ["l", 0]}],
                 "target": ["l", 0]}""".formatted(optimizer));
    }

    /** Where each has its turn, both hold what they compute with. */
    @Test
    void aDeviceBesideTheCpu() throws IOException, InterruptedException {
        var document = example("digits-mlp");
        set(document, "data", "batch_size", 1000);
        assertEnough("digits-mlp on two", GraphJson.read(document.toString()), new CpuDevice(), new LikeCuda());
        assertEnough("2M on two", GraphJson.read(perceptron("Adam").toString()), new CpuDevice(), new LikeCuda());
    }

    @Test
    void whatIsTooMuchIsToldWithTheNumbers() {
        var huge = GraphJson.read("""
                {"format": 1, "nodes": [{"id": "a", "type": "zeros", "attrs": {"size": [2000, 1]}},
                    {"id": "b", "type": "zeros", "attrs": {"size": [1, 2000]}}, {"id": "c", "type": "mul"}],
                 "wires": [{"from": ["a", 0], "to": ["c", 0]}, {"from": ["b", 0], "to": ["c", 1]}]}""");
        assertTrue(Estimate.bytes(huge) > 2_000L * 2_000 * 4);
        var limits = new Limits(1, 1, 1, 1, 64_000_000, Duration.ofDays(1), 1);
        assertTrue(limits.refusal(huge).orElseThrow().contains("64 MB"));
    }

    private static void assertEnough(String name, Graph graph, Device... devices) throws InterruptedException {
        long estimate = Estimate.bytes(graph);
        long before = live();
        var failure = new AtomicReference<Throwable>();
        var run = new Thread(() -> run(graph, devices), "run");
        run.setUncaughtExceptionHandler((_, e) -> failure.set(e));
        run.start();
        long most = 0;
        while (run.isAlive()) {
            most = Math.max(most, live() - before);
            Thread.sleep(5);
        }
        assertEquals(null, failure.get());
        System.out.printf("%-28s estimated %,7.1f MB, measured %,7.1f MB%n", name, estimate / 1e6, most / 1e6);
        long measured = most;
        assertTrue(estimate >= measured, () -> name + ": estimated " + estimate + ", measured " + measured);
    }

    /** As a worker does: everything watched, a checkpoint kept every now and then. */
    private static void run(Graph graph, Device... devices) {
        byte[][] kept = new byte[1][];
        var session = new RunSession(new Run(graph, Map.of(), null), 0, event -> {
            switch (event) {
                case RunEvent.Saved saved -> kept[0] = saved.bytes();
                case RunEvent.Failed failed -> throw new AssertionError(failed.reason().text());
                default -> { }
            }
        }, devices.length == 0 ? List.of(new CpuDevice()) : List.of(devices));
        session.send(new RunCommand.Watch(EnumSet.allOf(Figure.class)));
        session.send(new RunCommand.Resume());
        long end = System.nanoTime() + SECONDS * 1_000_000_000;
        for (long now = 0; now < end && session.work(50); now = System.nanoTime()) {
            session.send(new RunCommand.Save());
        }
        assertTrue(kept[0] != null);
    }

    /** Bytes of the heap that are no garbage. */
    private static long live() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}

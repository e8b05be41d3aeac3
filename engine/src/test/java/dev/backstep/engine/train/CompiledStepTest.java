package dev.backstep.engine.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.device.CpuDevice;
import dev.backstep.engine.backend.device.Device;
import dev.backstep.engine.data.DataFiles;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.step.SharedRun;
import dev.backstep.engine.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Compiled steps beside eager ones: the same losses, norms and parameters, whatever the program. */
class CompiledStepTest {
    @BeforeAll
    static void tables() {
        DataFiles.load();
    }

    private static void assertClose(double expected, double actual, String what) {
        assertEquals(expected, actual, 1e-6 * Math.max(0.1, Math.abs(expected)), what);
    }

    /** Trains both ways, and says how many works the compiled batches have. */
    private static List<Integer> train(Graph graph, Device device, int batches) {
        Trainer eager = new Trainer(graph, null);
        Trainer compiled = new Trainer(graph, device);
        for (int i = 0; i < batches && eager.hasNext(); i++) {
            // Each batch from the same state: over many of them what is rounded otherwise adds up.
            eager.restore(compiled.checkpoint());
            eager.next();
            compiled.next();
            assertClose(eager.loss(), compiled.loss(), "loss " + i);
            assertClose(eager.norm(), compiled.norm(), "norm " + i);
        }
        Checkpoint a = eager.checkpoint();
        Checkpoint b = compiled.checkpoint();
        assertSame(a.leaves(), b.leaves());
        assertSame(a.grads(), b.grads());
        a.optimizers().forEach((box, state) -> {
            for (int i = 0; i < state.state().size(); i++) {
                assertSame(state.state().get(i), b.optimizers().get(box).state().get(i));
            }
        });
        assertEquals(eager.lr(), compiled.lr());
        assertNull(compiled.fastest().current().reason());
        return compiled.fastest().current().works();
    }

    private static void assertSame(Map<String, Tensor> a, Map<String, Tensor> b) {
        assertEquals(a.keySet(), b.keySet());
        a.forEach((name, tensor) -> {
            double[] x = tensor.toDoubles();
            double[] y = b.get(name).toDoubles();
            double largest = 0.1;
            for (double number : x) {
                largest = Math.max(largest, Math.abs(number));
            }
            for (int i = 0; i < x.length; i++) {
                assertEquals(x[i], y[i], 1e-6 * largest, name);
            }
        });
    }

    static List<Graph> programs() {
        List<Graph> all = new ArrayList<>(TrainerTest.programs());
        all.add(Sketches.line(Attrs.of("epochs", 50), "SGD", Attrs.of("lr", 0.05)));
        return all;
    }

    @ParameterizedTest
    @MethodSource
    void programs(Graph graph) {
        assertFalse(train(graph, new CpuDevice(), 60).isEmpty());
    }

    @ParameterizedTest
    @MethodSource("programs")
    void programsInFloat32(Graph graph) {
        assertFalse(train(graph, new FakeDevice("fake", 0), 60).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"line-by-hand", "line-by-linear", "xor", "spiral", "iris", "digits-mlp",
        "digits-convolution", "gradient-accumulation", "frozen-layer"})
    void templates(String id) throws IOException {
        Graph graph = SharedRun.read(Files.readString(Path.of("../static/examples/" + id + ".json"))).graph();
        assertFalse(train(graph, new CpuDevice(), 40).isEmpty(), "a template falls back");
        assertFalse(train(graph, new FakeDevice("fake", 0), 40).isEmpty(), "a template falls back");
    }
}

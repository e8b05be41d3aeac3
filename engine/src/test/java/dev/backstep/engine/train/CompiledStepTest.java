package dev.backstep.engine.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.device.CpuDevice;
import dev.backstep.engine.backend.device.Device;
import dev.backstep.engine.data.DataFiles;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.Sketch;
import dev.backstep.engine.step.SharedRun;
import dev.backstep.engine.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
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
        for (Attrs loop : List.of(Attrs.of("update", "none"), Attrs.of("clip_norm", 1e9), Attrs.of("penalty", 0.5),
                Attrs.of("clip_value", 1e-3, "clip_norm", 1e-2), Attrs.of("accumulate", 4, "loss_scale", 3.0))) {
            all.add(Sketches.classes(Attrs.NONE, loop.with("epochs", 50), "RMSprop",
                    Attrs.of("lr", 0.01, "momentum", 0.5, "weight_decay", 0.1)));
        }
        for (String rule : List.of("SGD", "Adam", "AdamW", "Adagrad", "RMSprop")) {
            all.add(Sketches.perceptron(Attrs.of("batch_size", 30), Attrs.of("epochs", 50, "schedule", "StepLR",
                    "step_size", 2, "gamma", 0.5), "gelu")
                    .op("opt", rule, Attrs.of("lr", 0.01, "weight_decay", 0.01)).graph("loss"));
        }
        for (String activation : List.of("sigmoid", "softplus", "silu", "elu")) {
            all.add(Sketches.perceptron(Attrs.of("batch_size", 30), Attrs.of("epochs", 50), activation)
                    .op("opt", "SGD", Attrs.of("lr", 0.1, "momentum", 0.9, "dampening", 0.1)).graph("loss"));
        }
        all.add(normalized());
        all.add(words());
        all.add(regression().op("p", "softmax", Attrs.of("dim", 1), "pred").op("logs", "log", "p")
                .op("loss", "nll_loss", "logs", "data:1").graph("loss"));
        all.add(Sketches.line(Attrs.of("epochs", 50), "SGD", Attrs.of("lr", 0.05)));
        return all;
    }

    private static Graph normalized() {
        return new Sketch().op("data", "data", Attrs.of("source", "moons", "samples", 60, "batch_size", 16))
                .uniform("w1", 0.7, 1, 8, 2).uniform("w2", 0.35, 3, 2, 8)
                .op("h", "linear", "data", "w1").op("m", "zeros", Attrs.of("size", new int[] {8}))
                .op("v", "ones", Attrs.of("size", new int[] {8}))
                .op("g", "ones", Attrs.of("size", new int[] {8}, "requires_grad", true))
                .op("s", "zeros", Attrs.of("size", new int[] {8}, "requires_grad", true))
                .op("lg", "ones", Attrs.of("size", new int[] {8}, "requires_grad", true))
                .op("ls", "zeros", Attrs.of("size", new int[] {8}, "requires_grad", true))
                .op("n", "batch_norm", "h", "m", "v", "g", "s")
                .op("l", "layer_norm", Attrs.of("normalized_shape", new int[] {8}), "n", "lg", "ls")
                .op("a", "relu", "l").op("d", "dropout", Attrs.of("p", 0.25), "a").op("pred", "linear", "d", "w2")
                .op("loss", "cross_entropy", "pred", "data:1").op("opt", "SGD", Attrs.of("lr", 0.05))
                .op("loop", "loop", Attrs.of("epochs", 50)).graph("loss");
    }

    /** Classes that are looked up in a table, and scores of them. */
    private static Graph words() {
        return new Sketch().op("data", "data", Attrs.of("source", "gaussians", "classes", 3, "samples", 60,
                "batch_size", 16)).uniform("e", 0.7, 1, 3, 4).uniform("w", 0.7, 2, 3, 4)
                .op("x", "embedding", "data:1", "e").op("t", "tanh", "x").op("pred", "linear", "t", "w")
                .op("rows", "log_softmax", Attrs.of("dim", 1), "pred").op("loss", "nll_loss", "rows", "data:1")
                .op("opt", "Adam", Attrs.of("lr", 0.05)).op("loop", "loop", Attrs.of("epochs", 50)).graph("loss");
    }

    private static Sketch regression() {
        return new Sketch().op("data", "data", Attrs.of("source", "gaussians", "classes", 3, "samples", 64,
                "batch_size", 16)).uniform("w", 0.7, 2, 3, 2).op("pred", "linear", "data", "w")
                .op("opt", "SGD", Attrs.of("lr", 0.05)).op("loop", "loop", Attrs.of("epochs", 50));
    }

    /**
     * Beside two products and a change of the parameters: the logarithms, the class's one, what of it counts, the sum
     * and the mean; back through the mean, the class and the logarithms.
     */
    @Test
    void aCrossEntropyIsEightWorks() {
        Graph graph = regression().op("loss", "cross_entropy", "pred", "data:1").graph("loss");
        // Of a batch with gradients to clear, and of the first.
        assertEquals(List.of(11, 11), train(graph, new CpuDevice(), 20));
    }

    @ParameterizedTest
    @MethodSource
    void programs(Graph graph) {
        assertFalse(train(graph, new CpuDevice(), 60).isEmpty());
    }

    @ParameterizedTest
    @MethodSource("programs")
    void programsInFloat32(Graph graph) {
        if (graph.nodes().stream().anyMatch(node -> node.id().equals("b1"))
                && graph.nodes().stream().anyMatch(node -> node.type().equals("batch_norm"))) {
            // The bias before it has a gradient of nothing but rounding, which Adagrad makes to steps of full size.
            Trainer trainer = new Trainer(graph, new FakeDevice("fake", 0, false));
            for (int i = 0; i < 10; i++) {
                trainer.next();
            }
            assertTrue(trainer.fastest().current().reason().contains("differs"));
            return;
        }
        assertFalse(train(graph, new FakeDevice("fake", 0, false), 60).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"line-by-hand", "line-by-linear", "xor", "spiral", "iris", "digits-mlp",
        "digits-convolution", "gradient-accumulation", "frozen-layer"})
    void templates(String id) throws IOException {
        Graph graph = SharedRun.read(Files.readString(Path.of("../static/examples/" + id + ".json"))).graph();
        assertFalse(train(graph, new CpuDevice(), 40).isEmpty(), "a template falls back");
        assertFalse(train(graph, new FakeDevice("fake", 0, false), 40).isEmpty(), "a template falls back");
    }
}

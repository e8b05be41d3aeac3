package dev.backstep.engine.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backstep.engine.backend.Backend;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.ForwardingBackend;
import dev.backstep.engine.backend.Kernel;
import dev.backstep.engine.backend.View;
import dev.backstep.engine.backend.device.Calibration;
import dev.backstep.engine.data.Tables;
import dev.backstep.engine.expr.Program;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphJson;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.tensor.Backends;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is told from the document beside what a batch asks of the backend. */
class EffortTest {
    /** The CPU's, which counts what it is asked. */
    private static final class Counting extends ForwardingBackend {
        private double calls;
        private double steps;
        private double functions;
        private double products;
        private double others;

        Counting(Backend backend) {
            super(backend);
        }

        Effort effort() {
            return new Effort(calls, steps, functions, products, others);
        }

        @Override
        public void pointwise(Program formula, double[] params, DType compute, View out, View... in) {
            calls++;
            steps += (double) out.numel() * (formula.steps() - formula.inexactSteps() + in.length + 1);
            functions += (double) out.numel() * formula.inexactSteps();
            backend.pointwise(formula, params, compute, out, in);
        }

        @Override
        public void run(Kernel kernel, View out, View... in) {
            calls++;
            if (kernel == Kernel.MATMUL) {
                products += (double) out.numel() * in[0].shape()[in[0].rank() - 1];
            } else {
                others += Math.max(out.numel(), in[0].numel());
            }
            backend.run(kernel, out, in);
        }
    }

    private static Effort counted(Graph graph) {
        Trainer trainer = new Trainer(graph);
        trainer.next();
        Counting[] counting = new Counting[1];
        try (var _ = Backends.record(backend -> counting[0] = new Counting(backend))) {
            trainer.next();
        }
        return counting[0].effort();
    }

    private static Graph example(String name, int batch) throws IOException {
        for (String table : List.of("iris", "digits", "penguins")) {
            Tables.put(table, Files.readString(Path.of("..", "static", "data", table + ".csv")));
        }
        String file = Files.readString(Path.of("..", "static", "examples", name + ".json"));
        String document = file.substring(file.indexOf("{", 1), file.lastIndexOf('}'));
        Graph graph = GraphJson.read(document.substring(0, document.lastIndexOf('}') + 1));
        for (GraphNode node : graph.nodes()) {
            if (node.type().equals("data")) {
                graph = Sketches.with(graph, node.label(), "batch_size", (long) batch);
            }
        }
        return graph;
    }

    @ParameterizedTest
    @CsvSource({"digits-mlp, 64", "digits-mlp, 512", "spiral, 160", "iris, 35", "digits-convolution, 64"})
    void templates(String name, int batch) throws IOException {
        Graph graph = example(name, batch);
        Effort expected = counted(graph);
        Effort told = Effort.of(graph);
        assertEquals(expected.products(), told.products());
        double there = expected.seconds(Calibration.CPU);
        assertEquals(there, told.seconds(Calibration.CPU), 0.6 * there);
    }

    @Test
    void epochsAndBatchesAreCounted() throws IOException {
        for (String name : List.of("digits-mlp", "xor", "line-by-hand", "gradient-accumulation")) {
            Graph graph = example(name, 48);
            Trainer trainer = new Trainer(graph);
            assertEquals(trainer.batches() * trainer.loop().epochs(), Effort.batches(graph), name);
        }
    }

    /** What is frozen, or not needed for the loss, has no gradient to compute. */
    @Test
    void onlyWhatLearnsIsDifferentiated() throws IOException {
        Graph graph = example("digits-mlp", 64);
        Graph frozen = graph;
        for (GraphNode node : graph.nodes()) {
            if (node.label().startsWith("mlp1.0") && node.type().equals("uniform")) {
                frozen = Sketches.with(frozen, node.label(), "requires_grad", false);
            }
        }
        Effort expected = counted(frozen);
        assertEquals(expected.products(), Effort.of(frozen).products());
        assertTrue(expected.products() < counted(graph).products());
    }
}

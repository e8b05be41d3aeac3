package dev.backstep.engine.oracle;

import static dev.backstep.engine.oracle.TorchTraining.crossEntropy;
import static dev.backstep.engine.oracle.TorchTraining.hold;
import static dev.backstep.engine.oracle.TorchTraining.linear;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backstep.engine.data.DataFiles;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.Network;
import dev.backstep.engine.step.SharedRun;
import dev.backstep.engine.train.Run;
import dev.backstep.engine.train.RunCommand;
import dev.backstep.engine.train.RunEvent;
import dev.backstep.engine.train.RunSession;
import dev.backstep.engine.train.Sketches;
import dev.backstep.engine.train.Trainer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The documents to train in static/examples: their losses are LibTorch's, and they learn what they are there for. */
class TemplateOracleTest {
    @BeforeAll
    static void tables() {
        DataFiles.load();
    }

    private static Graph read(String id) throws IOException {
        return SharedRun.read(Files.readString(Path.of("../static/examples/" + id + ".json"))).graph();
    }

    /** Trains a template to its end, and holds its first losses to LibTorch's. */
    private static RunEvent.EpochEnd train(String id, TorchTraining program,
            Function<List<Tensor>, BiFunction<Tensor, Tensor, Tensor>> model) throws IOException {
        Graph graph = read(id);
        hold(graph, program, model);
        List<RunEvent> events = new ArrayList<>();
        RunSession session = new RunSession(new Run(graph), events::add);
        session.send(new RunCommand.Resume());
        while (session.work(1_000)) {
            assertTrue(events.size() < 100_000);
        }
        assertEquals(RunEvent.State.DONE, session.state());
        return events.stream().filter(RunEvent.EpochEnd.class::isInstance).map(RunEvent.EpochEnd.class::cast)
                .reduce((_, last) -> last).orElseThrow();
    }

    private static TorchTraining adam(double lr, int batch) {
        TorchTraining program = new TorchTraining();
        program.batchSize = batch;
        program.optimizer = params -> new org.bytedeco.pytorch.Adam(params, new AdamOptions(lr));
        return program;
    }

    private static TorchTraining sgd(double lr, int batch) {
        TorchTraining program = new TorchTraining();
        program.batchSize = batch;
        program.optimizer = params -> new org.bytedeco.pytorch.SGD(params, new SGDOptions(lr));
        return program;
    }

    /** Weight and bias of each layer in turn, as a template numbers them, with something between the layers. */
    private static Function<List<Tensor>, BiFunction<Tensor, Tensor, Tensor>> layers(Function<Tensor, Tensor> between) {
        return p -> (x, y) -> {
            Tensor h = linear(x, p.get(0), p.get(1));
            for (int i = 2; i < p.size(); i += 2) {
                h = linear(between.apply(h), p.get(i), p.get(i + 1));
            }
            return crossEntropy(h, y);
        };
    }

    private static void learnsTheLine(RunEvent.EpochEnd end, String id) throws IOException {
        // The noise has a deviation of 0.1.
        assertEquals(0.01, end.testLoss(), 0.006, id);
        Trainer trainer = new Trainer(read(id));
        while (trainer.hasNext()) {
            trainer.next();
        }
        List<Double> found = new ArrayList<>();
        trainer.checkpoint().leaves().values().forEach(leaf -> found.add(leaf.item()));
        assertEquals(3, found.get(0), 0.1);
        assertEquals(2, found.get(1), 0.05);
    }

    @Test
    void aLineByHand() throws IOException {
        TorchTraining program = sgd(0, 20);
        program.byHand = 0.1;
        learnsTheLine(train("line-by-hand", program, p -> (x, y) -> torch.mse_loss(torch.add(torch.mul(p.get(0), x),
                p.get(1)), y)), "line-by-hand");
    }

    @Test
    void aLineByLinear() throws IOException {
        learnsTheLine(train("line-by-linear", sgd(0.1, 20), p -> (x, y) -> torch.mse_loss(linear(x, p.get(0), p.get(1)),
                y)), "line-by-linear");
    }

    @Test
    void xor() throws IOException {
        RunEvent.EpochEnd end = train("xor", adam(0.02, 32), layers(torch::tanh));
        assertTrue(end.testAccuracy() > 0.95, end::toString);
    }

    @Test
    void spiral() throws IOException {
        RunEvent.EpochEnd end = train("spiral", adam(0.01, 32), layers(torch::tanh));
        assertTrue(end.trainAccuracy() > 0.95 && end.testAccuracy() > 0.95, end::toString);
    }

    @Test
    void iris() throws IOException {
        RunEvent.EpochEnd end = train("iris", sgd(0.5, 32), layers(torch::tanh));
        assertTrue(end.testAccuracy() > 0.93, end::toString);
    }

    @Test
    void digitsByAPerceptron() throws IOException {
        RunEvent.EpochEnd end = train("digits-mlp", adam(0.003, 64), layers(torch::relu));
        assertTrue(end.testAccuracy() > 0.95, end::toString);
    }

    @Test
    void digitsByAConvolution() throws IOException {
        RunEvent.EpochEnd end = train("digits-convolution", adam(0.003, 64), p -> (x, y) -> {
            Tensor image = x.reshape(-1, 1, 8, 8);
            Tensor h = torch.conv2d(image, p.get(0), new TensorOptional(p.get(1)), new long[] {1, 1}, new long[] {1, 1},
                    new long[] {1, 1}, 1);
            Tensor pooled = torch.max_pool2d(torch.relu(h), new long[] {2, 2}, new long[] {2, 2}, new long[] {0, 0},
                    new long[] {1, 1}, false);
            return crossEntropy(linear(pooled.flatten(1, -1), p.get(2), p.get(3)), y);
        });
        assertTrue(end.testAccuracy() > 0.95, end::toString);
    }

    /** Four batches of 16 added up are one of 64: the parameters after an epoch are the large batch's. */
    @Test
    void gradientAccumulation() throws IOException {
        TorchTraining program = sgd(0.2, 16);
        program.accumulate = 4;
        RunEvent.EpochEnd end = train("gradient-accumulation", program, layers(torch::tanh));
        assertTrue(end.testAccuracy() > 0.9, end::toString);
        Graph small = read("gradient-accumulation");
        Graph large = Sketches.with(Sketches.with(small, "data",
                "batch_size", 64), "loop", "accumulate", 1);
        var one = new Trainer(small);
        var other = new Trainer(large);
        for (int i = 0; i < 16; i++) {
            one.next();
        }
        for (int i = 0; i < 4; i++) {
            other.next();
        }
        one.checkpoint().leaves().forEach((id, leaf) -> assertArrayEquals(
                other.checkpoint().leaves().get(id).toDoubles(), leaf.toDoubles(), 1e-6));
    }

    @Test
    void aFrozenLayer() throws IOException {
        Network network = new Network(read("frozen-layer"));
        List<String> frozen = network.leaves().keySet().stream()
                .filter(id -> !network.parameters().containsKey(id)).toList();
        RunEvent.EpochEnd end = train("frozen-layer", adam(0.1, 32), p -> {
            List<Tensor> still = new ArrayList<>();
            for (GraphNode node : nodes("frozen-layer", frozen)) {
                still.add(Torch.of(network.leaves().get(node.id())[0]));
            }
            return (x, y) -> crossEntropy(linear(torch.tanh(linear(x, still.get(0), still.get(1))), p.get(0), p.get(1)),
                    y);
        });
        assertTrue(end.trainAccuracy() > 0.9, end::toString);
    }

    private static List<GraphNode> nodes(String id, List<String> frozen) {
        try {
            return read(id).nodes().stream()
                    .filter(node -> frozen.contains(node.id()) && node.type().equals("uniform")).toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}

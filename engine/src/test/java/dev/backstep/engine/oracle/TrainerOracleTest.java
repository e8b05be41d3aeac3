package dev.backstep.engine.oracle;

import static dev.backstep.engine.oracle.TorchTraining.crossEntropy;
import static dev.backstep.engine.oracle.TorchTraining.hold;
import static dev.backstep.engine.oracle.TorchTraining.linear;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.Network;
import dev.backstep.engine.graph.Sketch;
import dev.backstep.engine.train.Sketches;
import dev.backstep.engine.train.Trainer;
import java.util.List;
import java.util.function.BiFunction;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

/**
 * Documents trained here, and the same programs written for LibTorch: the first 200 losses, each to 1e-5 of itself, of
 * the same seed and so of the same batches in the same order.
 */
class TrainerOracleTest {
    /** The perceptron of {@link Sketches}; parameters come in the order of their ids: b1, b2, w1, w2. */
    private static BiFunction<Tensor, Tensor, Tensor> perceptron(List<Tensor> p) {
        return (x, y) -> crossEntropy(linear(torch.tanh(linear(x, p.get(2), p.get(0))), p.get(3), p.get(1)), y);
    }

    private static Attrs loop(Object... settings) {
        return Attrs.of(settings).with("epochs", 100);
    }

    private static Graph classes(Attrs loop) {
        return Sketches.classes(Attrs.NONE, loop, "Adam", Attrs.of("lr", 0.01));
    }

    @Test
    void aLineBySgd() {
        TorchTraining program = new TorchTraining();
        program.batchSize = 8;
        program.optimizer = params -> new org.bytedeco.pytorch.SGD(params, new SGDOptions(0.05));
        List<Double> losses = hold(Sketches.line(loop(), "SGD", Attrs.of("lr", 0.05)), program,
                p -> (x, y) -> torch.mse_loss(linear(x, p.get(1), p.get(0)), y));
        assertTrue(losses.getLast() < 0.5 * losses.getFirst());
    }

    @Test
    void aPerceptronByAdam() {
        TorchTraining program = new TorchTraining();
        program.seed = 7;
        List<Double> losses = hold(classes(loop("seed", 7)), program, TrainerOracleTest::perceptron);
        assertTrue(losses.getLast() < 0.5 * losses.getFirst());
    }

    @Test
    void aPerceptronByHand() {
        TorchTraining program = new TorchTraining();
        program.byHand = 0.1;
        hold(Sketches.perceptron(Attrs.NONE, loop("update", "by_hand", "lr", 0.1), "tanh").graph("loss"), program,
                TrainerOracleTest::perceptron);
    }

    @Test
    void withoutZeroGrad() {
        TorchTraining program = new TorchTraining();
        program.zeroGrad = false;
        program.optimizer = params -> new org.bytedeco.pytorch.SGD(params, new SGDOptions(0.001));
        hold(Sketches.classes(Attrs.NONE, loop("zero_grad", false), "SGD", Attrs.of("lr", 0.001)), program,
                TrainerOracleTest::perceptron);
    }

    @Test
    void withAccumulationAndAScaledLoss() {
        TorchTraining program = new TorchTraining();
        program.batchSize = 4;
        program.accumulate = 4;
        program.scale = 3;
        hold(Sketches.classes(Attrs.of("batch_size", 4), loop("accumulate", 4, "loss_scale", 3.0), "Adam",
                Attrs.of("lr", 0.01)), program, TrainerOracleTest::perceptron);
    }

    @Test
    void withClipping() {
        TorchTraining norm = new TorchTraining();
        norm.clipNorm = 0.1;
        norm.optimizer = params -> new org.bytedeco.pytorch.SGD(params, new SGDOptions(0.5));
        hold(Sketches.classes(Attrs.NONE, loop("clip_norm", 0.1), "SGD", Attrs.of("lr", 0.5)), norm,
                TrainerOracleTest::perceptron);
        TorchTraining value = new TorchTraining();
        value.clipValue = 0.01;
        value.optimizer = norm.optimizer;
        hold(Sketches.classes(Attrs.NONE, loop("clip_value", 0.01), "SGD", Attrs.of("lr", 0.5)), value,
                TrainerOracleTest::perceptron);
    }

    @Test
    void withAGradientPenalty() {
        TorchTraining program = new TorchTraining();
        program.penalty = 0.05;
        hold(classes(loop("penalty", 0.05)), program, TrainerOracleTest::perceptron);
    }

    @Test
    void withSchedules() {
        TorchTraining steps = new TorchTraining();
        steps.lr = epoch -> 0.01 * Math.pow(0.5, epoch / 3);
        hold(classes(loop("schedule", "StepLR", "step_size", 3, "gamma", 0.5)), steps, TrainerOracleTest::perceptron);
        TorchTraining cosine = new TorchTraining();
        cosine.lr = epoch -> 0.01 * (1 + Math.cos(Math.PI * epoch / 20)) / 2;
        hold(classes(loop("schedule", "CosineAnnealingLR", "t_max", 20)), cosine, TrainerOracleTest::perceptron);
    }

    @Test
    void withDropout() {
        TorchTraining program = new TorchTraining();
        Graph graph = new Sketch().op("data", "data", Attrs.of("source", "gaussians", "classes", 3, "samples", 90,
                "batch_size", 16, "seed", 5)).uniform("w1", 0.7, 1, 8, 2).uniform("b1", 0.7, 2, 8)
                .uniform("w2", 0.35, 3, 3, 8).uniform("b2", 0.35, 4, 3).op("h", "linear", "data", "w1", "b1")
                .op("a", "tanh", "h").op("d", "dropout", Attrs.of("p", 0.3, "training", false), "a")
                .op("pred", "linear", "d", "w2", "b2").op("loss", "cross_entropy", "pred", "data:1")
                .op("opt", "Adam", Attrs.of("lr", 0.01)).op("loop", "loop", loop()).graph("loss");
        hold(graph, program, p -> (x, y) -> crossEntropy(linear(torch.dropout(torch.tanh(linear(x, p.get(2),
                p.get(0))), 0.3, true), p.get(3), p.get(1)), y));
    }

    @Test
    void withBatchNorm() {
        TorchTraining program = new TorchTraining();
        Graph graph = new Sketch().op("data", "data", Attrs.of("source", "gaussians", "classes", 3, "samples", 90,
                "batch_size", 16, "seed", 5)).uniform("w1", 0.7, 1, 8, 2)
                .uniform("w2", 0.35, 3, 3, 8).uniform("b2", 0.35, 4, 3).op("h", "linear", "data", "w1")
                .op("m", "zeros", Attrs.of("size", new int[] {8})).op("v", "ones", Attrs.of("size", new int[] {8}))
                .op("g", "ones", Attrs.of("size", new int[] {8}, "requires_grad", true))
                .op("s", "zeros", Attrs.of("size", new int[] {8}, "requires_grad", true))
                .op("n", "batch_norm", "h", "m", "v", "g", "s").op("a", "tanh", "n")
                .op("pred", "linear", "a", "w2", "b2").op("loss", "cross_entropy", "pred", "data:1")
                .op("opt", "Adam", Attrs.of("lr", 0.01)).op("loop", "loop", loop()).graph("loss");
        List<String> order = List.copyOf(new Network(graph).parameters().keySet());
        hold(graph, program, p -> {
            Tensor m = torch.zeros(8);
            Tensor v = torch.ones(8);
            return (x, y) -> {
                Tensor h = torch.mm(x, p.get(order.indexOf("w1")).t());
                Tensor n = torch.batch_norm(h, new TensorOptional(p.get(order.indexOf("g"))),
                        new TensorOptional(p.get(order.indexOf("s"))), new TensorOptional(m), new TensorOptional(v),
                        true, 0.1, 1e-5, false);
                return crossEntropy(linear(torch.tanh(n), p.get(order.indexOf("w2")), p.get(order.indexOf("b2"))), y);
            };
        });
    }

    @Test
    void withAFrozenLayer() {
        TorchTraining program = new TorchTraining();
        Graph graph = new Sketch().op("data", "data", Attrs.of("source", "gaussians", "classes", 3, "samples", 90,
                "batch_size", 16, "seed", 5))
                .op("w1", "uniform", Attrs.of("from", -0.7, "to", 0.7, "size", new int[] {8, 2}, "seed", 1))
                .op("b1", "uniform", Attrs.of("from", -0.7, "to", 0.7, "size", new int[] {8}, "seed", 2))
                .uniform("w2", 0.35, 3, 3, 8).uniform("b2", 0.35, 4, 3).op("h", "linear", "data", "w1", "b1")
                .op("a", "tanh", "h").op("pred", "linear", "a", "w2", "b2")
                .op("loss", "cross_entropy", "pred", "data:1").op("opt", "Adam", Attrs.of("lr", 0.01))
                .op("loop", "loop", loop()).graph("loss");
        Network network = new Network(graph);
        hold(graph, program, p -> {
            Tensor w = Torch.of(network.leaves().get("w1")[0]);
            Tensor b = Torch.of(network.leaves().get("b1")[0]);
            return (x, y) -> crossEntropy(linear(torch.tanh(linear(x, w, b)), p.get(1), p.get(0)), y);
        });
        Trainer trainer = new Trainer(graph);
        for (int i = 0; i < 10; i++) {
            trainer.next();
        }
        assertArrayEquals(List.of("b2", "w2").toArray(), trainer.checkpoint().leaves().keySet().toArray());
    }
}

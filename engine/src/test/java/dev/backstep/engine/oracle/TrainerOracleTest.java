package dev.backstep.engine.oracle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.data.TensorDataset;
import dev.backstep.engine.graph.DataBox;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.Network;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.engine.graph.Sketch;
import dev.backstep.engine.tensor.Generator;
import dev.backstep.engine.train.Sketches;
import dev.backstep.engine.train.Trainer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.IntToDoubleFunction;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Optimizer;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

/**
 * Documents trained here, and the same programs written for LibTorch: the first 200 losses, each to 1e-5 of itself, of
 * the same seed and so of the same batches in the same order.
 */
class TrainerOracleTest {
    private static final int STEPS = 200;

    /** A program as one writes it in Python. */
    private static final class Program {
        long seed;
        int batchSize = 16;
        int accumulate = 1;
        double scale = 1;
        boolean zeroGrad = true;
        double penalty;
        double clipNorm;
        double clipValue;
        double byHand;
        IntToDoubleFunction lr;
        Function<TensorVector, Optimizer> optimizer = params -> new org.bytedeco.pytorch.Adam(params,
                new AdamOptions(0.01));

        List<Double> run(TensorDataset data, List<Tensor> params, BiFunction<Tensor, Tensor, Tensor> forward) {
            List<Double> losses = new ArrayList<>();
            TensorVector vector = new TensorVector(params.toArray(Tensor[]::new));
            Optimizer steps = optimizer.apply(vector);
            torch.manual_seed(seed);
            int batches = (data.size() + batchSize - 1) / batchSize;
            for (int epoch = 0; losses.size() < STEPS; epoch++) {
                draw();
                // What LibTorch's randperm gives after this seed, as DataLoaderOracleTest holds.
                long[] order = new Generator().manualSeed(draw()).randperm(data.size()).toLongs();
                if (lr != null) {
                    steps.param_groups().get(0).options().set_lr(lr.applyAsDouble(epoch));
                }
                for (int i = 0; i < batches && losses.size() < STEPS; i++) {
                    try (PointerScope _ = new PointerScope()) {
                        int[] rows = Arrays.stream(order, (long) i * batchSize > order.length ? 0 : i * batchSize,
                                Math.min(order.length, (i + 1) * batchSize)).mapToInt(row -> (int) row).toArray();
                        dev.backstep.engine.tensor.Tensor[] batch = data.batch(rows);
                        if (zeroGrad && i % accumulate == 0) {
                            params.forEach(param -> param.mutable_grad().reset());
                        }
                        Tensor loss = forward.apply(Torch.of(batch[0]), Torch.of(batch[1]));
                        losses.add(loss.item_float() + 0.0);
                        backward(loss, params, vector);
                        if ((i + 1) % accumulate == 0 || i + 1 == batches) {
                            change(params, vector, steps);
                        }
                    }
                }
            }
            return losses;
        }

        private static long draw() {
            return Torch.empty(DType.INT64).random_().item_long();
        }

        private void backward(Tensor loss, List<Tensor> params, TensorVector vector) {
            if (penalty != 0) {
                TensorVector grads = torch.grad(new TensorVector(loss), vector, new TensorVector(),
                        new BoolOptional(true), true, true);
                Tensor sum = torch.sum(torch.square(grads.get(0)));
                for (int i = 1; i < params.size(); i++) {
                    sum = torch.add(sum, torch.sum(torch.square(grads.get(i))));
                }
                torch.mul(sum, new Scalar(penalty)).backward(new Tensor(), new BoolOptional(true), false,
                        new TensorArrayRefOptional());
            }
            Tensor scaled = scale == 1 ? loss : torch.mul(loss, new Scalar(scale));
            (accumulate == 1 ? scaled : torch.div(scaled, new Scalar((double) accumulate))).backward();
        }

        private void change(List<Tensor> params, TensorVector vector, Optimizer steps) {
            if (clipNorm != 0) {
                torch.clip_grad_norm_(vector, clipNorm);
            }
            if (clipValue != 0) {
                torch.clip_grad_value_(vector, clipValue);
            }
            if (byHand == 0) {
                steps.step();
                return;
            }
            for (Tensor param : params) {
                param.set_data(torch.sub(param.detach(), torch.mul(param.grad(), new Scalar(byHand))));
            }
        }
    }

    private static Tensor linear(Tensor x, Tensor w, Tensor b) {
        return torch.addmm(b, x, w.t());
    }

    private static Tensor crossEntropy(Tensor x, Tensor y) {
        return torch.cross_entropy_loss(x, y, new TensorOptional(), 1, -100, 0);
    }

    private static TensorDataset data(Graph graph) {
        return DataBox.TYPE.parts(NodeTypes.attrs(graph.node("data"))).train();
    }

    /** Trains a document, and holds its losses to the program's. */
    private static List<Double> hold(Graph graph, Program program, Function<List<Tensor>, BiFunction<Tensor, Tensor,
            Tensor>> model) {
        try (PointerScope _ = new PointerScope()) {
            List<Tensor> params = new ArrayList<>();
            new Network(graph).parameters().values().forEach(param -> params.add(Torch.of(param)));
            List<Double> expected = program.run(data(graph), params, model.apply(params));
            List<Double> actual = losses(graph);
            for (int i = 0; i < STEPS; i++) {
                assertEquals(expected.get(i), actual.get(i), 1e-5 * Math.abs(expected.get(i)), "loss " + (i + 1));
            }
            return actual;
        }
    }

    private static List<Double> losses(Graph graph) {
        Trainer trainer = new Trainer(graph);
        List<Double> losses = new ArrayList<>();
        while (losses.size() < STEPS) {
            trainer.next();
            losses.add(trainer.loss());
        }
        return losses;
    }

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
        Program program = new Program();
        program.batchSize = 8;
        program.optimizer = params -> new org.bytedeco.pytorch.SGD(params, new SGDOptions(0.05));
        List<Double> losses = hold(Sketches.line(loop(), "SGD", Attrs.of("lr", 0.05)), program,
                p -> (x, y) -> torch.mse_loss(linear(x, p.get(1), p.get(0)), y));
        assertTrue(losses.getLast() < 0.5 * losses.getFirst());
    }

    @Test
    void aPerceptronByAdam() {
        Program program = new Program();
        program.seed = 7;
        List<Double> losses = hold(classes(loop("seed", 7)), program, TrainerOracleTest::perceptron);
        assertTrue(losses.getLast() < 0.5 * losses.getFirst());
    }

    @Test
    void aPerceptronByHand() {
        Program program = new Program();
        program.byHand = 0.1;
        hold(Sketches.perceptron(Attrs.NONE, loop("update", "by_hand", "lr", 0.1), "tanh").graph("loss"), program,
                TrainerOracleTest::perceptron);
    }

    @Test
    void withoutZeroGrad() {
        Program program = new Program();
        program.zeroGrad = false;
        program.optimizer = params -> new org.bytedeco.pytorch.SGD(params, new SGDOptions(0.001));
        hold(Sketches.classes(Attrs.NONE, loop("zero_grad", false), "SGD", Attrs.of("lr", 0.001)), program,
                TrainerOracleTest::perceptron);
    }

    @Test
    void withAccumulationAndAScaledLoss() {
        Program program = new Program();
        program.batchSize = 4;
        program.accumulate = 4;
        program.scale = 3;
        hold(Sketches.classes(Attrs.of("batch_size", 4), loop("accumulate", 4, "loss_scale", 3.0), "Adam",
                Attrs.of("lr", 0.01)), program, TrainerOracleTest::perceptron);
    }

    @Test
    void withClipping() {
        Program norm = new Program();
        norm.clipNorm = 0.1;
        norm.optimizer = params -> new org.bytedeco.pytorch.SGD(params, new SGDOptions(0.5));
        hold(Sketches.classes(Attrs.NONE, loop("clip_norm", 0.1), "SGD", Attrs.of("lr", 0.5)), norm,
                TrainerOracleTest::perceptron);
        Program value = new Program();
        value.clipValue = 0.01;
        value.optimizer = norm.optimizer;
        hold(Sketches.classes(Attrs.NONE, loop("clip_value", 0.01), "SGD", Attrs.of("lr", 0.5)), value,
                TrainerOracleTest::perceptron);
    }

    @Test
    void withAGradientPenalty() {
        Program program = new Program();
        program.penalty = 0.05;
        hold(classes(loop("penalty", 0.05)), program, TrainerOracleTest::perceptron);
    }

    @Test
    void withSchedules() {
        Program steps = new Program();
        steps.lr = epoch -> 0.01 * Math.pow(0.5, epoch / 3);
        hold(classes(loop("schedule", "StepLR", "step_size", 3, "gamma", 0.5)), steps, TrainerOracleTest::perceptron);
        Program cosine = new Program();
        cosine.lr = epoch -> 0.01 * (1 + Math.cos(Math.PI * epoch / 20)) / 2;
        hold(classes(loop("schedule", "CosineAnnealingLR", "t_max", 20)), cosine, TrainerOracleTest::perceptron);
    }

    @Test
    void withDropout() {
        Program program = new Program();
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
        Program program = new Program();
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
        Program program = new Program();
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

package dev.backstep.engine.oracle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.nn.Activation;
import dev.backstep.engine.nn.BatchNorm1d;
import dev.backstep.engine.nn.Conv2d;
import dev.backstep.engine.nn.Dropout;
import dev.backstep.engine.nn.Embedding;
import dev.backstep.engine.nn.Gradients;
import dev.backstep.engine.nn.LayerNorm;
import dev.backstep.engine.nn.Linear;
import dev.backstep.engine.nn.Loss;
import dev.backstep.engine.nn.Loss.Reduction;
import dev.backstep.engine.nn.MaxPool2d;
import dev.backstep.engine.nn.Module;
import dev.backstep.engine.nn.Sequential;
import dev.backstep.engine.optim.Adagrad;
import dev.backstep.engine.optim.Adam;
import dev.backstep.engine.optim.LrScheduler;
import dev.backstep.engine.optim.Optimizer;
import dev.backstep.engine.optim.ParamGroup;
import dev.backstep.engine.optim.RmsProp;
import dev.backstep.engine.optim.Sgd;
import dev.backstep.engine.tensor.Generator;
import dev.backstep.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AdagradOptions;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.BatchNorm1dImpl;
import org.bytedeco.pytorch.BatchNormOptions;
import org.bytedeco.pytorch.Conv2dImpl;
import org.bytedeco.pytorch.EmbeddingImpl;
import org.bytedeco.pytorch.LayerNormImpl;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.LinearOptions;
import org.bytedeco.pytorch.LongVector;
import org.bytedeco.pytorch.RMSpropOptions;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

/**
 * A hundred training steps here and in LibTorch from the same seed: the same numbers to begin with, bit for bit, and
 * losses, parameters and buffers that stay together to 1e-5.
 */
class TrainingOracleTest {
    private static final int STEPS = 100;
    private static final double TOLERANCE = 1e-5;

    /** One model, built twice. LibTorch's modules are made in the order in which ours draw. */
    private static final class Run {
        private final Generator generator = new Generator().manualSeed(7);
        private final List<org.bytedeco.pytorch.Module> theirs = new ArrayList<>();
        private final List<org.bytedeco.pytorch.Tensor> params = new ArrayList<>();
        private Module model;
        private Loss loss;
        private BinaryOperator<org.bytedeco.pytorch.Tensor> theirLoss;
        private Tensor x;
        private Tensor y;

        Run() {
            torch.manual_seed(7);
        }

        <M extends org.bytedeco.pytorch.Module> M add(M module) {
            theirs.add(module);
            TensorVector own = module.parameters();
            for (long i = 0; i < own.size(); i++) {
                params.add(own.get(i));
            }
            return module;
        }

        Optimizer train(Optimizer ours, org.bytedeco.pytorch.Optimizer other,
                UnaryOperator<org.bytedeco.pytorch.Tensor> forward) {
            return train(ours, other, forward, () -> { });
        }

        Optimizer train(Optimizer ours, org.bytedeco.pytorch.Optimizer other,
                UnaryOperator<org.bytedeco.pytorch.Tensor> forward, Runnable afterEach) {
            List<Tensor> own = model.parameters();
            assertEquals(params.size(), own.size());
            for (int i = 0; i < own.size(); i++) {
                assertArrayEquals(Torch.values(params.get(i)), own.get(i).toDoubles(), "initial parameter " + i);
            }
            org.bytedeco.pytorch.Tensor theirX = Torch.of(x);
            org.bytedeco.pytorch.Tensor theirY = Torch.of(y);
            double first = 0;
            double last = 0;
            for (int step = 0; step < STEPS; step++) {
                try (PointerScope _ = new PointerScope()) {
                    ours.zeroGrad();
                    Tensor value = loss.forward(model.forward(x), y);
                    value.backward();
                    ours.step();
                    other.zero_grad();
                    org.bytedeco.pytorch.Tensor expected = theirLoss.apply(forward.apply(theirX), theirY);
                    expected.backward();
                    other.step();
                    close("loss at step " + step, Torch.values(expected), value.toDoubles());
                    afterEach.run();
                    first = step == 0 ? value.item() : first;
                    last = value.item();
                }
            }
            for (int i = 0; i < own.size(); i++) {
                close("parameter " + i, Torch.values(params.get(i)), own.get(i).toDoubles());
            }
            assertTrue(last < 0.9 * first, "it learns: from " + first + " to " + last);
            return ours;
        }

        TensorVector vector() {
            return new TensorVector(params.toArray(org.bytedeco.pytorch.Tensor[]::new));
        }
    }

    /** To 1e-5 of the largest element. */
    private static void close(String what, double[] expected, double[] actual) {
        double scale = 0;
        for (double value : expected) {
            scale = Math.max(scale, Math.abs(value));
        }
        assertArrayEquals(expected, actual, TOLERANCE * scale, what);
    }

    private static Tensor data(int seed, int... shape) {
        return new Generator().manualSeed(seed).randn(DType.FLOAT32, shape);
    }

    private static Tensor classes(int seed, int count, int n) {
        return new Generator().manualSeed(seed).randint(0, count, n);
    }

    private static org.bytedeco.pytorch.Tensor crossEntropy(org.bytedeco.pytorch.Tensor x,
            org.bytedeco.pytorch.Tensor y) {
        return torch.cross_entropy_loss(x, y, new TensorOptional(), 1, -100, 0);
    }

    @Test
    void lineBySgdWithAStepSchedule() {
        try (PointerScope _ = new PointerScope()) {
            Run run = new Run();
            LinearImpl line = run.add(new LinearImpl(3, 1));
            run.model = new Linear(3, 1, run.generator);
            run.loss = Loss.mse(Reduction.MEAN);
            run.theirLoss = torch::mse_loss;
            run.x = data(1, 16, 3);
            run.y = data(2, 16, 1);
            Sgd ours = new Sgd(run.model.parameters(), 0.05);
            org.bytedeco.pytorch.SGD other = new org.bytedeco.pytorch.SGD(run.vector(), new SGDOptions(0.05));
            LrScheduler schedule = LrScheduler.steps(ours, 30, 0.5);
            run.train(ours, other, line::forward, () -> {
                schedule.step();
                // LibTorch's own StepLR is late by a step; Python's is this.
                other.param_groups().get(0).options().set_lr(0.05 * Math.pow(0.5, schedule.lastEpoch() / 30));
            });
            assertEquals(List.of(0.05 * 0.5 * 0.5 * 0.5), schedule.lastLr());
        }
    }

    @Test
    void perceptronByAdam() {
        try (PointerScope _ = new PointerScope()) {
            Run run = new Run();
            LinearImpl a = run.add(new LinearImpl(2, 8));
            LinearImpl b = run.add(new LinearImpl(8, 8));
            LinearImpl c = run.add(new LinearImpl(8, 1));
            run.model = new Sequential(new Linear(2, 8, run.generator), Activation.tanh(),
                    new Linear(8, 8, run.generator), Activation.relu(), new Linear(8, 1, run.generator));
            run.loss = Loss.bceWithLogits(Reduction.MEAN);
            run.theirLoss = torch::binary_cross_entropy_with_logits;
            run.x = data(1, 32, 2);
            run.y = data(2, 32, 1).gt(Tensor.scalar(0)).to(DType.FLOAT32);
            run.train(new Adam(run.model.parameters(), 0.01),
                    new org.bytedeco.pytorch.Adam(run.vector(), new AdamOptions(0.01)),
                    x -> c.forward(torch.relu(b.forward(torch.tanh(a.forward(x))))));
        }
    }

    @Test
    void normalizedPerceptronByAdamW() {
        try (PointerScope _ = new PointerScope()) {
            Run run = new Run();
            LinearImpl a = run.add(new LinearImpl(4, 16));
            LayerNormImpl norm = run.add(new LayerNormImpl(new LongVector(new long[] {16})));
            LinearImpl b = run.add(new LinearImpl(16, 3));
            run.model = new Sequential(new Linear(4, 16, run.generator), new LayerNorm(DType.FLOAT32, 16),
                    Activation.gelu(), new Linear(16, 3, run.generator));
            run.loss = Loss.crossEntropy(Reduction.MEAN);
            run.theirLoss = TrainingOracleTest::crossEntropy;
            run.x = data(1, 30, 4);
            run.y = classes(2, 3, 30);
            AdamWOptions options = new AdamWOptions(0.003);
            options.weight_decay().put(0.1);
            options.amsgrad().put(true);
            run.train(Adam.w(List.of(new ParamGroup(run.model.parameters(), Attrs.NONE)),
                    Adam.options(0.003, 0.9, 0.999, 1e-8, 0.1, true)),
                    new org.bytedeco.pytorch.AdamW(run.vector(), options),
                    x -> b.forward(torch.gelu(norm.forward(a.forward(x)))));
        }
    }

    @Test
    void convolutionByNesterovMomentum() {
        try (PointerScope _ = new PointerScope()) {
            Run run = new Run();
            Conv2dImpl conv = run.add(new Conv2dImpl(1, 4, new LongPointer(3, 3)));
            LinearImpl last = run.add(new LinearImpl(16, 3));
            run.model = new Sequential(new Conv2d(1, 4, 3, 1, 0, run.generator), Activation.leakyRelu(0.1),
                    new MaxPool2d(2), Activation.flatten(), new Linear(16, 3, run.generator));
            run.loss = Loss.crossEntropy(Reduction.MEAN);
            run.theirLoss = TrainingOracleTest::crossEntropy;
            run.x = data(1, 20, 1, 6, 6);
            run.y = classes(2, 3, 20);
            SGDOptions options = new SGDOptions(0.02);
            options.momentum().put(0.9);
            options.nesterov().put(true);
            options.weight_decay().put(0.001);
            run.train(new Sgd(List.of(new ParamGroup(run.model.parameters(), Attrs.NONE)),
                    Sgd.options(0.02, 0.9, 0, 0.001, true)), new org.bytedeco.pytorch.SGD(run.vector(), options),
                    x -> last.forward(torch.flatten(torch.max_pool2d(torch.leaky_relu(conv.forward(x),
                            Torch.scalar(0.1)), 2, 2), 1, -1)));
        }
    }

    @Test
    void embeddingWithBatchNormAndDropoutByRmsProp() {
        try (PointerScope _ = new PointerScope()) {
            Run run = new Run();
            EmbeddingImpl table = run.add(new EmbeddingImpl(6, 4));
            // A bias would be undone by the normalization: its gradient is nothing but error of rounding.
            LinearOptions plain = new LinearOptions(8, 8);
            plain.bias().put(false);
            LinearImpl a = run.add(new LinearImpl(plain));
            BatchNorm1dImpl norm = run.add(new BatchNorm1dImpl(new BatchNormOptions(8)));
            LinearImpl b = run.add(new LinearImpl(8, 1));
            run.model = new Sequential(new Embedding(6, 4, DType.FLOAT32, run.generator), Activation.flatten(),
                    new Linear(8, 8, false, DType.FLOAT32, run.generator), new BatchNorm1d(8, DType.FLOAT32), Activation.silu(),
                    new Dropout(0.2, run.generator), new Linear(8, 1, run.generator), Activation.sigmoid());
            run.loss = Loss.bce(Reduction.SUM);
            run.theirLoss = (x, y) -> torch.binary_cross_entropy(x, y, new TensorOptional(), 2);
            run.x = classes(1, 6, 40).reshape(20, 2);
            run.y = data(2, 20, 1).gt(Tensor.scalar(0)).to(DType.FLOAT32);
            RMSpropOptions options = new RMSpropOptions(0.001);
            options.momentum().put(0.5);
            options.centered().put(true);
            options.weight_decay().put(0.01);
            run.train(new RmsProp(List.of(new ParamGroup(run.model.parameters(), Attrs.NONE)),
                    RmsProp.options(0.001, 0.99, 1e-8, 0.01, 0.5, true)),
                    new org.bytedeco.pytorch.RMSprop(run.vector(), options),
                    x -> torch.sigmoid(b.forward(torch.dropout(torch.silu(norm.forward(a.forward(torch.flatten(
                            table.forward(x), 1, -1)))), 0.2, true))));
            close("running_var", Torch.values(norm.running_var()),
                    run.model.stateDict().get("3.running_var").toDoubles());
            assertEquals(STEPS, run.model.stateDict().get("3.num_batches_tracked").item());

            run.model.eval();
            norm.eval();
            close("evaluated", Torch.values(torch.sigmoid(b.forward(torch.silu(norm.forward(a.forward(torch.flatten(
                    table.forward(Torch.of(run.x)), 1, -1))))))), run.model.forward(run.x).toDoubles());
        }
    }

    @Test
    void perceptronByAdagrad() {
        try (PointerScope _ = new PointerScope()) {
            Run run = new Run();
            LinearImpl a = run.add(new LinearImpl(3, 8));
            LinearImpl b = run.add(new LinearImpl(8, 2));
            run.model = new Sequential(new Linear(3, 8, run.generator), Activation.sigmoid(),
                    new Linear(8, 2, run.generator));
            run.loss = Loss.l1(Reduction.MEAN);
            run.theirLoss = torch::l1_loss;
            run.x = data(1, 16, 3);
            run.y = data(2, 16, 2);
            AdagradOptions options = new AdagradOptions(0.1);
            options.lr_decay().put(0.01);
            options.weight_decay().put(0.001);
            run.train(new Adagrad(List.of(new ParamGroup(run.model.parameters(), Attrs.NONE)),
                    Adagrad.options(0.1, 0.01, 0.001, 0, 1e-10)),
                    new org.bytedeco.pytorch.Adagrad(run.vector(), options),
                    x -> b.forward(torch.sigmoid(a.forward(x))));
        }
    }

    @Test
    void gradientsAreClippedByTheirNorm() {
        try (PointerScope _ = new PointerScope()) {
            for (double p : new double[] {2, 1, Double.POSITIVE_INFINITY}) {
                for (double max : new double[] {0.5, 1000}) {
                    Tensor[] params = {data(1, 3, 2).requiresGrad(true), data(2, 4).requiresGrad(true)};
                    org.bytedeco.pytorch.Tensor[] theirs = Torch.of(List.of(params));
                    params[0].square().sum().add(params[1].square().sum()).backward();
                    torch.add(torch.sum(torch.square(theirs[0])), torch.sum(torch.square(theirs[1]))).backward();
                    double expected = torch.clip_grad_norm_(new TensorVector(theirs), max, p, false);
                    Tensor actual = Gradients.clipNorm(List.of(params), max, p, false);
                    assertEquals(expected, actual.item(), 1e-6 * expected, "norm");
                    for (int i = 0; i < 2; i++) {
                        close("gradient", Torch.values(theirs[i].grad()), params[i].grad().toDoubles());
                    }
                }
            }
        }
    }
}

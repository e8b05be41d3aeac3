package dev.backstep.server.speed;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.nn.Activation;
import dev.backstep.engine.nn.Linear;
import dev.backstep.engine.nn.Loss;
import dev.backstep.engine.nn.Loss.Reduction;
import dev.backstep.engine.nn.Module;
import dev.backstep.engine.nn.Sequential;
import dev.backstep.engine.optim.Adam;
import dev.backstep.engine.tensor.Generator;
import dev.backstep.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * A training step of a network with two hidden layers: clear the gradients, forward, loss, backward, Adam. The answer
 * is the loss. Both begin from the same numbers and are given the same batch.
 */
enum Training {
    /** 2-8-8-1, tanh, a batch of 32, the mean squared error. */
    SMALL(new int[] {2, 8, 8, 1}, 32),
    /** 784-256-256-10, relu, a batch of 64, the cross entropy. */
    LARGE(new int[] {784, 256, 256, 10}, 64);

    private final int[] sizes;
    private final int batch;

    Training(int[] sizes, int batch) {
        this.sizes = sizes;
        this.batch = batch;
    }

    private boolean classifies() {
        return this == LARGE;
    }

    private Tensor input() {
        return new Generator().manualSeed(1).randn(DType.FLOAT32, batch, sizes[0]);
    }

    private Tensor target() {
        Generator generator = new Generator().manualSeed(2);
        return classifies() ? generator.randint(0, sizes[3], batch) : generator.randn(DType.FLOAT32, batch, sizes[3]);
    }

    Work ours() {
        return new Ours(this);
    }

    Work torchs() {
        return new Torchs(this);
    }

    private static final class Ours implements Work {
        private final Tensor x;
        private final Tensor y;
        private final Module model;
        private final Loss loss;
        private final Adam adam;

        Ours(Training training) {
            x = training.input();
            y = training.target();
            int[] sizes = training.sizes;
            Generator generator = new Generator().manualSeed(7);
            boolean relu = training.classifies();
            model = new Sequential(new Linear(sizes[0], sizes[1], generator),
                    relu ? Activation.relu() : Activation.tanh(), new Linear(sizes[1], sizes[2], generator),
                    relu ? Activation.relu() : Activation.tanh(), new Linear(sizes[2], sizes[3], generator));
            loss = training.classifies() ? Loss.crossEntropy(Reduction.MEAN) : Loss.mse(Reduction.MEAN);
            adam = new Adam(model.parameters(), 0.001);
        }

        @Override
        public double run() {
            adam.zeroGrad();
            Tensor value = loss.forward(model.forward(x), y);
            value.backward();
            adam.step();
            return value.item();
        }
    }

    private static final class Torchs implements Work {
        private final boolean classifies;
        private final org.bytedeco.pytorch.Tensor x;
        private final org.bytedeco.pytorch.Tensor y;
        private final List<LinearImpl> layers = new ArrayList<>();
        private final org.bytedeco.pytorch.Adam adam;

        Torchs(Training training) {
            classifies = training.classifies();
            x = floats(training.input());
            y = classifies ? org.bytedeco.pytorch.Tensor.create(training.target().toLongs())
                    : floats(training.target());
            List<org.bytedeco.pytorch.Tensor> parameters = new ArrayList<>();
            torch.manual_seed(7);
            for (int i = 0; i < 3; i++) {
                LinearImpl layer = new LinearImpl(training.sizes[i], training.sizes[i + 1]);
                layers.add(layer);
                parameters.add(layer.weight());
                parameters.add(layer.bias());
            }
            adam = new org.bytedeco.pytorch.Adam(new TensorVector(parameters.toArray(
                    org.bytedeco.pytorch.Tensor[]::new)), new AdamOptions(0.001));
        }

        private static org.bytedeco.pytorch.Tensor floats(Tensor tensor) {
            double[] values = tensor.toDoubles();
            float[] rounded = new float[values.length];
            for (int i = 0; i < values.length; i++) {
                rounded[i] = (float) values[i];
            }
            return org.bytedeco.pytorch.Tensor.create(rounded, java.util.Arrays.stream(tensor.shape()).asLongStream()
                    .toArray());
        }

        @Override
        public double run() {
            try (PointerScope _ = new PointerScope()) {
                adam.zero_grad();
                org.bytedeco.pytorch.Tensor h = activate(layers.get(0).forward(x));
                h = layers.get(2).forward(activate(layers.get(1).forward(h)));
                org.bytedeco.pytorch.Tensor value = classifies
                        ? torch.cross_entropy_loss(h, y, new TensorOptional(), 1, -100, 0) : torch.mse_loss(h, y);
                value.backward();
                adam.step();
                return value.item_float();
            }
        }

        private org.bytedeco.pytorch.Tensor activate(org.bytedeco.pytorch.Tensor h) {
            return classifies ? torch.relu(h) : torch.tanh(h);
        }
    }
}

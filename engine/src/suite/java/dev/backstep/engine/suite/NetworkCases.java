package dev.backstep.engine.suite;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.data.DataLoader;
import dev.backstep.engine.data.SafeTensors;
import dev.backstep.engine.data.TensorDataset;
import dev.backstep.engine.nn.Activation;
import dev.backstep.engine.nn.BatchNorm1d;
import dev.backstep.engine.nn.Conv2d;
import dev.backstep.engine.nn.Dropout;
import dev.backstep.engine.nn.Gradients;
import dev.backstep.engine.nn.Linear;
import dev.backstep.engine.nn.Loss;
import dev.backstep.engine.nn.Loss.Reduction;
import dev.backstep.engine.nn.MaxPool2d;
import dev.backstep.engine.nn.Module;
import dev.backstep.engine.nn.Sequential;
import dev.backstep.engine.optim.Optimizer;
import dev.backstep.engine.optim.RmsProp;
import dev.backstep.engine.optim.Sgd;
import dev.backstep.engine.tensor.Generator;
import dev.backstep.engine.tensor.Tensor;
import java.util.List;

/** Small networks that are trained: shuffled batches, gradients, clipping, steps, and the state as a file. */
final class NetworkCases {
    private NetworkCases() {
    }

    static void add(List<Case> cases) {
        cases.add(new Case("train perceptron", true, NetworkCases::perceptron));
        cases.add(new Case("train convolution", true, NetworkCases::convolution));
    }

    private static String perceptron() {
        Generator generator = new Generator().manualSeed(11);
        Module model = new Sequential(new Linear(2, 5, generator), new BatchNorm1d(5, DType.FLOAT32),
                Activation.relu(), new Dropout(0.25, generator), new Linear(5, 1, generator));
        Tensor x = generator.rand(DType.FLOAT32, 12, 2);
        return train(model, new RmsProp(model.parameters(), 0.01), x, x.sum(true, 1), generator);
    }

    private static String convolution() {
        Generator generator = new Generator().manualSeed(12);
        Module model = new Sequential(new Conv2d(1, 2, 3, 1, 1, generator), Activation.leakyRelu(0.125),
                new MaxPool2d(2), Activation.flatten(), new Linear(8, 1, generator));
        Tensor x = generator.rand(DType.FLOAT32, 6, 1, 4, 4);
        return train(model, new Sgd(model.parameters(), 0.05), x, x.reshape(6, -1).mean(true, 1), generator);
    }

    private static String train(Module model, Optimizer optimizer, Tensor x, Tensor y, Generator generator) {
        Line line = new Line();
        Loss loss = Loss.mse(Reduction.MEAN);
        DataLoader loader = new DataLoader(new TensorDataset(x, y), 4, true, false, generator);
        for (int epoch = 0; epoch < 3; epoch++) {
            for (Tensor[] batch : loader) {
                optimizer.zeroGrad();
                Tensor value = loss.forward(model.forward(batch[0]), batch[1]);
                value.backward();
                line.add(Gradients.clipNorm(model.parameters(), 0.5));
                optimizer.step();
                line.add(value);
            }
        }
        Module fresh = model.eval();
        fresh.loadStateDict(SafeTensors.read(SafeTensors.write(model.stateDict())));
        return line.add(fresh.forward(x)).toString();
    }
}

package dev.backstep.engine.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.data.TensorDataset;
import dev.backstep.engine.graph.DataBox;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.Network;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.engine.tensor.Generator;
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
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * A training as one writes it in Python, in LibTorch: what a document's training is held to, each of the first 200
 * losses to 1e-5 of itself.
 */
final class TorchTraining {
    private static final int STEPS = 200;

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

    private List<Double> run(TensorDataset data, List<Tensor> params, BiFunction<Tensor, Tensor, Tensor> forward) {
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

    static Tensor linear(Tensor x, Tensor w, Tensor b) {
        return torch.addmm(b, x, w.t());
    }

    static Tensor crossEntropy(Tensor x, Tensor y) {
        return torch.cross_entropy_loss(x, y, new TensorOptional(), 1, -100, 0);
    }

    private static TensorDataset data(Graph graph) {
        for (GraphNode node : graph.nodes()) {
            if (node.type().equals(DataBox.TYPE.type())) {
                return DataBox.TYPE.parts(NodeTypes.attrs(node)).train();
            }
        }
        throw new AssertionError("no data");
    }

    /**
     * Trains a document, and holds its losses to a program's.
     *
     * @param model of the parameters, in the order of their ids: the loss of a batch (x, y)
     */
    static List<Double> hold(Graph graph, TorchTraining program, Function<List<Tensor>, BiFunction<Tensor, Tensor,
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
}

package dev.backstep.engine.nn;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.tensor.GradMode;
import dev.backstep.engine.tensor.Tensor;
import dev.backstep.engine.tensor.TorchError;

/**
 * Brings each feature of a batch, (N, C) or (N, C, L), to mean 0 and variance 1, then scales and shifts it. Evaluation
 * uses the running figures that training kept.
 */
public final class BatchNorm1d extends Module {
    private static final double EPS = 1e-5;
    private static final double MOMENTUM = 0.1;

    private final int features;
    private final Tensor weight;
    private final Tensor bias;
    private final Tensor runningMean;
    private final Tensor runningVar;
    private final Tensor batches;

    public BatchNorm1d(int features, DType type) {
        this.features = features;
        int[] shape = {features};
        weight = parameter("weight", Tensor.ones(shape, type));
        bias = parameter("bias", Tensor.zeros(shape, type));
        runningMean = buffer("running_mean", Tensor.zeros(shape, type));
        runningVar = buffer("running_var", Tensor.ones(shape, type));
        batches = buffer("num_batches_tracked", Tensor.of(new long[] {0}, new int[0]));
    }

    @Override
    public Tensor forward(Tensor... inputs) {
        int rank = inputs[0].dim();
        if (rank != 2 && rank != 3) {
            throw TorchError.value("expected 2D or 3D input (got " + rank + "D input)");
        }
        if (isTraining()) {
            try (var _ = GradMode.noGrad()) {
                batches.add_(Tensor.of(new long[] {1}, new int[0]));
            }
        }
        return Functional.batchNorm(inputs[0], runningMean, runningVar, weight, bias, isTraining(), MOMENTUM, EPS);
    }

    @Override
    protected String settings() {
        return features + ", eps=1e-05, momentum=0.1, affine=True, track_running_stats=True";
    }
}

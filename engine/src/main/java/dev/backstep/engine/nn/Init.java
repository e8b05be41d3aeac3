package dev.backstep.engine.nn;

import dev.backstep.engine.tensor.Generator;
import dev.backstep.engine.tensor.GradMode;
import dev.backstep.engine.tensor.Tensor;
import dev.backstep.engine.tensor.TorchError;

/** {@code torch.nn.init}: overwrites tensors with the numbers that training begins with. */
public final class Init {
    private Init() {
    }

    public static Tensor uniform(Tensor tensor, double from, double to, Generator generator) {
        return fill(tensor, generator.uniform(tensor.dtype(), from, to, tensor.shape()));
    }

    public static Tensor normal(Tensor tensor, double mean, double std, Generator generator) {
        return fill(tensor, generator.normal(tensor.dtype(), mean, std, tensor.shape()));
    }

    public static Tensor constant(Tensor tensor, double value) {
        try (var _ = GradMode.noGrad()) {
            return tensor.fill_(value);
        }
    }

    /**
     * Uniform within ±gain √(3 / fan_in), gain = √(2 / (1 + a²)): K. He et al., Delving deep into rectifiers (2015).
     *
     * @param a the slope of the leaky ReLU behind the layer; √5 is what PyTorch's layers begin with
     */
    public static Tensor kaimingUniform(Tensor tensor, double a, Generator generator) {
        double std = Math.sqrt(2.0 / (1 + a * a)) / Math.sqrt(fanIn(tensor));
        double bound = Math.sqrt(3.0) * std;
        return uniform(tensor, -bound, bound, generator);
    }

    /** Normal with the deviation that {@link #kaimingUniform} has. */
    public static Tensor kaimingNormal(Tensor tensor, double a, Generator generator) {
        return normal(tensor, 0, Math.sqrt(2.0 / (1 + a * a)) / Math.sqrt(fanIn(tensor)), generator);
    }

    /** Uniform within ±gain √(6 / (fan_in + fan_out)): X. Glorot and Y. Bengio (2010). */
    public static Tensor xavierUniform(Tensor tensor, double gain, Generator generator) {
        double bound = Math.sqrt(3.0) * glorot(tensor, gain);
        return uniform(tensor, -bound, bound, generator);
    }

    public static Tensor xavierNormal(Tensor tensor, double gain, Generator generator) {
        return normal(tensor, 0, glorot(tensor, gain), generator);
    }

    private static double glorot(Tensor tensor, double gain) {
        return gain * Math.sqrt(2.0 / (fanIn(tensor) + fanOut(tensor)));
    }

    /** How many numbers go into each of the layer's results. */
    static int fanIn(Tensor weight) {
        if (weight.dim() < 2) {
            throw TorchError.value("Fan in and fan out can not be computed for tensor with fewer than 2 dimensions");
        }
        return weight.numel() / Math.max(1, weight.shape()[0]);
    }

    private static int fanOut(Tensor weight) {
        return fanIn(weight) / Math.max(1, weight.shape()[1]) * weight.shape()[0];
    }

    private static Tensor fill(Tensor tensor, Tensor numbers) {
        try (var _ = GradMode.noGrad()) {
            return tensor.copy_(numbers);
        }
    }
}

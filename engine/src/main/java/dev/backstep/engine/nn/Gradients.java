package dev.backstep.engine.nn;

import dev.backstep.engine.tensor.Autograd;
import dev.backstep.engine.tensor.GradMode;
import dev.backstep.engine.tensor.Tensor;
import dev.backstep.engine.tensor.TorchError;
import java.util.ArrayList;
import java.util.List;

/** {@code torch.nn.utils}: what is done to the gradients or the numbers of all parameters at once. */
public final class Gradients {
    private Gradients() {
    }

    /** {@code zero_grad}: the gradients become null, or zeros in the same memory. */
    public static void clear(List<Tensor> parameters, boolean setToNone) {
        for (Tensor parameter : parameters) {
            if (setToNone) {
                parameter.grad(null);
            } else if (parameter.grad() != null) {
                // One that is part of a graph is replaced by one that is not.
                parameter.grad(parameter.grad().detach());
                try (var _ = GradMode.noGrad()) {
                    parameter.grad().zero_();
                }
            }
        }
    }

    /** {@link #clipNorm(List, double, double, boolean)} by the Euclidean norm. */
    public static Tensor clipNorm(List<Tensor> parameters, double maxNorm) {
        return clipNorm(parameters, maxNorm, 2, false);
    }

    /**
     * {@code clip_grad_norm_}: scales the gradients so that the norm of all of them together is at most
     * {@code maxNorm}.
     *
     * @param normType the p of the norm, possibly infinite
     * @param errorIfNonfinite whether a norm that is no number is refused
     * @return the norm before
     */
    public static Tensor clipNorm(List<Tensor> parameters, double maxNorm, double normType, boolean errorIfNonfinite) {
        try (var _ = GradMode.noGrad()) {
            List<Tensor> gradients = gradients(parameters);
            if (gradients.isEmpty()) {
                return Tensor.scalar(0);
            }
            Tensor[] norms = new Tensor[gradients.size()];
            for (int i = 0; i < norms.length; i++) {
                norms[i] = Functional.norm(gradients.get(i), normType);
            }
            Tensor total = Functional.norm(Functional.stack(norms), normType);
            if (errorIfNonfinite && !Double.isFinite(total.item())) {
                throw TorchError.runtime("The total norm of order " + normType + " for gradients from `parameters` is "
                        + "non-finite, so it cannot be clipped. To disable this error and scale the gradients by the "
                        + "non-finite norm anyway, set `error_if_nonfinite=False`");
            }
            // 1e-6 as in PyTorch, and never a factor above 1.
            Tensor factor = Tensor.scalar(maxNorm, total.dtype()).div(total.add(1e-6)).clamp_(null, 1.0);
            for (Tensor gradient : gradients) {
                gradient.mul_(factor.to(gradient.dtype()));
            }
            return total;
        }
    }

    /** {@code clip_grad_value_}: limits each element of the gradients to [-value, value]. */
    public static void clipValue(List<Tensor> parameters, double value) {
        try (var _ = GradMode.noGrad()) {
            gradients(parameters).forEach(gradient -> gradient.clamp_(-value, value));
        }
    }

    /** The Euclidean norm of all gradients together, in double; 0 where there is none. */
    public static double norm(List<Tensor> parameters) {
        double squares = 0;
        for (int i = 0; i < parameters.size(); i++) {
            Tensor gradient = parameters.get(i).grad();
            squares += gradient == null ? 0 : gradient.squares();
        }
        return Math.sqrt(squares);
    }

    /**
     * A gradient penalty: adds to the gradients what comes of {@code weight} times the sum of the squares of the loss's
     * gradients, as {@code grad(loss, parameters, create_graph=True)} and a backward of its own give it. The loss's
     * graph stays.
     *
     * @param parameters which require gradients; those that the loss does not depend on count as 0
     * @return the penalty
     * @throws TorchError where the gradients do not depend on any parameter
     */
    public static Tensor penalty(Tensor loss, List<Tensor> parameters, double weight) {
        List<Tensor> gradients = Autograd.grad(List.of(loss), parameters, null, true, true, true, false);
        Tensor sum = null;
        for (Tensor gradient : gradients) {
            if (gradient != null) {
                Tensor squares = gradient.square().sum();
                sum = sum == null ? squares : sum.add(squares);
            }
        }
        Tensor penalty = sum == null ? Tensor.scalar(0) : sum.mul(weight);
        penalty.backward(null, true, false);
        return penalty;
    }

    /** Gradient descent by hand, under {@code no_grad}: {@code p -= lr * p.grad} for each that has a gradient. */
    public static void descend(List<Tensor> parameters, double lr) {
        try (var _ = GradMode.noGrad()) {
            for (int i = 0; i < parameters.size(); i++) {
                Tensor parameter = parameters.get(i);
                if (parameter.grad() != null) {
                    parameter.sub_(parameter.grad().mul(lr));
                }
            }
        }
    }

    private static List<Tensor> gradients(List<Tensor> parameters) {
        List<Tensor> gradients = new ArrayList<>();
        for (Tensor parameter : parameters) {
            if (parameter.grad() != null) {
                gradients.add(parameter.grad());
            }
        }
        return gradients;
    }

    /** {@code parameters_to_vector}: all elements one after another. */
    public static Tensor toVector(List<Tensor> parameters) {
        return Functional.cat(parameters.stream().map(parameter -> parameter.reshape(-1)).toArray(Tensor[]::new));
    }

    /** {@code vector_to_parameters}: the reverse; the numbers are copied into the parameters' memory. */
    public static void fromVector(Tensor vector, List<Tensor> parameters) {
        int at = 0;
        try (var _ = GradMode.noGrad()) {
            for (Tensor parameter : parameters) {
                int count = parameter.numel();
                if (at + count > vector.numel()) {
                    throw TorchError.runtime("shape '" + java.util.Arrays.toString(parameter.shape())
                            + "' is invalid for input of size " + (vector.numel() - at));
                }
                parameter.copy_(vector.slice(0, at, at + count, 1).reshape(parameter.shape()));
                at += count;
            }
        }
    }
}

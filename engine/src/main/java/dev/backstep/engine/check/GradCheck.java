package dev.backstep.engine.check;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.tensor.Autograd;
import dev.backstep.engine.tensor.GradMode;
import dev.backstep.engine.tensor.Repr;
import dev.backstep.engine.tensor.Tensor;
import dev.backstep.engine.tensor.TorchError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * {@code torch.autograd.gradcheck}: the Jacobian that backward gives beside the one of central differences. Meant for
 * float64; with float32 the differences are too coarse.
 */
public final class GradCheck {
    private static final double EPS = 1e-6;
    private static final double ATOL = 1e-5;
    private static final double RTOL = 1e-3;

    private GradCheck() {
    }

    /**
     * Compares the two Jacobians of each output by each input that requires a gradient, with PyTorch's
     * {@code eps=1e-6, atol=1e-5, rtol=1e-3}. The parameters of a module that {@code f} runs may be
     * among the inputs.
     *
     * @throws TorchError naming output and input, with both Jacobians, where they differ
     */
    public static void gradcheck(Function<Tensor[], Tensor[]> f, Tensor... inputs) {
        boolean any = false;
        for (Tensor input : inputs) {
            any |= input.requiresGrad();
        }
        if (!any) {
            throw TorchError.value("gradcheck expects at least one input tensor to require gradient, but none of them "
                    + "have requires_grad=True.");
        }
        Tensor[] outputs = f.apply(inputs);
        for (int o = 0; o < outputs.length; o++) {
            if (!outputs[o].dtype().isFloat()) {
                continue;
            }
            for (int i = 0; i < inputs.length; i++) {
                if (inputs[i].requiresGrad()) {
                    compare(o, i, numerical(f, inputs, i, o), analytical(outputs[o], inputs[i]), outputs[o].numel());
                }
            }
        }
    }

    /** {@code torch.autograd.gradgradcheck}: gradcheck of the gradient, by the inputs and the incoming gradients. */
    public static void gradgradcheck(Function<Tensor[], Tensor[]> f, Tensor... inputs) {
        Tensor[] outputs = f.apply(inputs);
        List<Tensor> all = new ArrayList<>(Arrays.asList(inputs));
        for (Tensor output : outputs) {
            all.add(direction(output).requiresGrad(output.requiresGrad()));
        }
        gradcheck(given -> {
            Tensor[] in = Arrays.copyOf(given, inputs.length);
            Tensor[] out = f.apply(in);
            List<Tensor> roots = new ArrayList<>();
            List<Tensor> seeds = new ArrayList<>();
            for (int o = 0; o < out.length; o++) {
                if (out[o].requiresGrad()) {
                    roots.add(out[o]);
                    seeds.add(given[inputs.length + o]);
                }
            }
            List<Tensor> wanted = new ArrayList<>();
            for (Tensor tensor : in) {
                if (tensor.requiresGrad()) {
                    wanted.add(tensor);
                }
            }
            return Autograd.grad(roots, wanted, seeds, null, true, true, true).toArray(Tensor[]::new);
        }, all.toArray(Tensor[]::new));
    }

    /** Numbers of the output's shape that treat no two elements alike. */
    private static Tensor direction(Tensor output) {
        double[] values = new double[output.numel()];
        for (int k = 0; k < values.length; k++) {
            values[k] = Math.cos(1 + 1.7 * k);
        }
        return Tensor.of(values, output.shape(), output.dtype().isFloat() ? output.dtype() : DType.FLOAT64);
    }

    /** Rows by input element, columns by output element. */
    private static double[][] numerical(Function<Tensor[], Tensor[]> f, Tensor[] inputs, int i, int o) {
        double[] at = inputs[i].toDoubles();
        double[][] jacobian = new double[at.length][];
        for (int k = 0; k < at.length; k++) {
            double[] above = moved(f, inputs, i, o, at, k, EPS);
            double[] below = moved(f, inputs, i, o, at, k, -EPS);
            double[] row = new double[above.length];
            for (int j = 0; j < row.length; j++) {
                row[j] = (above[j] - below[j]) / (2 * EPS);
            }
            jacobian[k] = row;
        }
        return jacobian;
    }

    /** Moves the element where it is, as PyTorch does: a function may read its inputs elsewhere, say in a module. */
    private static double[] moved(Function<Tensor[], Tensor[]> f, Tensor[] inputs, int i, int o, double[] at, int k,
            double by) {
        double[] values = at.clone();
        values[k] += by;
        // A gradient as output needs recording inside; its value is all that counts here.
        try (var _ = GradMode.enableGrad()) {
            write(values, inputs[i]);
            return f.apply(inputs)[o].toDoubles();
        } finally {
            write(at, inputs[i]);
        }
    }

    private static void write(double[] values, Tensor tensor) {
        tensor.data().copy_(Tensor.of(values, tensor.shape(), tensor.dtype()));
    }

    private static double[][] analytical(Tensor output, Tensor input) {
        int outputs = output.numel();
        double[][] jacobian = new double[input.numel()][outputs];
        if (!output.requiresGrad()) {
            return jacobian;
        }
        for (int j = 0; j < outputs; j++) {
            double[] one = new double[outputs];
            one[j] = 1;
            Tensor seed = Tensor.of(one, output.shape(), output.dtype());
            Tensor gradient = Autograd.grad(List.of(output), List.of(input), List.of(seed), true, false, true, true)
                    .get(0);
            double[] column = gradient.toDoubles();
            for (int k = 0; k < column.length; k++) {
                jacobian[k][j] = column[k];
            }
        }
        return jacobian;
    }

    private static void compare(int output, int input, double[][] numerical, double[][] analytical, int columns) {
        for (int k = 0; k < numerical.length; k++) {
            for (int j = 0; j < columns; j++) {
                double n = numerical[k][j];
                double a = analytical[k][j];
                // torch.allclose(analytical, numerical): the tolerance is relative to the numerical one.
                if (!(Math.abs(a - n) <= ATOL + RTOL * Math.abs(n)) && a != n) {
                    throw TorchError.runtime("Jacobian mismatch for output " + output + " with respect to input "
                            + input + ",\nnumerical:" + text(numerical, columns) + "\nanalytical:"
                            + text(analytical, columns) + "\n");
                }
            }
        }
    }

    private static String text(double[][] jacobian, int columns) {
        double[] flat = new double[jacobian.length * columns];
        for (int k = 0; k < jacobian.length; k++) {
            System.arraycopy(jacobian[k], 0, flat, k * columns, columns);
        }
        return Repr.of(Tensor.of(flat, new int[] {jacobian.length, columns}, DType.FLOAT64));
    }
}

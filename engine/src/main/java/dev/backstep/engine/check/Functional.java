package dev.backstep.engine.check;

import dev.backstep.engine.tensor.Autograd;
import dev.backstep.engine.tensor.GradMode;
import dev.backstep.engine.tensor.Tensor;
import dev.backstep.engine.tensor.TorchError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * {@code torch.autograd.functional}: derivatives of a function of tensors at a point. The inputs stand for themselves
 * only: the function gets copies that require gradients. {@code strict} refuses where an output does not depend on an
 * input, which is otherwise a derivative of zeros; {@code createGraph} makes the results differentiable by the inputs.
 * It stands beside {@link GradCheck}, which measures the same matrices, and needs no more than the public autograd.
 */
public final class Functional {
    /** What a function gave, and the product of its derivative: one for each input or each output. */
    public record Product(Tensor[] outputs, Tensor[] product) {
    }

    /** Which derivative is filled with zeros, by PyTorch's names. */
    private enum Stage { BACK, BACK_TRICK, DOUBLE_BACK_TRICK }

    private Functional() {
    }

    /**
     * {@code jacobian}: entry {@code [o][i]} is the derivative of output o by input i, of the output's shape
     * followed by the input's.
     */
    public static Tensor[][] jacobian(Function<Tensor[], Tensor[]> f, boolean createGraph, boolean strict,
            Tensor... inputs) {
        try (var _ = GradMode.enableGrad()) {
            Tensor[] in = prepare(inputs, createGraph);
            Tensor[] out = f.apply(in);
            check(out, strict);
            Tensor[][] jacobian = new Tensor[out.length][in.length];
            for (int o = 0; o < out.length; o++) {
                jacobian[o] = jacobian(out[o], o, in, createGraph, strict);
            }
            return createGraph ? jacobian : detached(jacobian);
        }
    }

    private static Tensor[] jacobian(Tensor output, int o, Tensor[] in, boolean createGraph, boolean strict) {
        int rows = output.numel();
        Tensor[][] grads = new Tensor[in.length][rows];
        Tensor flat = output.reshape(rows);
        for (int r = 0; r < rows; r++) {
            Tensor[] row = grads(new Tensor[] {flat.select(0, r)}, in, null, createGraph);
            for (int i = 0; i < in.length; i++) {
                if (row[i] == null && strict) {
                    throw TorchError.runtime("Output " + o + " of the user-provided function is independent of input "
                            + i + ". This is not allowed in strict mode.");
                }
                if (strict && createGraph && !row[i].requiresGrad()) {
                    throw TorchError.runtime("The jacobian of the user-provided function is independent of input " + i
                            + ". This is not allowed in strict mode when create_graph=True.");
                }
                grads[i][r] = zerosIfNone(row[i], in[i]);
            }
        }
        Tensor[] result = new Tensor[in.length];
        for (int i = 0; i < in.length; i++) {
            int[] shape = concat(output.shape(), in[i].shape());
            result[i] = rows == 0 ? Tensor.zeros(shape, output.dtype()) : stack(grads[i]).reshape(shape);
        }
        return result;
    }

    /**
     * {@code hessian} of a function that gives one number: entry {@code [i][j]} is its second derivative by inputs i
     * and j, of their shapes one after the other.
     */
    public static Tensor[][] hessian(Function<Tensor[], Tensor> f, boolean createGraph, boolean strict,
            Tensor... inputs) {
        Function<Tensor[], Tensor[]> gradient = in -> {
            Tensor out = single(f.apply(in), "hessian");
            Tensor[] grads = grads(new Tensor[] {out}, in, null, true);
            for (int i = 0; i < in.length; i++) {
                grads[i] = zerosIfNone(grads[i], in[i]);
                if (strict && !grads[i].requiresGrad()) {
                    throw linear(i);
                }
            }
            return grads;
        };
        return jacobian(gradient, createGraph, strict, inputs);
    }

    /**
     * {@code vjp}: the vector {@code v} times the Jacobian.
     *
     * @param v one for each output, of its shape; null where there is one output of one element
     */
    public static Product vjp(Function<Tensor[], Tensor[]> f, Tensor[] v, boolean createGraph, boolean strict,
            Tensor... inputs) {
        try (var _ = GradMode.enableGrad()) {
            Tensor[] in = prepare(inputs, createGraph);
            Tensor[] out = f.apply(in);
            check(out, strict);
            checkVector(v, out, "the user-provided function returns");
            Tensor[] grads = grads(out, in, v, createGraph);
            return product(out, fill(grads, in, createGraph, strict, Stage.BACK), createGraph);
        }
    }

    /**
     * {@code jvp}: the Jacobian times the vector {@code v}, by differentiating the vjp, which is linear in its vector.
     *
     * @param v one for each input, of its shape; null where there is one input of one element
     */
    public static Product jvp(Function<Tensor[], Tensor[]> f, Tensor[] v, boolean createGraph, boolean strict,
            Tensor... inputs) {
        try (var _ = GradMode.enableGrad()) {
            Tensor[] in = prepare(inputs, createGraph);
            checkVector(v, in, "the input to the user-provided function is");
            Tensor[] out = f.apply(in);
            check(out, strict);
            Tensor[] dummies = new Tensor[out.length];
            for (int o = 0; o < out.length; o++) {
                dummies[o] = Tensor.zeros(out[o].shape(), out[o].dtype()).requiresGrad(true);
            }
            Tensor[] grads = grads(out, in, dummies, true);
            for (int i = 0; i < in.length && strict; i++) {
                if (grads[i] == null) {
                    throw unused(i);
                }
                if (!grads[i].requiresGrad()) {
                    throw TorchError.runtime("The gradient with respect to input " + i + " is independent of the "
                            + "inputs of the user-provided function. This is not allowed in strict mode.");
                }
            }
            Tensor[] seeds = v == null ? null : present(v, grads);
            Tensor[] products = grads(present(grads, grads), dummies, seeds, createGraph);
            return product(out, fill(products, dummies, createGraph, strict, Stage.BACK_TRICK), createGraph);
        }
    }

    /**
     * {@code hvp}: the Hessian of a function that gives one number, times the vector {@code v}.
     *
     * @param v one for each input, of its shape; null where there is one input of one element
     */
    public static Product hvp(Function<Tensor[], Tensor> f, Tensor[] v, boolean createGraph, boolean strict,
            Tensor... inputs) {
        try (var _ = GradMode.enableGrad()) {
            Tensor[] in = prepare(inputs, createGraph);
            checkVector(v, in, "the input to the user-provided function is");
            Tensor out = single(f.apply(in), "hvp");
            check(new Tensor[] {out}, strict);
            Tensor[] jacobian = grads(new Tensor[] {out}, in, null, true);
            for (int i = 0; i < in.length && strict; i++) {
                if (jacobian[i] == null) {
                    throw unused(i);
                }
                if (!jacobian[i].requiresGrad()) {
                    throw linear(i);
                }
            }
            // The Hessian is symmetric: its product with v is the derivative of the gradient's product with v.
            Tensor[] grads = grads(present(jacobian, jacobian), in, v == null ? null : present(v, jacobian),
                    createGraph);
            return product(new Tensor[] {out}, fill(grads, in, createGraph, strict, Stage.DOUBLE_BACK_TRICK),
                    createGraph);
        }
    }

    private static Tensor[] prepare(Tensor[] inputs, boolean createGraph) {
        Tensor[] in = new Tensor[inputs.length];
        for (int i = 0; i < in.length; i++) {
            in[i] = createGraph && inputs[i].requiresGrad() ? inputs[i].viewAs(inputs[i].shape())
                    : inputs[i].detach().requiresGrad(true);
        }
        return in;
    }

    private static void check(Tensor[] outputs, boolean strict) {
        for (int o = 0; o < outputs.length && strict; o++) {
            if (!outputs[o].requiresGrad()) {
                throw TorchError.runtime("Output " + o + " of the user-provided function does not require gradients. "
                        + "The outputs must be computed in a differentiable manner from the input when running in "
                        + "strict mode.");
            }
        }
    }

    private static void checkVector(Tensor[] v, Tensor[] like, String what) {
        if (v == null) {
            if (like.length != 1 || like[0].numel() != 1) {
                throw TorchError.runtime("The vector v can only be None if " + what
                        + " a single Tensor with a single element.");
            }
            return;
        }
        if (v.length != like.length) {
            throw TorchError.runtime("v is a tuple of invalid length: should be " + like.length + " but got " + v.length
                    + ".");
        }
        for (int i = 0; i < v.length; i++) {
            if (!Arrays.equals(v[i].shape(), like[i].shape())) {
                throw TorchError.runtime((v.length > 1 ? "Entry " + i + " in v" : "v") + " has invalid size: should be "
                        + size(like[i]) + " but got " + size(v[i]) + ".");
            }
        }
    }

    private static String size(Tensor tensor) {
        return "torch.Size(" + Arrays.toString(tensor.shape()) + ")";
    }

    private static Tensor single(Tensor out, String caller) {
        if (out.numel() != 1) {
            throw TorchError.runtime("The Tensor returned by the function given to " + caller
                    + " should contain a single element");
        }
        return out.dim() == 0 ? out : out.reshape();
    }

    private static TorchError linear(int input) {
        return TorchError.runtime("While computing the hessian, found that the jacobian of the user-provided function "
                + "with respect to input " + input + " is independent of the input. This is not allowed in strict mode."
                + " You should ensure that your function is twice differentiable and that the jacobian depends on the "
                + "inputs (this would be violated by a linear function for example).");
    }

    /** Gradients of the outputs that require one; null where an input was not used. */
    private static Tensor[] grads(Tensor[] outputs, Tensor[] inputs, Tensor[] seeds, boolean createGraph) {
        List<Tensor> roots = new ArrayList<>();
        List<Tensor> starts = new ArrayList<>();
        for (int o = 0; o < outputs.length; o++) {
            if (outputs[o].requiresGrad()) {
                roots.add(outputs[o]);
                starts.add(seeds == null ? null : seeds[o]);
            }
        }
        return roots.isEmpty() ? new Tensor[inputs.length]
                : Autograd.grad(roots, List.of(inputs), starts, true, createGraph, true, false)
                        .toArray(Tensor[]::new);
    }

    /** Those of {@code tensors} whose partner in {@code where} is there. */
    private static Tensor[] present(Tensor[] tensors, Tensor[] where) {
        List<Tensor> present = new ArrayList<>();
        for (int i = 0; i < tensors.length; i++) {
            if (where[i] != null) {
                present.add(tensors[i]);
            }
        }
        return present.toArray(Tensor[]::new);
    }

    /** Zeros for what is missing, or the refusal of strict mode. */
    private static Tensor[] fill(Tensor[] grads, Tensor[] like, boolean createGraph, boolean strict, Stage stage) {
        Tensor[] filled = new Tensor[like.length];
        for (int i = 0; i < like.length; i++) {
            if (strict && grads[i] == null) {
                throw switch (stage) {
                    case BACK -> unused(i);
                    case BACK_TRICK -> TorchError.runtime("The gradient with respect to the input is independent of "
                            + "entry " + i + " in the grad_outputs when using the double backward trick to compute "
                            + "forward mode gradients. This is not allowed in strict mode.");
                    case DOUBLE_BACK_TRICK -> TorchError.runtime("The hessian of the user-provided function is "
                            + "independent of entry " + i + " in the grad_jacobian. This is not allowed in strict mode "
                            + "as it prevents from using the double backward trick to replace forward mode AD.");
                };
            }
            if (strict && createGraph && !grads[i].requiresGrad()) {
                throw TorchError.runtime("The " + (stage == Stage.DOUBLE_BACK_TRICK ? "hessian" : "jacobian")
                        + " of the user-provided function is independent of input " + i
                        + ". This is not allowed in strict mode when create_graph=True.");
            }
            filled[i] = zerosIfNone(grads[i], like[i]);
        }
        return filled;
    }

    private static TorchError unused(int input) {
        return TorchError.runtime("The output of the user-provided function is independent of input " + input
                + ". This is not allowed in strict mode.");
    }

    private static Tensor zerosIfNone(Tensor gradient, Tensor input) {
        return gradient != null ? gradient : Tensor.zeros(input.shape(), input.dtype());
    }

    private static Product product(Tensor[] outputs, Tensor[] product, boolean createGraph) {
        return createGraph ? new Product(outputs, product)
                : new Product(detached(new Tensor[][] {outputs})[0], detached(new Tensor[][] {product})[0]);
    }

    private static Tensor[][] detached(Tensor[][] tensors) {
        Tensor[][] result = new Tensor[tensors.length][];
        for (int i = 0; i < result.length; i++) {
            result[i] = Arrays.stream(tensors[i]).map(Tensor::detach).toArray(Tensor[]::new);
        }
        return result;
    }

    private static Tensor stack(Tensor[] rows) {
        return Tensor.stack(0, rows);
    }

    private static int[] concat(int[] a, int[] b) {
        int[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }
}

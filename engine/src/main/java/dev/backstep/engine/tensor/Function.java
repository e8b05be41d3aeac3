package dev.backstep.engine.tensor;

import java.util.Arrays;

/**
 * {@code torch.autograd.Function}: an op with a derivative of its own. {@link #forward} computes unrecorded; in
 * backward the node {@code <name>Backward} calls {@link #backward}, which is differentiable again where it is made of
 * differentiable ops.
 *
 * <pre>{@code
 * Function exp = new Function("Exp") {
 *     protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
 *         Tensor result = in[0].exp();
 *         ctx.saveForBackward(result);
 *         return new Tensor[] {result};
 *     }
 *
 *     protected Tensor[] backward(FunctionContext ctx, Tensor... gradients) {
 *         return new Tensor[] {gradients[0].mul(ctx.savedTensors()[0])};
 *     }
 * };
 * Tensor y = exp.call(x);
 * }</pre>
 */
public abstract class Function {
    private final String name;

    /** @param name what Python's class would be called */
    protected Function(String name) {
        this.name = name;
    }

    public final String name() {
        return name;
    }

    /**
     * Computes the outputs.
     *
     * @param in what {@link #apply} was given; null stands for an argument of Python's that is no tensor
     */
    protected abstract Tensor[] forward(FunctionContext ctx, Tensor... in);

    /**
     * Gives the gradients of the inputs, one for each, null for none.
     *
     * @param gradients of the outputs; zeros where none arrived, or null after
     *         {@link FunctionContext#setMaterializeGrads}
     */
    protected abstract Tensor[] backward(FunctionContext ctx, Tensor... gradients);

    /** The first output. */
    public final Tensor call(Tensor... in) {
        return apply(in)[0];
    }

    /**
     * Computes the outputs and records the call where an input needs a gradient and recording is on.
     *
     * @throws TorchError where an input was changed in a way that autograd cannot follow
     */
    public final Tensor[] apply(Tensor... in) {
        ThreadState state = ThreadState.get();
        boolean recorded = false;
        boolean[] needs = new boolean[in.length];
        for (int k = 0; k < in.length; k++) {
            needs[k] = in[k] != null && in[k].requiresGrad();
            recorded |= needs[k] && state.gradEnabled;
        }
        FunctionContext ctx = new FunctionContext(needs);
        Tensor[] out;
        try (var _ = GradMode.noGrad()) {
            out = forward(ctx, in.clone()).clone();
        }
        ctx.checkDirty(out);
        FunctionNode node = recorded ? new FunctionNode(state, this, ctx, in, Op.metas(out)) : null;
        int differentiable = 0;
        for (int i = 0; i < out.length; i++) {
            boolean isInput = holds(in, out[i]);
            boolean isDirty = ctx.isDirty(out[i]);
            boolean isDifferentiable = node != null && !ctx.isNonDifferentiable(out[i]) && out[i].dtype().isFloat();
            differentiable += isDifferentiable ? 1 : 0;
            if (!isDifferentiable) {
                out[i] = isInput && out[i].requiresGrad() ? out[i].detach() : out[i];
            } else if (isDirty) {
                written(state, node, out[i], i, out.length);
            } else {
                out[i] = isInput ? out[i].alias() : out[i];
                out[i].madeBy(node, i);
            }
            if (!(isInput && isDirty) && out[i].viewInfo() != null) {
                out[i].remade(ViewInfo.Made.IN_FUNCTION);
            }
        }
        for (Tensor tensor : out) {
            if (differentiable > 1 && tensor.viewInfo() != null) {
                tensor.remade(ViewInfo.Made.MULTI_OUTPUT);
            }
        }
        if (node != null) {
            ctx.keep(node);
        }
        return out;
    }

    private static void written(ThreadState state, FunctionNode node, Tensor tensor, int nr, int outputs) {
        if (tensor.requiresGrad() && !tensor.isInside()) {
            throw TorchError.runtime("a leaf Variable that requires grad has been used in an in-place operation.");
        }
        if (tensor.viewInfo() != null && outputs > 1) {
            throw TorchError.runtime("If your Function modifies inplace an input that is a view of another Tensor, "
                    + "your Function cannot return more than one Tensor. This is not supported by the current autograd "
                    + "engine. You should either make sure the input is not a view (using .clone() for example) or "
                    + "make your Function only return one Tensor (potentially splitting it into two Functions: one "
                    + "doing the inplace that returns a single Tensor and a second one that does the other "
                    + "operations). You can ask on the forum https://discuss.pytorch.org/ if you need help to do this "
                    + "change.");
        }
        InPlace.rebase(state, tensor, node, nr);
    }

    static boolean holds(Tensor[] tensors, Tensor one) {
        return Arrays.stream(tensors).anyMatch(tensor -> tensor == one);
    }
}

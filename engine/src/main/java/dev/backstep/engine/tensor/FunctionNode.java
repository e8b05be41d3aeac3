package dev.backstep.engine.tensor;

import dev.backstep.engine.backend.DType;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** The backward node of one call of a {@link Function}. */
final class FunctionNode extends Node {
    private final Function function;
    private final FunctionContext ctx;
    /** Which arguments are tensors; the others have no edge. */
    private final boolean[] isTensor;
    private final Meta[] outputs;

    FunctionNode(ThreadState state, Function function, FunctionContext ctx, Tensor[] in, Meta[] outputs) {
        super(state, Arrays.stream(in).filter(Objects::nonNull).toArray(Tensor[]::new));
        this.function = function;
        this.ctx = ctx;
        this.outputs = outputs;
        isTensor = new boolean[in.length];
        for (int k = 0; k < in.length; k++) {
            isTensor[k] = in[k] != null;
        }
    }

    @Override
    public String name() {
        return function.name() + "Backward";
    }

    @Override
    public int outputs() {
        return outputs.length;
    }

    @Override
    int[] outputShape(int nr) {
        return outputs[nr].shape();
    }

    @Override
    DType outputType(int nr) {
        return outputs[nr].dtype();
    }

    @Override
    Tensor[] apply(ThreadState state, Tensor[] gradients) {
        Tensor[] incoming = gradients.clone();
        for (int i = 0; i < incoming.length && ctx.materializes(); i++) {
            incoming[i] = incoming[i] == null ? Tensor.zeros(outputs[i].shape(), outputs[i].dtype()) : incoming[i];
        }
        Tensor[] given = function.backward(ctx, incoming);
        // Python's single None
        Tensor[] results = given == null ? new Tensor[1] : given;
        int count = results.length;
        while (count > isTensor.length && results[count - 1] == null) {
            count--;
        }
        if (count != isTensor.length) {
            throw TorchError.runtime("function " + name() + " returned an incorrect number of gradients (expected "
                    + isTensor.length + ", got " + results.length + ")");
        }
        Tensor[] compact = new Tensor[inputCount()];
        int at = 0;
        for (int k = 0; k < isTensor.length; k++) {
            if (isTensor[k]) {
                // A gradient that nobody wants goes nowhere.
                compact[at] = next(at) == null ? null : results[k];
                at++;
            } else if (results[k] != null) {
                throw TorchError.runtime("function " + name() + " returned a gradient different than None at position "
                        + (k + 1) + ", but the corresponding forward input was not a Variable");
            }
        }
        return compact;
    }

    @Override
    public List<SavedTensor> saved() {
        return ctx.kept();
    }

    @Override
    public boolean isFreed() {
        return ctx.isFreed();
    }

    @Override
    void release() {
        ctx.free();
    }
}

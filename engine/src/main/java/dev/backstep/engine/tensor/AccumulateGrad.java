package dev.backstep.engine.tensor;

import dev.backstep.engine.backend.DType;

/** The end of the backward graph at a leaf: adds what arrives to the leaf's {@code .grad}. */
public final class AccumulateGrad extends Node {
    private static final Tensor[] NONE = {};

    private final Tensor variable;

    AccumulateGrad(Tensor variable) {
        super(ThreadState.get());
        this.variable = variable;
    }

    /** The leaf. */
    public Tensor variable() {
        return variable;
    }

    @Override
    public String name() {
        return "AccumulateGrad";
    }

    @Override
    public int outputs() {
        return 1;
    }

    @Override
    int[] outputShape(int nr) {
        return variable.view().shape();
    }

    @Override
    DType outputType(int nr) {
        return variable.dtype();
    }

    @Override
    Tensor[] apply(ThreadState state, Tensor[] gradients) {
        if (gradients[0] == null) {
            return NONE;
        }
        if (variable.isInside()) {
            throw TorchError.runtime("leaf variable has been moved into the graph interior");
        }
        if (variable.requiresGrad()) {
            variable.accumulate(gradients[0]);
        }
        return NONE;
    }
}

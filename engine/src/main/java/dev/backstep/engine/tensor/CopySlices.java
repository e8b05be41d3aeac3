package dev.backstep.engine.tensor;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.View;
import java.util.List;

/**
 * The backward node of a base whose part was written in place through a view. The gradient of the part goes through the
 * op that wrote, that of the rest on to what the base was before.
 */
final class CopySlices extends Node {
    private final Meta base;
    private final int[] strides;
    private final int offset;
    private final View part;
    private final Node wrote;
    private boolean freed;

    /** @param wrote the node of the in-place op on the view, whose first edge gives way to the base's */
    CopySlices(ThreadState state, Tensor base, View part, Node wrote) {
        super(state, base.edge(), wrote);
        this.base = base.meta();
        this.strides = base.view().strides();
        this.offset = base.view().offset();
        this.part = part;
        this.wrote = wrote;
    }

    @Override
    public String name() {
        return "CopySlices";
    }

    @Override
    String fullName() {
        return "torch::autograd::" + name();
    }

    @Override
    boolean hasDerivative(int k) {
        return wrote.hasDerivative(k);
    }

    @Override
    public int outputs() {
        return 1;
    }

    @Override
    int[] outputShape(int nr) {
        return base.shape();
    }

    @Override
    DType outputType(int nr) {
        return base.dtype();
    }

    @Override
    Tensor[] apply(ThreadState state, Tensor[] gradients) {
        if (gradients[0] == null) {
            return new Tensor[inputCount()];
        }
        if (freed) {
            throw Unpack.freed();
        }
        Tensor whole = AsStrided.zeros(base.dtype(), base.shape(), strides).copy_(gradients[0]);
        Tensor slice = AsStrided.part(whole, part, offset);
        Tensor[] results = wrote.apply(state, new Tensor[] {slice.copy()});
        if (next(0) != null) {
            if (results[0] == null) {
                slice.zero_();
            } else {
                slice.copy_(results[0]);
            }
            results[0] = whole;
        }
        return results;
    }

    @Override
    public List<SavedTensor> saved() {
        return wrote.saved();
    }

    @Override
    public boolean isFreed() {
        return wrote.isFreed();
    }

    @Override
    void release() {
        freed = true;
        wrote.release();
    }
}

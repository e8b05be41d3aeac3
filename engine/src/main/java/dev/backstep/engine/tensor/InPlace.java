package dev.backstep.engine.tensor;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import java.util.Arrays;

/** Ops that write their result into their first input, and what autograd asks of that. */
final class InPlace {
    private InPlace() {
    }

    /** Runs an elementwise op into {@code self}: the memory is written, the version counts up, history goes on. */
    static Tensor apply(Op op, Attrs given, Tensor self, Tensor... others) {
        Attrs attrs = op.complete(given);
        ThreadState state = ThreadState.get();
        boolean recorded = state.gradEnabled && self.requiresGrad();
        refuseLeaf(state, self);
        Tensor[] in = new Tensor[others.length + 1];
        in[0] = self;
        System.arraycopy(others, 0, in, 1, others.length);
        for (Tensor other : others) {
            recorded |= state.gradEnabled && other.requiresGrad();
        }
        Tensor result = op.compute(state, attrs, in)[0];
        if (!castable(result.dtype(), self.dtype())) {
            throw TorchError.runtime("result type " + result.dtype().scalarName()
                    + " can't be cast to the desired output type " + self.dtype().scalarName());
        }
        if (!Arrays.equals(result.view().shape(), self.view().shape())) {
            throw TorchError.runtime("output with shape " + Arrays.toString(self.view().shape())
                    + " doesn't match the broadcast shape " + Arrays.toString(result.view().shape()));
        }
        if (!recorded) {
            self.write(result.view());
            self.view().buffer().bump();
            return self;
        }
        Tensor[] out = {self};
        OpNode node = op.node(state, attrs, in, out);
        Tensor[] kept = in.clone();
        if (node.reads(0)) {
            // The derivative needs the numbers that are about to be overwritten.
            kept[0] = self.copy();
        }
        self.write(result.view());
        self.view().buffer().bump();
        self.madeBy(node, 0);
        node.save(kept, out);
        return self;
    }

    static Tensor fill(Tensor self, double value) {
        return put(self, Tensor.scalar(value, self.dtype()), value == 0 ? Movement.ZERO : Movement.FILL);
    }

    static Tensor copy(Tensor self, Tensor source) {
        if (!Arrays.equals(Shapes.broadcast(self.view().shape(), source.view().shape()), self.view().shape())) {
            throw TorchError.runtime("output with shape " + Arrays.toString(self.view().shape())
                    + " doesn't match the broadcast shape "
                    + Arrays.toString(Shapes.broadcast(self.view().shape(), source.view().shape())));
        }
        return put(self, source, Movement.COPY);
    }

    private static Tensor put(Tensor self, Tensor source, Op op) {
        ThreadState state = ThreadState.get();
        refuseLeaf(state, self);
        boolean recorded = state.gradEnabled && (self.requiresGrad() || source.requiresGrad());
        Tensor[] in = {self, source};
        OpNode node = recorded ? op.node(state, Attrs.NONE, in, new Tensor[] {self}) : null;
        self.write(source.view().expand(self.view().shape()));
        self.view().buffer().bump();
        if (recorded) {
            self.madeBy(node, 0);
        }
        return self;
    }

    private static boolean castable(DType from, DType to) {
        return !(from.isFloat() && !to.isFloat()) && !(from != DType.BOOL && to == DType.BOOL);
    }

    private static void refuseLeaf(ThreadState state, Tensor self) {
        if (!state.gradEnabled) {
            return;
        }
        if (self.isLeaf() && self.requiresGrad()) {
            throw TorchError.runtime("a leaf Variable that requires grad is being used in an in-place operation.");
        }
        Tensor base = self.base();
        if (base != null && base.isLeaf() && base.requiresGrad() && self.gradFn() != null) {
            throw TorchError.runtime("a view of a leaf Variable that requires grad is being used in an in-place "
                    + "operation.");
        }
    }
}

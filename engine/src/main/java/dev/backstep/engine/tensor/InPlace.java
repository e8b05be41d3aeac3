package dev.backstep.engine.tensor;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.View;
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
        Tensor[] in = new Tensor[others.length + 1];
        in[0] = self;
        System.arraycopy(others, 0, in, 1, others.length);
        for (Tensor other : others) {
            recorded |= state.gradEnabled && other.requiresGrad();
        }
        if (recorded) {
            check(self);
        }
        op.checkTypes(attrs, in);
        checkOverlap(self, others);
        Tensor result = op.compute(state, attrs, in)[0];
        checkShape(result.view().shape(), self.view().shape());
        checkType(result.dtype(), self.dtype());
        if (!recorded) {
            self.write(result.view());
            self.view().buffer().bump(state.scope);
            return self;
        }
        Tensor[] out = {self};
        OpNode node = op.node(state, attrs, in, out);
        Tensor[] kept = in.clone();
        if (node.saves(0)) {
            // The derivative needs the numbers that are about to be overwritten.
            kept[0] = self.copy();
        }
        // An input that shares the memory is kept as it was, so that backward finds it changed.
        node.save(kept, out);
        self.write(result.view());
        self.view().buffer().bump(state.scope);
        rebase(state, self, node, 0);
        node.saveOutputs(out);
        return self;
    }

    static Tensor zero(Tensor self) {
        return put(self, Tensor.scalar(0, self.dtype()), Movement.ZERO);
    }

    static Tensor fill(Tensor self, double value) {
        return put(self, Tensor.scalar(value, self.dtype()), Movement.FILL);
    }

    static Tensor copy(Tensor self, Tensor source) {
        if (ThreadState.get().gradEnabled && self.dtype().isFloat()
                && (self.requiresGrad() || source.requiresGrad())) {
            check(self);
        }
        if (!areSame(self.view(), source.view())) {
            checkOverlap(self, source);
        }
        checkShape(Shapes.broadcast(self.view().shape(), source.view().shape()), self.view().shape());
        return put(self, source, Movement.COPY);
    }

    /** Whether two views are the same elements in the same order, so that a copy changes nothing. */
    private static boolean areSame(View a, View b) {
        return a.buffer() == b.buffer() && a.offset() == b.offset() && Arrays.equals(a.shape(), b.shape())
                && Arrays.equals(a.strides(), b.strides());
    }

    private static Tensor put(Tensor self, Tensor source, Op op) {
        ThreadState state = ThreadState.get();
        boolean recorded = state.gradEnabled && self.dtype().isFloat()
                && (self.requiresGrad() || source.requiresGrad());
        if (recorded) {
            check(self);
        }
        Tensor[] in = {self, source};
        OpNode node = recorded ? op.node(state, Attrs.NONE, in, new Tensor[] {self}) : null;
        self.write(source.view().expand(self.view().shape()));
        self.view().buffer().bump(state.scope);
        if (recorded) {
            rebase(state, self, node, 0);
        }
        return self;
    }

    /** Refuses a result that does not have the shape of what it is written to. */
    static void checkShape(int[] result, int[] self) {
        if (!Arrays.equals(result, self)) {
            throw TorchError.runtime("output with shape " + Arrays.toString(self)
                    + " doesn't match the broadcast shape " + Arrays.toString(result));
        }
    }

    /** Refuses a result whose kind of number what it is written to cannot hold. */
    static void checkType(DType result, DType self) {
        if (result.isFloat() && !self.isFloat() || result != DType.BOOL && self == DType.BOOL) {
            throw TorchError.runtime("result type " + result.scalarName()
                    + " can't be cast to the desired output type " + self.scalarName());
        }
    }

    /** Refuses what autograd cannot follow. */
    private static void check(Tensor self) {
        ViewInfo view = self.viewInfo();
        if (view != null) {
            view.check(self, false);
            if (self.requiresGrad() && !view.base().isInside()) {
                throw TorchError.runtime("a view of a leaf Variable that requires grad is being used in an in-place "
                        + "operation.");
            }
        }
        if (self.requiresGrad() && !self.isInside()) {
            throw TorchError.runtime("a leaf Variable that requires grad is being used in an in-place operation.");
        }
    }

    /** Refuses memory in which elements lie on one another, as after expand, and inputs that share a part of it. */
    private static void checkOverlap(Tensor self, Tensor... others) {
        View view = self.view();
        for (int d = 0; d < view.rank() && view.numel() > 0; d++) {
            if (view.strides()[d] == 0 && view.shape()[d] > 1) {
                throw TorchError.runtime("unsupported operation: more than one element of the written-to tensor refers "
                        + "to a single memory location. Please clone() the tensor before performing the operation.");
            }
        }
        for (Tensor other : others) {
            if (other != self && other.view().buffer().isSameMemory(view.buffer()) && sharePart(view, other.view())) {
                throw TorchError.runtime("unsupported operation: some elements of the input tensor and the written-to "
                        + "tensor refer to a single memory location. Please clone() the tensor before performing the "
                        + "operation.");
            }
        }
    }

    /** As PyTorch does it, this looks only at views without gaps. */
    private static boolean sharePart(View a, View b) {
        if (a.numel() == 0 || b.numel() == 0 || !Views.isDense(a) || !Views.isDense(b)) {
            return false;
        }
        if (a.offset() == b.offset() && a.numel() == b.numel()) {
            return !Arrays.equals(a.strides(), b.strides());
        }
        return a.offset() < b.offset() + b.numel() && b.offset() < a.offset() + a.numel();
    }

    /** Puts a node into the graph as the maker of what was written; of a view it is the base that is made anew. */
    static void rebase(ThreadState state, Tensor self, Node node, int nr) {
        ViewInfo view = self.viewInfo();
        if (view == null) {
            self.madeBy(node, nr);
            return;
        }
        view.check(self, false);
        view.base().madeBy(new CopySlices(state, view.base(), self.view(), node), 0);
        self.gradFn();
    }
}

package dev.backstep.engine.oracle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.tensor.AnomalyMode;
import dev.backstep.engine.tensor.Autograd;
import dev.backstep.engine.tensor.Backward;
import dev.backstep.engine.tensor.RemovableHandle;
import dev.backstep.engine.tensor.Step;
import dev.backstep.engine.tensor.Tape;
import dev.backstep.engine.tensor.Tensor;
import dev.backstep.engine.tensor.TorchError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.DetectAnomalyGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.TensorBase;
import org.bytedeco.pytorch.TensorTensorHook;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

/** Hooks: those of tensors beside LibTorch, those that only Python has by PyTorch's documented words. */
class HooksOracleTest {
    /** LibTorch's kind of hook. */
    private static final class TorchHook extends TensorTensorHook {
        private final UnaryOperator<org.bytedeco.pytorch.Tensor> fn;

        TorchHook(UnaryOperator<org.bytedeco.pytorch.Tensor> fn) {
            this.fn = fn;
        }

        @Override
        public TensorBase call(TensorBase gradient) {
            return fn.apply(new org.bytedeco.pytorch.Tensor(gradient));
        }
    }

    private final List<String> ours = new ArrayList<>();
    private final List<String> theirs = new ArrayList<>();
    /** Against the garbage collector, which does not see that LibTorch holds them. */
    private final List<TorchHook> held = new ArrayList<>();

    private UnaryOperator<Tensor> see(String name, double factor) {
        return g -> {
            ours.add(name + (g == null ? "None" : Arrays.toString(g.toDoubles())));
            return factor == 1 ? null : g.mul(factor);
        };
    }

    private TorchHook torchSee(String name, double factor) {
        TorchHook hook = new TorchHook(g -> {
            theirs.add(name + (g.defined() ? Arrays.toString(Torch.values(g)) : "None"));
            return factor == 1 ? new org.bytedeco.pytorch.Tensor() : g.mul(new Scalar(factor));
        });
        held.add(hook);
        return hook;
    }

    private void same(Tensor a, org.bytedeco.pytorch.Tensor b) {
        assertEquals(b.defined(), a != null);
        if (a != null) {
            assertArrayEquals(Torch.values(b), a.toDoubles());
        }
        assertEquals(theirs, ours);
    }

    @Test
    void orderAndReplacementOnLeavesAndOthers() {
        try (PointerScope _ = new PointerScope()) {
            Tensor x = Tensor.of(1, 2).requiresGrad(true);
            org.bytedeco.pytorch.Tensor tx = Torch.of(x);
            x.registerHook(see("leaf", 3));
            tx.register_hook(torchSee("leaf", 3));
            Tensor y = x.mul(2.0);
            org.bytedeco.pytorch.Tensor ty = tx.mul(new Scalar(2));
            y.retainGrad();
            ty.retain_grad();
            y.registerHook(see("first", 10));
            ty.register_hook(torchSee("first", 10));
            y.registerHook(see("second", 1));
            ty.register_hook(torchSee("second", 1));
            y.mul(y).sum().backward();
            ty.mul(ty).sum().backward();
            same(y.grad(), ty.grad());
            same(x.grad(), tx.grad());
        }
    }

    @Test
    void removedHooksAreNotCalled() {
        Tensor x = Tensor.of(1, 2).requiresGrad(true);
        Tensor y = x.mul(2.0);
        RemovableHandle handle = y.registerHook(see("gone", 7));
        y.registerHook(see("stays", 1));
        handle.remove();
        handle.remove();
        y.sum().backward();
        assertEquals(List.of("stays[1.0, 1.0]"), ours);
        assertArrayEquals(new double[] {2, 2}, x.grad().toDoubles());
    }

    @Test
    void whatGradCaptures() {
        try (PointerScope _ = new PointerScope()) {
            for (boolean alone : new boolean[] {true, false}) {
                Tensor x = Tensor.of(1, 2).requiresGrad(true);
                org.bytedeco.pytorch.Tensor tx = Torch.of(x);
                Tensor y = x.mul(2.0);
                org.bytedeco.pytorch.Tensor ty = tx.mul(new Scalar(2));
                y.registerHook(see("y", 10));
                ty.register_hook(torchSee("y", 10));
                Tensor[] wanted = alone ? new Tensor[] {y} : new Tensor[] {y, x};
                TensorVector there = alone ? new TensorVector(ty) : new TensorVector(ty, tx);
                List<Tensor> grads = Autograd.grad(y.mul(y).sum(), wanted);
                TensorVector torchGrads = torch.grad(new TensorVector(ty.mul(ty).sum()), there);
                for (int i = 0; i < wanted.length; i++) {
                    same(grads.get(i), torchGrads.get(i));
                }
            }
        }
    }

    @Test
    void writingInPlaceLeavesHooksAndTakesRetainingAlong() {
        try (PointerScope _ = new PointerScope()) {
            Tensor x = Tensor.of(1, 2).requiresGrad(true);
            org.bytedeco.pytorch.Tensor tx = Torch.of(x);
            Tensor y = x.mul(2.0);
            org.bytedeco.pytorch.Tensor ty = tx.mul(new Scalar(2));
            y.retainGrad();
            ty.retain_grad();
            y.registerHook(see("before", 1));
            ty.register_hook(torchSee("before", 1));
            y.mul_(5);
            ty.mul_(new Scalar(5));
            y.registerHook(see("after", 2));
            ty.register_hook(torchSee("after", 2));
            y.sum().backward();
            ty.sum().backward();
            same(y.grad(), ty.grad());
            same(x.grad(), tx.grad());
        }
    }

    @Test
    void anOutputWithoutGradient() {
        try (PointerScope _ = new PointerScope()) {
            Tensor x = Tensor.of(1, 2).requiresGrad(true);
            org.bytedeco.pytorch.Tensor tx = Torch.of(x);
            Tensor[] parts = x.mul(2.0).split(1, 0);
            TensorVector torchParts = tx.mul(new Scalar(2)).split(1);
            for (int i = 0; i < 2; i++) {
                parts[i].registerHook(see("part " + i, 1));
                torchParts.get(i).register_hook(torchSee("part " + i, 1));
            }
            parts[0].sum().backward();
            torchParts.get(0).sum().backward();
            same(x.grad(), tx.grad());
        }
    }

    @Test
    void refusals() {
        try (PointerScope _ = new PointerScope()) {
            refuses(g -> g.sum(), g -> g.sum());
            refuses(g -> g.to(DType.FLOAT64), g -> g.to(torch.ScalarType.Double));
        }
        Tensor plain = Tensor.of(1, 2);
        assertEquals("cannot register a hook on a tensor that doesn't require gradient",
                Torch.refusal(() -> plain.registerHook(g -> g)));
        Tensor y = Tensor.of(1, 2).requiresGrad(true).mul(2.0);
        assertEquals("post accumulate grad hooks cannot be registered on non-leaf tensors",
                Torch.refusal(() -> y.registerPostAccumulateGradHook(_ -> { })));
    }

    private void refuses(UnaryOperator<Tensor> hook, UnaryOperator<org.bytedeco.pytorch.Tensor> torchHook) {
        Tensor x = Tensor.of(1, 2).requiresGrad(true);
        org.bytedeco.pytorch.Tensor tx = Torch.of(x);
        x.registerHook("0", hook);
        held.add(new TorchHook(torchHook));
        tx.register_hook(held.getLast());
        assertEquals(Torch.refusal(() -> tx.sum().backward()), Torch.refusal(() -> x.sum().backward()));
    }

    /** PyTorch's words: hooks run in the order tensor hooks, retain_grad, prehooks, the node, its hooks. */
    @Test
    void nodeHooksSeeAndReplace() {
        Tensor x = Tensor.of(1, 2).requiresGrad(true);
        Tensor w = Tensor.of(3, 4);
        Tensor y = x.mul(w);
        y.gradFn().registerHook((in, out) -> {
            ours.add("hook " + Arrays.toString(in[0].toDoubles()) + " " + in[1] + Arrays.toString(out[0].toDoubles()));
            return new Tensor[] {in[0].mul(2.0), null};
        });
        y.gradFn().registerPrehook(out -> new Tensor[] {out[0].mul(10.0)});
        y.registerHook(see("tensor", 3));
        x.registerPostAccumulateGradHook(leaf -> {
            ours.add("accumulated " + Arrays.toString(leaf.grad().toDoubles()));
            leaf.grad(null);
        });
        Backward backward = Autograd.steps(List.of(y.sum()), null, false, false, null);
        List<Step> steps = new ArrayList<>();
        backward.forEachRemaining(steps::add);
        assertEquals(List.of("tensor[1.0, 1.0]", "hook [90.0, 120.0] null[30.0, 30.0]", "accumulated [180.0, 240.0]"),
                ours);
        assertNull(x.grad());
        Step step = steps.get(1);
        assertEquals(List.of(Step.HookCall.Kind.TENSOR, Step.HookCall.Kind.PREHOOK, Step.HookCall.Kind.NODE,
                Step.HookCall.Kind.NODE), step.hooks().stream().map(Step.HookCall::kind).toList());
        assertArrayEquals(new double[] {1, 1}, step.hooks().get(0).before().toDoubles());
        assertArrayEquals(new double[] {3, 3}, step.hooks().get(0).after().toDoubles());
        assertArrayEquals(new double[] {30, 30}, step.incoming()[0].toDoubles());
        assertArrayEquals(new double[] {90, 120}, step.raw()[0].toDoubles());
        assertArrayEquals(new double[] {180, 240}, step.outgoing()[0].toDoubles());
        Step last = steps.get(2);
        assertArrayEquals(new double[] {180, 240}, last.sums()[0].after().toDoubles());
        assertNull(last.hooks().get(0).after());
    }

    @Test
    void nodeHooksThatReturnTooLittle() {
        Tensor y = Tensor.of(1, 2).requiresGrad(true).mul(Tensor.of(3, 4));
        y.gradFn().registerHook("mine", (_, _) -> new Tensor[1]);
        assertEquals("hook 'mine' has returned an incorrect number of values (got 1, but expected 2)",
                Torch.refusal(() -> y.sum().backward()));
        Tensor z = Tensor.of(1, 2).requiresGrad(true).mul(Tensor.of(3, 4));
        z.gradFn().registerHook((in, _) -> new Tensor[] {in[0], in[0]});
        assertEquals("can't replace a None gradient with a non-None value", Torch.refusal(() -> z.sum().backward()));
    }

    @Test
    void anomalyNamesTheNodeAndItsMaker() {
        try (PointerScope _ = new PointerScope();
                AnomalyMode.Scope _ = AnomalyMode.setDetectAnomaly(true);
                DetectAnomalyGuard _ = new DetectAnomalyGuard()) {
            Tensor x = Tensor.of(0, -1).requiresGrad(true);
            org.bytedeco.pytorch.Tensor tx = Torch.of(x);
            Tensor root;
            try (var _ = Tape.scope("line 3")) {
                root = x.sqrt();
            }
            Tensor loss = root.sum();
            TorchError refusal = assertThrows(TorchError.class, loss::backward);
            assertEquals(Torch.refusal(() -> tx.sqrt().sum().backward()), refusal.getMessage());
            assertSame(root.gradFn(), refusal.node());
            assertEquals("line 3", refusal.node().scope());
            Tensor zero = Tensor.of(0, 0).requiresGrad(true);
            org.bytedeco.pytorch.Tensor torchZero = Torch.of(zero);
            assertEquals(Torch.refusal(() -> torchZero.div(torchZero).sum().backward()),
                    Torch.refusal(() -> zero.div(zero).sum().backward()));
            Tensor written = zero.exp();
            org.bytedeco.pytorch.Tensor torchWritten = torchZero.exp();
            written.add_(1);
            torchWritten.add_(new Scalar(1));
            assertEquals(Torch.refusal(() -> torchWritten.sum().backward()),
                    Torch.refusal(() -> written.sum().backward()));
        }
        assertEquals(false, AnomalyMode.isEnabled());
    }
}

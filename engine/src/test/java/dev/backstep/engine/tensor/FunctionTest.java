package dev.backstep.engine.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.check.GradCheck;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Custom functions. The texts and figures are what PyTorch 1.13.1 gave for the same classes in Python. */
class FunctionTest {
    private interface Forward {
        Tensor[] run(FunctionContext ctx, Tensor[] in);
    }

    private interface Backward {
        Tensor[] run(FunctionContext ctx, Tensor[] gradients);
    }

    private static Function function(String name, Forward forward, Backward backward) {
        return new Function(name) {
            @Override
            protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
                return forward.run(ctx, in);
            }

            @Override
            protected Tensor[] backward(FunctionContext ctx, Tensor... gradients) {
                return backward.run(ctx, gradients);
            }
        };
    }

    private static Tensor[] all(Tensor... tensors) {
        return tensors;
    }

    private static final Function MUL = function("Mul", (ctx, in) -> {
        ctx.saveForBackward(in);
        return all(in[0].mul(in[1]));
    }, (ctx, g) -> {
        Tensor[] saved = ctx.savedTensors();
        return all(g[0].mul(saved[1]), g[0].mul(saved[0]));
    });

    private static final Function EXP = function("Exp", (ctx, in) -> {
        Tensor result = in[0].exp();
        ctx.saveForBackward(result);
        return all(result);
    }, (ctx, g) -> all(g[0].mul(ctx.savedTensors()[0])));

    /** Doubles its input in place. */
    private static final Function DOUBLE = function("Double", (ctx, in) -> {
        in[0].mul_(2);
        ctx.markDirty(in[0]);
        return all(in[0]);
    }, (_, g) -> all(g[0].mul(2.0)));

    private final Tensor x = Tensor.of(1, 2, 3).requiresGrad(true);

    private static String refusal(Runnable call) {
        return assertThrows(TorchError.class, call::run).getMessage();
    }

    private static void values(Tensor tensor, double... expected) {
        assertArrayEquals(expected, tensor.toDoubles(), 1e-6);
    }

    @Test
    void nodeAndEdges() {
        Tensor y = MUL.call(x.mul(2.0), Tensor.ones(new int[] {3}, DType.FLOAT32));
        assertEquals("MulBackward", y.gradFn().name());
        assertEquals(List.of("MulBackward0", "null"),
                y.gradFn().next().stream().map(edge -> String.valueOf(edge.node())).toList());
        Tensor z = MUL.call(x, x);
        z.sum().backward();
        values(x.grad(), 2, 4, 6);
        assertNull(MUL.call(Tensor.of(1), Tensor.of(2)).gradFn());
        try (var _ = GradMode.noGrad()) {
            assertNull(MUL.call(x, x).gradFn());
        }
    }

    @Test
    void derivativesOfDerivatives() {
        Tensor a = Tensor.of(new double[] {0.3, -1.2}, new int[] {2}, DType.FLOAT64).requiresGrad(true);
        Tensor b = Tensor.of(new double[] {1.1, 0.7}, new int[] {2}, DType.FLOAT64).requiresGrad(true);
        GradCheck.gradcheck(in -> MUL.apply(in), a, b);
        GradCheck.gradgradcheck(in -> MUL.apply(in), a, b);
        GradCheck.gradcheck(in -> EXP.apply(in), a);
        GradCheck.gradgradcheck(in -> EXP.apply(in), a);
    }

    @Test
    void forwardIsNotRecorded() {
        List<Boolean> modes = new ArrayList<>();
        Tensor y = function("F", (_, in) -> {
            modes.add(GradMode.isEnabled());
            modes.add(in[0].requiresGrad());
            return all(in[0].mul(2.0));
        }, (_, _) -> null).call(x);
        assertEquals(List.of(false, true), modes);
        y.sum().backward();
        assertNull(x.grad());
    }

    @Test
    void numberOfGradients() {
        Function square = function("F", (_, in) -> all(in[0].mul(in[0])), (_, g) -> all(g[0], g[0]));
        assertEquals("function FBackward returned an incorrect number of gradients (expected 1, got 2)",
                refusal(() -> square.call(x).sum().backward()));
        Function product = function("G", (_, in) -> all(in[0].mul(in[1])), (_, g) -> all(g[0]));
        assertEquals("function GBackward returned an incorrect number of gradients (expected 2, got 1)",
                refusal(() -> product.call(x, x).sum().backward()));
        function("H", (_, in) -> all(in[0].mul(in[0])), (_, g) -> all(g[0], null, null)).call(x).sum().backward();
        values(x.grad(), 1, 1, 1);
    }

    @Test
    void shapeOfGradients() {
        Function two = function("F", (_, in) -> all(in[0].mul(2.0)), (_, _) -> all(Tensor.of(1, 1)));
        assertEquals("Function FBackward returned an invalid gradient at index 0 - got [2] but expected shape "
                + "compatible with [3]", refusal(() -> two.call(x).sum().backward()));
        Function wide = function("F", (_, in) -> all(in[0].mul(2.0)),
                (_, _) -> all(Tensor.ones(new int[] {2, 3}, DType.FLOAT64)));
        wide.call(x).sum().backward();
        values(x.grad(), 2, 2, 2);
        assertEquals(DType.FLOAT32, x.grad().dtype());
    }

    @Test
    void argumentsThatAreNoTensors() {
        Function scale = function("G", (_, in) -> all(in[0].mul(2.0)), (_, g) -> all(g[0].mul(2.0), null));
        Tensor y = scale.call(x, null);
        assertEquals(1, y.gradFn().next().size());
        y.sum().backward();
        values(x.grad(), 2, 2, 2);
        Function wrong = function("G", (_, in) -> all(in[0].mul(2.0)), (_, g) -> all(g[0], g[0]));
        assertEquals("function GBackward returned a gradient different than None at position 2, but the corresponding "
                + "forward input was not a Variable", refusal(() -> wrong.call(x, null).sum().backward()));
    }

    @Test
    void whatWasSaved() {
        Tensor y = MUL.call(x, x).sum();
        y.backward();
        assertTrue(refusal(y::backward).startsWith("Trying to backward through the graph a second time"));
        Tensor a = x.mul(1.0);
        Tensor product = MUL.call(a, a).sum();
        a.add_(1);
        assertTrue(refusal(product::backward).contains("[torch.FloatTensor [3]], which is output 0 of AddBackward0, is "
                + "at version 1; expected version 0 instead."));
        Tensor e = EXP.call(x);
        e.add_(1);
        assertTrue(refusal(() -> e.sum().backward()).contains(", which is output 0 of ExpBackward, is at version 1;"));
    }

    @Test
    void writtenInputs() {
        assertEquals("a leaf Variable that requires grad has been used in an in-place operation.",
                refusal(() -> DOUBLE.call(Tensor.of(1).requiresGrad(true))));
        Tensor a = x.mul(1.0);
        Tensor b = DOUBLE.call(a);
        assertSame(a, b);
        assertEquals("DoubleBackward", a.gradFn().name());
        assertEquals("MulBackward0", a.gradFn().next().get(0).node().name());
        assertEquals(2, a.version());
        b.sum().backward();
        values(x.grad(), 2, 2, 2);
        Tensor base = x.mul(1.0);
        Tensor view = base.slice(0, 0, 2, 1);
        assertSame(view, DOUBLE.call(view));
        assertEquals("CopySlices", base.gradFn().name());
        assertEquals("AsStridedBackward0", view.gradFn().name());
        base.sum().backward();
        values(x.grad(), 4, 4, 3);
        assertEquals("Some elements marked as dirty during the forward method were not returned as output. The inputs "
                + "that are modified inplace must all be outputs of the Function.",
                refusal(() -> function("F", (ctx, in) -> {
                    ctx.markDirty(in[0]);
                    return all(in[0].add(1.0));
                }, (_, g) -> g).call(x.mul(1.0))));
        assertTrue(refusal(() -> function("F", (ctx, in) -> {
            ctx.markDirty(in[0]);
            return all(in[0], in[0].add(1.0));
        }, (_, g) -> g).call(x.mul(1.0).slice(0, 0, 2, 1)))
                .startsWith("If your Function modifies inplace an input that is a view of another Tensor, your"));
    }

    @Test
    void inputsAndViewsGivenBack() {
        Function identity = function("I", (_, in) -> all(in[0]), (_, g) -> all(g[0].mul(5.0)));
        Tensor y = identity.call(x);
        assertNotSame(x, y);
        assertEquals("IBackward", y.gradFn().name());
        assertSame(x, y.base());
        y.sum().backward();
        values(x.grad(), 5, 5, 5);
        String forbidden = " is a view and is being modified inplace. This view was created inside a custom Function "
                + "(or because an input was returned as-is) and the autograd logic to handle view+inplace would override "
                + "the custom backward associated with the custom Function, leading to incorrect gradients. This "
                + "behavior is forbidden. You can fix this by cloning the output of the custom Function.";
        assertEquals("Output 0 of IBackward" + forbidden, refusal(() -> identity.call(x.mul(1.0)).add_(1)));
        Function part = function("V", (_, in) -> all(in[0].slice(0, 0, 2, 1)), (_, g) -> g);
        assertEquals("Output 0 of VBackward" + forbidden, refusal(() -> part.call(x.mul(1.0)).add_(1)));
        Function parts = function("VV", (_, in) -> all(in[0].slice(0, 0, 2, 1), in[0].slice(0, 1, 3, 1)), (_, g) -> g);
        assertEquals("Output 1 of VVBackward is a view and is being modified inplace. This view is the output of a "
                + "function that returns multiple views. Such functions do not allow the output views to be modified "
                + "inplace. You should replace the inplace operation by an out-of-place one.",
                refusal(() -> parts.apply(x.mul(1.0))[1].add_(1)));
    }

    @Test
    void severalOutputs() {
        List<String> seen = new ArrayList<>();
        Backward first = (ctx, g) -> {
            for (Tensor tensor : g) {
                seen.add(tensor == null ? "None" : tensor.dtype() + Arrays.toString(tensor.toDoubles()));
            }
            seen.add(Arrays.toString(ctx.needsInputGrad()));
            return all(g[0]);
        };
        Function three = function("N", (ctx, in) -> {
            Tensor plain = in[0].mul(3.0);
            ctx.markNonDifferentiable(plain);
            return all(in[0].mul(2.0), plain, in[0].gt(Tensor.of(1)));
        }, first);
        Tensor[] out = three.apply(x);
        assertFalse(out[1].requiresGrad());
        assertFalse(out[2].requiresGrad());
        out[0].sum().backward();
        assertEquals(List.of("FLOAT32[1.0, 1.0, 1.0]", "FLOAT32[0.0, 0.0, 0.0]", "BOOL[0.0, 0.0, 0.0]", "[true]"),
                seen);
        seen.clear();
        Function two = function("M", (ctx, in) -> {
            ctx.setMaterializeGrads(false);
            return all(in[0].mul(2.0), in[0].mul(3.0));
        }, first);
        two.apply(x)[0].sum().backward();
        assertEquals(List.of("FLOAT32[1.0, 1.0, 1.0]", "None", "[true]"), seen);
        assertEquals(1, two.apply(x)[1].outputNr());
    }

    @Test
    void inputsThatAreNotDifferentiable() {
        Tensor y = function("F", (ctx, in) -> {
            ctx.markNonDifferentiable(in[0]);
            return all(in[0]);
        }, (_, g) -> g).call(x);
        assertFalse(y.requiresGrad());
        assertNotSame(x, y);
    }

    @Test
    void attributesAndNaN() {
        Function power = function("Power", (ctx, in) -> {
            ctx.set("exponent", 3.0);
            ctx.saveForBackward(in[0], null);
            return all(in[0].pow(3.0));
        }, (ctx, g) -> {
            assertNull(ctx.savedTensors()[1]);
            double exponent = (Double) ctx.get("exponent");
            return all(g[0].mul(ctx.savedTensors()[0].pow(exponent - 1).mul(exponent)));
        });
        power.call(x).sum().backward();
        values(x.grad(), 3, 12, 27);
        Function nan = function("Bad", (_, in) -> all(in[0].mul(1.0)), (_, g) -> all(g[0].mul(Double.NaN)));
        try (var _ = AnomalyMode.setDetectAnomaly(true)) {
            assertEquals("Function 'BadBackward' returned nan values in its 0th output.",
                    refusal(() -> nan.call(x).sum().backward()));
        }
    }
}

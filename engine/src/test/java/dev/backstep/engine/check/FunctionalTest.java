package dev.backstep.engine.check;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.tensor.Autograd;
import dev.backstep.engine.tensor.Tensor;
import dev.backstep.engine.tensor.TorchError;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** torch.autograd.functional. The texts and figures are what PyTorch 1.13.1 gave for the same calls in Python. */
class FunctionalTest {
    private static final Function<Tensor[], Tensor[]> SQUARE = in -> one(in[0].mul(in[0]));
    private static final Function<Tensor[], Tensor[]> TWICE = in -> one(in[0].mul(2.0));
    private static final Function<Tensor[], Tensor[]> CONSTANT = _ -> one(Tensor.of(1, 1, 1));
    private static final Function<Tensor[], Tensor> CUBES = in -> in[0].pow(3L).sum();

    private final Tensor x = Tensor.of(1, 2, 3).requiresGrad(true);
    private final Tensor ones = Tensor.of(1, 1, 1);

    private static Tensor[] one(Tensor tensor) {
        return new Tensor[] {tensor};
    }

    private static void values(Tensor tensor, double... expected) {
        assertArrayEquals(expected, tensor.toDoubles(), 1e-6);
    }

    private static String refusal(Runnable call) {
        return assertThrows(TorchError.class, call::run).getMessage();
    }

    @Test
    void jacobians() {
        Tensor jacobian = Functional.jacobian(SQUARE, false, false, x)[0][0];
        assertArrayEquals(new int[] {3, 3}, jacobian.shape());
        values(jacobian, 2, 0, 0, 0, 4, 0, 0, 0, 6);
        assertFalse(jacobian.requiresGrad());
        assertEquals(null, x.grad());
        Tensor[][] two = Functional.jacobian(in -> new Tensor[] {in[0].mul(2.0), in[1].sum()}, false, false, x,
                Tensor.of(1, 2));
        assertArrayEquals(new int[] {3, 2}, two[0][1].shape());
        values(two[0][1], 0, 0, 0, 0, 0, 0);
        values(two[1][1], 1, 1);
        values(two[1][0], 0, 0, 0);
        Tensor again = Functional.jacobian(SQUARE, true, false, x)[0][0];
        assertEquals("ViewBackward0", again.gradFn().name());
        values(Autograd.grad(again.sum(), x).get(0), 2, 2, 2);
    }

    @Test
    void hessians() {
        Tensor a = Tensor.of(new double[] {1, 2}, new int[] {2}, DType.FLOAT64);
        Tensor b = Tensor.of(new double[] {3, 5}, new int[] {2}, DType.FLOAT64);
        Tensor[][] hessian = Functional.hessian(in -> in[0].pow(3L).mul(in[1]).sum(), false, false, a, b);
        values(hessian[0][0], 18, 0, 0, 60);
        values(hessian[0][1], 3, 0, 0, 12);
        values(hessian[1][0], 3, 0, 0, 12);
        values(hessian[1][1], 0, 0, 0, 0);
        values(Functional.hessian(_ -> Tensor.scalar(1), false, false, x)[0][0], 0, 0, 0, 0, 0, 0, 0, 0, 0);
        assertEquals("The Tensor returned by the function given to hessian should contain a single element",
                refusal(() -> Functional.hessian(in -> in[0].mul(2.0), false, false, x)));
    }

    @Test
    void products() {
        Functional.Product vjp = Functional.vjp(SQUARE, one(Tensor.of(1, 0, 2)), false, false, x);
        values(vjp.outputs()[0], 1, 4, 9);
        values(vjp.product()[0], 2, 0, 12);
        Tensor matrix = Tensor.of(new double[] {1, 2, 3, 4, 5, 6}, new int[] {2, 3}, DType.FLOAT32);
        Functional.Product jvp = Functional.jvp(in -> one(matrix.mv(in[0].mul(in[0]))), one(Tensor.of(1, 0, 2)), false,
                false, x);
        values(jvp.outputs()[0], 36, 78);
        values(jvp.product()[0], 38, 80);
        Functional.Product hvp = Functional.hvp(CUBES, one(ones), false, false, x);
        values(hvp.outputs()[0], 36);
        values(hvp.product()[0], 6, 12, 18);
        values(Functional.hvp(in -> in[0].mul(2.0).sum(), one(ones), false, false, x).product()[0], 0, 0, 0);
        assertTrue(Functional.hvp(CUBES, one(ones), true, false, x).product()[0].requiresGrad());
        values(Functional.jvp(in -> one(in[0].mul(3.0)), null, false, false, Tensor.scalar(2)).product()[0], 3);
    }

    @Test
    void vectorsOfTheWrongSize() {
        assertEquals("v has invalid size: should be torch.Size([3]) but got torch.Size([2]).",
                refusal(() -> Functional.vjp(TWICE, one(Tensor.of(1, 1)), false, false, x)));
        assertEquals("v has invalid size: should be torch.Size([3]) but got torch.Size([2]).",
                refusal(() -> Functional.jvp(TWICE, one(Tensor.of(1, 1)), false, false, x)));
        assertEquals("The vector v can only be None if the user-provided function returns a single Tensor with a "
                + "single element.", refusal(() -> Functional.vjp(TWICE, null, false, false, x)));
        assertEquals("The vector v can only be None if the input to the user-provided function is a single Tensor with "
                + "a single element.", refusal(() -> Functional.jvp(TWICE, null, false, false, x)));
        assertEquals("The Tensor returned by the function given to hvp should contain a single element",
                refusal(() -> Functional.hvp(in -> in[0].mul(2.0), one(ones), false, false, x)));
    }

    @Test
    void strictMode() {
        String constant = "Output 0 of the user-provided function does not require gradients. The outputs must be "
                + "computed in a differentiable manner from the input when running in strict mode.";
        assertEquals(constant, refusal(() -> Functional.jacobian(CONSTANT, false, true, x)));
        assertEquals(constant, refusal(() -> Functional.vjp(CONSTANT, one(ones), false, true, x)));
        assertEquals(constant, refusal(() -> Functional.jvp(CONSTANT, one(ones), false, true, x)));
        assertEquals("Output 0 of the user-provided function is independent of input 0. This is not allowed in strict "
                + "mode.",
                refusal(() -> Functional.jacobian(_ -> one(Tensor.of(1).requiresGrad(true)), false, true, x)));
        assertEquals("The jacobian of the user-provided function is independent of input 0. This is not allowed in "
                + "strict mode when create_graph=True.", refusal(() -> Functional.jacobian(TWICE, true, true, x)));
        String linear = "While computing the hessian, found that the jacobian of the user-provided function with "
                + "respect to input 0 is independent of the input. This is not allowed in strict mode. You should "
                + "ensure that your function is twice differentiable and that the jacobian depends on the inputs (this would be "
                + "violated by a linear function for example).";
        assertEquals(linear, refusal(() -> Functional.hessian(in -> in[0].mul(2.0).sum(), false, true, x)));
        assertEquals(linear, refusal(() -> Functional.hvp(in -> in[0].mul(2.0).sum(), one(ones), false, true, x)));
    }
}

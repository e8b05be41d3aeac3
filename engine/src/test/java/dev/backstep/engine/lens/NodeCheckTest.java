package dev.backstep.engine.lens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.tensor.Function;
import dev.backstep.engine.tensor.FunctionContext;
import dev.backstep.engine.tensor.Ops;
import dev.backstep.engine.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeCheckTest {
    private static Call call(String type, Tensor... in) {
        return Call.of(Ops.find(type), Attrs.NONE, List.of(in), List.of(in).stream().map(_ -> true).toList());
    }

    /** Doubles its input, and claims that it triples it. */
    private static final Function WRONG = new Function("Wrong") {
        @Override
        protected Tensor[] forward(FunctionContext context, Tensor... inputs) {
            return new Tensor[] {inputs[0].mul(2.0)};
        }

        @Override
        protected Tensor[] backward(FunctionContext context, Tensor... gradients) {
            return new Tensor[] {gradients[0].mul(3.0)};
        }
    };

    @Test
    void agreesWithClosedForms() {
        // d tanh(x) = 1 - tanh(x)^2, weighted by what came in; float32 inputs are looked at in float64.
        NodeCheck.Comparison tanh = NodeCheck.compare(call("tanh", Tensor.of(0.5, -1)), List.of(Tensor.of(2, 3)), 0,
                0, 1);
        double[] expected = {2 * (1 - Math.pow(Math.tanh(0.5), 2)), 3 * (1 - Math.pow(Math.tanh(-1), 2))};
        for (int i = 0; i < 2; i++) {
            assertEquals(expected[i], tanh.analytic()[i], 1e-12);
            assertEquals(expected[i], tanh.numeric()[i], 1e-8);
        }
        assertTrue(tanh.agrees());
        assertTrue(tanh.error() < 1e-8);
        NodeCheck.Comparison product = NodeCheck.compare(
                call("mul", Tensor.of(2, 3), Tensor.scalar(5, DType.FLOAT32)), List.of(Tensor.of(1, 10)), 1, 0);
        assertEquals(32, product.analytic()[0], 1e-12);
        assertEquals(32, product.numeric()[0], 1e-7);
    }

    @Test
    void aWrongDerivativeIsSeen() {
        Call wrong = new Call(WRONG::apply, List.of(Tensor.of(1, 2)), List.of(true));
        NodeCheck.Comparison comparison = NodeCheck.compare(wrong, List.of(Tensor.of(1, 1)), 0, 0, 1);
        assertEquals(3, comparison.analytic()[1], 1e-12);
        assertEquals(2, comparison.numeric()[1], 1e-7);
        assertFalse(comparison.agrees());
        assertEquals(1, comparison.error(), 1e-7);
        NodeCheck.Verdict verdict = NodeCheck.gradcheck(wrong);
        assertEquals(NodeCheck.Outcome.MISMATCH, verdict.outcome());
        assertTrue(verdict.message().startsWith("Jacobian mismatch for output 0 with respect to input 0"),
                verdict.message());
        assertTrue(verdict.message().contains("numerical:") && verdict.message().contains("analytical:"));
    }

    @Test
    void gradcheckOfAnOp() {
        NodeCheck.Verdict passed = NodeCheck.gradcheck(call("mm", Tensor.of(new double[] {1, 2, 3, 4},
                new int[] {2, 2}, DType.FLOAT32), Tensor.of(new double[] {1, 0}, new int[] {2, 1}, DType.FLOAT32)));
        assertEquals(NodeCheck.Outcome.PASSED, passed.outcome());
        assertEquals(12, passed.entries());
        assertNull(passed.message());
        // relu has a kink at 0, where PyTorch's derivative is 0 and the central difference 1/2.
        assertEquals(NodeCheck.Outcome.MISMATCH, NodeCheck.gradcheck(call("relu", Tensor.of(0))).outcome());
        assertEquals(NodeCheck.Outcome.PASSED, NodeCheck.gradcheck(call("max", Tensor.of(1, 3))).outcome());
    }

    @Test
    void whatCannotBeChecked() {
        Tensor large = Tensor.zeros(new int[] {300}, DType.FLOAT32);
        assertEquals(NodeCheck.Outcome.TOO_LARGE, NodeCheck.gradcheck(call("exp", large)).outcome());
        assertEquals(90_000, NodeCheck.gradcheck(call("exp", large)).entries());
        Tensor whole = Tensor.of(new long[] {1, 2}, 2);
        assertEquals(NodeCheck.Outcome.NOT_APPLICABLE, NodeCheck.gradcheck(call("add", whole, whole)).outcome());
        assertTrue(NodeCheck.isComparable(call("exp", large), List.of(large), 300));
        Tensor huge = Tensor.zeros(new int[] {1 << 16}, DType.FLOAT32);
        assertFalse(NodeCheck.isComparable(call("exp", huge), List.of(huge), 1_024));
        assertTrue(NodeCheck.isComparable(call("exp", huge), List.of(huge), 1));
    }

    @Test
    void theRunIsLeftAlone() {
        Tensor x = Tensor.of(1, 2).requiresGrad(true);
        NodeCheck.gradcheck(call("exp", x));
        assertNull(x.grad());
        assertEquals(0, x.version());
    }
}

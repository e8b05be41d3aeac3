package dev.backstep.engine.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.check.GradCheck;
import dev.backstep.engine.expr.Expr;
import org.junit.jupiter.api.Test;

/** Derivatives that are wrong on purpose: gradcheck finds them, and says so as PyTorch does. */
class PlantedDerivativeTest {
    private static final Expr X = Expr.arg(0);
    private static final Expr G = Expr.arg(2);

    /** A square whose derivative is said to be {@code 3 x}. */
    private static final Op WRONG_SQUARE = OpBuilder.op("wrong_square", "x")
            .elementwise(X.times(X), Op.Result.FLOAT).vjp(G.times(X).times(Expr.of(3))).build();

    /** A cube whose derivative is right, but counts as a constant when it is differentiated itself. */
    private static final Op STIFF_CUBE = OpBuilder.op("stiff_cube", "x")
            .elementwise(X.times(X).times(X), Op.Result.FLOAT)
            .vjp(OpBuilder.rule("3 x² g", (g, s) -> g.mul(s.in(0).detach().square().mul(3L)), 0)).build();

    private static Tensor point() {
        return Tensor.of(new double[] {1, 2}, new int[] {2}, DType.FLOAT64).requiresGrad(true);
    }

    @Test
    void gradcheckShowsBothJacobians() {
        TorchError error = assertThrows(TorchError.class,
                () -> GradCheck.gradcheck(in -> new Tensor[] {WRONG_SQUARE.call(in[0])}, point()));
        // Recorded from PyTorch with a torch.autograd.Function of the same mistake.
        assertEquals("""
                Jacobian mismatch for output 0 with respect to input 0,
                numerical:tensor([[2.0000, 0.0000],
                        [0.0000, 4.0000]], dtype=torch.float64)
                analytical:tensor([[3., 0.],
                        [0., 6.]], dtype=torch.float64)
                """, error.getMessage());
    }

    @Test
    void gradgradcheckFindsAWrongSecondDerivative() {
        GradCheck.gradcheck(in -> new Tensor[] {STIFF_CUBE.call(in[0])}, point());
        TorchError error = assertThrows(TorchError.class,
                () -> GradCheck.gradgradcheck(in -> new Tensor[] {STIFF_CUBE.call(in[0])}, point()));
        assertEquals("Jacobian mismatch for output 0 with respect to input 0,", error.getMessage().split("\n")[0]);
    }
}

package dev.backstep.engine.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.check.GradCheck;
import dev.backstep.engine.expr.Expr;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

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

    /** A copy whose derivative is said to be 1.1. */
    private static final Op TILTED = OpBuilder.op("tilted", "x").elementwise(X, Op.Result.FLOAT)
            .vjp(G.times(Expr.of(1.1))).build();

    /** Ops that do not depend smoothly on an input, or whose derivative is 0 wherever there is one. */
    private static final Set<String> FLAT = Set.of("sign 0", "floor 0", "round 0");

    /** The checks of {@code OpGradCheckTest} are not empty: each sees a wrong derivative by each input of each op. */
    @TestFactory
    Stream<DynamicTest> inEveryInputOfEveryOp() {
        Map<String, List<Executable>> checks = new TreeMap<>();
        for (Op op : Ops.all()) {
            for (Sample sample : op.isDifferentiable() ? op.samples() : List.<Sample>of()) {
                for (int i = 0; i < sample.inputs().size() && sample.smooth(); i++) {
                    int planted = i;
                    if (sample.wantsGradient(i) && !FLAT.contains(op.type() + " " + i)) {
                        checks.computeIfAbsent(op.type() + " " + i, _ -> new ArrayList<>())
                                .add(() -> plant(op, sample, planted));
                    }
                }
            }
        }
        return checks.entrySet().stream().map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
            for (Executable check : entry.getValue()) {
                try {
                    check.execute();
                } catch (TorchError caught) {
                    assertTrue(caught.getMessage().startsWith("Jacobian mismatch"), caught.getMessage());
                    return;
                }
            }
            fail("not caught");
        }));
    }

    private static void plant(Op op, Sample sample, int planted) {
        Tensor[] inputs = new Tensor[sample.inputs().size()];
        for (int i = 0; i < inputs.length; i++) {
            Tensor given = sample.inputs().get(i);
            inputs[i] = sample.wantsGradient(i) ? given.detach().requiresGrad(true) : given;
        }
        GradCheck.gradcheck(in -> {
            Tensor[] tilted = in.clone();
            tilted[planted] = TILTED.call(in[planted]);
            return op.apply(sample.attrs(), tilted);
        }, inputs);
    }
}

package dev.backstep.engine.check;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.tensor.Op;
import dev.backstep.engine.tensor.Ops;
import dev.backstep.engine.tensor.Sample;
import dev.backstep.engine.tensor.Tensor;
import dev.backstep.engine.tensor.TorchError;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** First and second derivatives of every differentiable op against central differences, on every smooth sample. */
class OpGradCheckTest {
    @TestFactory
    Stream<DynamicTest> ops() {
        return Ops.all().stream().filter(Op::isDifferentiable).flatMap(op -> op.samples().stream()
                .filter(sample -> sample.smooth() && sample.inputs().stream().anyMatch(t -> t.dtype().isFloat()))
                .map(sample -> DynamicTest.dynamicTest(op + " " + sample.attrs(), () -> check(op, sample))));
    }

    private static void check(Op op, Sample sample) {
        Tensor[] in = new Tensor[sample.inputs().size()];
        for (int i = 0; i < in.length; i++) {
            Tensor given = sample.inputs().get(i);
            in[i] = sample.wantsGradient(i) ? given.detach().requiresGrad(true) : given;
        }
        Tensor[] out = op.apply(sample.attrs(), in);
        List<Integer> smooth = new ArrayList<>();
        for (int o = 0; o < out.length; o++) {
            // A conversion to float32 is too coarse for differences, and an index has no derivative.
            if (out[o].requiresGrad() && out[o].dtype() == DType.FLOAT64) {
                smooth.add(o);
            }
        }
        if (smooth.isEmpty()) {
            return;
        }
        GradCheck.gradcheck(given -> pick(op.apply(sample.attrs(), given), smooth), in);
        GradCheck.gradgradcheck(given -> pick(op.apply(sample.attrs(), given), smooth), in);
    }

    private static Tensor[] pick(Tensor[] out, List<Integer> which) {
        return which.stream().map(o -> out[o]).toArray(Tensor[]::new);
    }

    @Test
    void aKinkIsCaught() {
        Tensor x = Tensor.of(new double[] {0}, new int[] {1}, DType.FLOAT64).requiresGrad(true);
        TorchError refusal = assertThrows(TorchError.class,
                () -> GradCheck.gradcheck(in -> new Tensor[] {in[0].relu()}, x));
        assertTrue(refusal.getMessage().startsWith("Jacobian mismatch for output 0 with respect to input 0"),
                refusal.getMessage());
    }
}

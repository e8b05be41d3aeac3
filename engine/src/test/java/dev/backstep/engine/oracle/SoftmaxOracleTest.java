package dev.backstep.engine.oracle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.tensor.Tensor;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Softmaxes of rows with infinities and NaN, and their gradients, beside LibTorch's; and what derives them again. */
class SoftmaxOracleTest {
    private static final double TOP = Double.POSITIVE_INFINITY;

    private static Tensor rows(DType type) {
        return Tensor.of(new double[] {1, -TOP, 2, 0.5, 1, TOP, 2, 3, -TOP, -TOP, -TOP, -TOP, 1, 2, 3, Double.NaN, 100,
            -100, 3, 99.5, -3e38, 3e38, 1, 2}, new int[] {6, 4}, type);
    }

    private static Tensor weights(DType type) {
        double[] values = new double[24];
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.sin(3 * i + 1);
        }
        return Tensor.of(values, new int[] {6, 4}, type);
    }

    private static void same(org.bytedeco.pytorch.Tensor theirs, Tensor ours) {
        assertArrayEquals(Torch.values(theirs), ours.toDoubles(), ours.dtype() == DType.FLOAT32 ? 1e-6 : 1e-13);
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT32", "FLOAT64"})
    void ofWhatIsNoNumber(DType type) {
        for (boolean log : new boolean[] {false, true}) {
            try (PointerScope _ = new PointerScope()) {
                Tensor x = rows(type).requiresGrad(true);
                var leaf = Torch.of(x);
                var theirs = log ? torch.log_softmax(leaf, 1) : torch.softmax(leaf, 1);
                Tensor ours = log ? x.logSoftmax(1) : x.softmax(1);
                same(theirs, ours);
                ours.backward(weights(type), false, false);
                theirs.backward(Torch.of(weights(type)), new BoolOptional(), false, new TensorArrayRefOptional());
                same(leaf.grad(), x.grad());
            }
        }
    }

    /** In PyTorch's graph the gradient is one node, with derivatives of its own. */
    @Test
    void derivedAgain() {
        for (boolean log : new boolean[] {false, true}) {
            try (PointerScope _ = new PointerScope()) {
                Both x = Both.leaf(0.3, -1, 2);
                Both y = x.one(t -> log ? t.logSoftmax(0) : t.softmax(0),
                        t -> log ? torch.log_softmax(t, 0) : torch.softmax(t, 0));
                Both g = Both.grad(y.mul(Both.constant(1, 2, -1)).sum(), true, false, x).getFirst().check();
                Both.grad(g.mul(Both.constant(3, -1, 2)).sum(), false, false, x).getFirst().checkNumbers();
            }
        }
    }
}

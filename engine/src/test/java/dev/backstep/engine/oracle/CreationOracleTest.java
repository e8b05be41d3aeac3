package dev.backstep.engine.oracle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.tensor.Creation;
import dev.backstep.engine.tensor.Tensor;
import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.LayoutOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

/** Tensors made of a rule, as LibTorch makes them. */
class CreationOracleTest {
    @Test
    void arange() {
        double[][] ranges = {{0, 5, 1}, {1, 2, 0.1}, {-1, 3, 0.7}, {5, 0, -2}, {3, 3, 1}, {0, 5, 0}, {0, 5, -1},
            {0, Double.POSITIVE_INFINITY, 1}};
        for (double[] r : ranges) {
            for (DType type : new DType[] {DType.FLOAT32, DType.FLOAT64}) {
                same(() -> torch.arange(new Scalar(r[0]), new Scalar(r[1]), new Scalar(r[2]), type(type),
                        new LayoutOptional(), new DeviceOptional(), new BoolOptional()),
                        () -> Creation.arange(r[0], r[1], r[2], type));
            }
        }
        same(() -> torch.arange(new Scalar(2L), new Scalar(9L), new Scalar(3L)),
                () -> Creation.arange(2, 9, 3, DType.INT64));
    }

    @Test
    void linspace() {
        for (DType type : new DType[] {DType.FLOAT32, DType.FLOAT64}) {
            for (int steps : new int[] {0, 1, 2, 5, 7, 10, 33, -1}) {
                same(() -> torch.linspace(new Scalar(-0.3), new Scalar(2.1), steps, type(type), new LayoutOptional(),
                        new DeviceOptional(), new BoolOptional()), () -> Creation.linspace(-0.3, 2.1, steps, type));
            }
        }
    }

    @Test
    void eye() {
        for (int[] size : new int[][] {{3, 3}, {2, 4}, {4, 2}, {0, 2}, {-1, 2}, {2, -1}}) {
            same(() -> torch.eye(size[0], size[1]), () -> Creation.eye(size[0], size[1], DType.FLOAT32));
        }
    }

    /** LibTorch adds up within a vector register, so its last bit depends on how wide those of a machine are. */
    private static double unit(DType type, double value) {
        return type == DType.FLOAT32 ? Math.ulp((float) value) : Math.ulp(value);
    }

    private static ScalarTypeOptional type(DType type) {
        return new ScalarTypeOptional(Torch.type(type));
    }

    private static void same(Supplier<org.bytedeco.pytorch.Tensor> torch, Supplier<Tensor> engine) {
        try (PointerScope _ = new PointerScope()) {
            String refusal = Torch.refusal(torch::get);
            assertEquals(refusal, Torch.refusal(engine::get));
            if (refusal == null) {
                double[] expected = Torch.values(torch.get());
                double[] actual = engine.get().toDoubles();
                for (int i = 0; i < expected.length; i++) {
                    assertEquals(expected[i], actual[i], 2 * unit(engine.get().dtype(), expected[i]));
                }
                assertArrayEquals(Torch.shape(torch.get()), engine.get().shape());
                assertEquals(Torch.dtype(torch.get()), engine.get().dtype());
            }
        }
    }
}

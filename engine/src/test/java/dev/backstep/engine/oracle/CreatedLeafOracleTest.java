package dev.backstep.engine.oracle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.graph.GraphRunner;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.graph.Sketch;
import dev.backstep.engine.tensor.Tensor;
import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

/** Leaves made by a rule or a seed, as boxes of a document, against the same calls in LibTorch. */
class CreatedLeafOracleTest {
    private static void same(String type, Attrs attrs, Supplier<org.bytedeco.pytorch.Tensor> call) {
        try (PointerScope _ = new PointerScope()) {
            torch.manual_seed(attrs.has("seed") ? attrs.integer("seed") : 0);
            org.bytedeco.pytorch.Tensor expected = call.get();
            GraphRunner runner = new GraphRunner(new Sketch().op("x", type, attrs).graph());
            Tensor actual = runner.at(new Port("x", 0));
            assertEquals(Torch.dtype(expected), actual.dtype(), type);
            assertArrayEquals(Torch.values(expected), actual.toDoubles(), type);
            assertArrayEquals(java.util.stream.LongStream.of(expected.sizes().vec().get()).mapToInt(i -> (int) i)
                    .toArray(), actual.shape(), type);
        }
    }

    @Test
    void randomOnesDrawAfterTheirSeed() {
        Attrs size = Attrs.of("size", new int[] {4, 5}, "seed", 7);
        same("randn", size, () -> Torch.empty(DType.FLOAT32, 4, 5).normal_());
        same("rand", size, () -> Torch.empty(DType.FLOAT32, 4, 5).uniform_());
        same("rand", size.with("dtype", "float64"), () -> Torch.empty(DType.FLOAT64, 4, 5).uniform_());
        same("normal", size.with("mean", 1.0).with("std", 0.5),
                () -> Torch.empty(DType.FLOAT32, 4, 5).normal_(1, 0.5, null));
        same("uniform", size.with("from", -0.5).with("to", 0.5),
                () -> Torch.empty(DType.FLOAT32, 4, 5).uniform_(-0.5, 0.5, null));
        same("randint", size.with("low", -3L).with("high", 9L), () -> torch.randint(-3, 9, new long[] {4, 5}));
        same("randperm", Attrs.of("n", 12, "seed", 3), () -> torch.randperm(12));
    }

    @Test
    void theOthersFollowTheirRule() {
        same("zeros", Attrs.of("size", new int[] {2, 0}), () -> torch.zeros(2, 0));
        same("ones", Attrs.of("size", new int[] {3}), () -> torch.ones(3));
        same("eye", Attrs.of("n", 3), () -> torch.eye(3));
        same("linspace", Attrs.of("start", -1.0, "end", 2.0, "steps", 7), () -> torch.linspace(
                new org.bytedeco.pytorch.Scalar(-1.0), new org.bytedeco.pytorch.Scalar(2.0), 7));
        same("arange", Attrs.of("start", 1.0, "end", 2.0, "step", 0.25), () -> torch.arange(
                new org.bytedeco.pytorch.Scalar(1.0), new org.bytedeco.pytorch.Scalar(2.0),
                new org.bytedeco.pytorch.Scalar(0.25)));
    }
}

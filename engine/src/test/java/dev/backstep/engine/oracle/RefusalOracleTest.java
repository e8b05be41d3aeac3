package dev.backstep.engine.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.tensor.Meta;
import dev.backstep.engine.tensor.Op;
import dev.backstep.engine.tensor.Ops;
import dev.backstep.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Calls that are refused: run or only inferred, the words are LibTorch's. */
class RefusalOracleTest {
    private final List<DynamicTest> tests = new ArrayList<>();

    @TestFactory
    Stream<DynamicTest> refusals() {
        Attrs none = Attrs.NONE;
        refused("add", none, f(2, 3), f(2, 4));
        refused("mul", none, f(2, 3), f(4, 3));
        refused("where", none, mask(2), f(3), f(3));
        refused("sub", none, mask(2), mask(2));
        refused("neg", none, mask(2));
        refused("sum", Attrs.of("dim", 2), f(2, 3));
        refused("sum", Attrs.of("dim", new int[] {0, -2}), f(2, 3));
        refused("mean", none, whole(3));
        refused("mean", Attrs.of("dim", -3), f(2, 3));
        refused("var", none, whole(3));
        refused("std", Attrs.of("dim", 0), whole(3));
        refused("norm", Attrs.of("p", 2.0), whole(3));
        refused("prod", Attrs.of("dim", 1), f(3));
        refused("cumsum", Attrs.of("dim", 1), f(3));
        for (String name : new String[] {"max", "min", "argmax", "argmin", "amax", "amin"}) {
            refused(name, none, f(0, 3));
        }
        for (String name : new String[] {"max_dim", "min_dim", "argmax", "argmin", "amax", "amin"}) {
            refused(name, Attrs.of("dim", 0), f(0, 3));
            refused(name, Attrs.of("dim", 2), f(2, 3));
        }
        refused("softmax", Attrs.of("dim", 0), whole(3));
        refused("softmax", Attrs.of("dim", 0), whole(2, 3));
        refused("softmax", Attrs.of("dim", 1), f(3));
        refused("log_softmax", Attrs.of("dim", -1), whole(3));
        refused("mm", none, f(2, 3), f(2, 3));
        refused("mm", none, f(3), f(3, 2));
        refused("mm", none, f(2, 3), f(3));
        refused("mm", none, f(2, 3), d(3, 2));
        refused("mv", none, f(2, 3), f(2));
        refused("mv", none, f(2, 3), f(3, 1));
        refused("mv", none, f(2, 3), d(3));
        refused("dot", none, f(2), f(3));
        refused("dot", none, f(2, 1), f(3));
        refused("dot", none, f(2), d(2));
        refused("outer", none, f(2, 1), f(3));
        refused("outer", none, f(2), f());
        refused("bmm", none, f(2, 3), f(2, 3, 4));
        refused("bmm", none, f(2, 3, 4), f(2, 3));
        refused("bmm", none, f(2, 3, 4), f(2, 3, 4));
        refused("bmm", none, f(2, 3, 4), d(2, 4, 4));
        refused("addmm", Attrs.of("beta", 1, "alpha", 1), f(2), f(2, 3), f(3, 4));
        refused("addmm", Attrs.of("beta", 1, "alpha", 1), f(4), f(2, 3), f(2, 4));
        refused("addmm", Attrs.of("beta", 1, "alpha", 1), f(4), f(3), f(2, 4));
        refused("addmm", Attrs.of("beta", 1, "alpha", 1), f(4), f(2, 3), f(3));
        refused("addmm", Attrs.of("beta", 1, "alpha", 1), d(4), f(2, 3), f(3, 4));
        refused("addmm", Attrs.of("beta", 1, "alpha", 1), f(4), f(2, 3), d(3, 4));
        refused("matmul", none, f(), f(3));
        refused("matmul", none, f(2), f(3));
        refused("matmul", none, f(2, 3), f(2));
        refused("matmul", none, f(2), f(3, 2));
        refused("matmul", none, f(2, 3), f(2, 3));
        refused("matmul", none, f(2, 3, 4), f(3));
        refused("matmul", none, f(2, 3, 4), f(3, 4));
        refused("matmul", none, f(2, 3, 4), f(2, 3, 4));
        refused("matmul", none, f(2, 3, 4), f(3, 4, 4));
        refused("matmul", none, f(3), f(2, 4, 3));
        refused("expand", Attrs.of("size", new int[] {4, 3}), f(2, 3));
        refused("expand", Attrs.of("size", new int[] {3}), f(2, 3));
        refused("expand", Attrs.of("size", new int[] {-1, 2, 3}), f(2, 3));
        refused("view", Attrs.of("size", new int[] {4, 2}), f(2, 3));
        refused("view", Attrs.of("size", new int[] {-1, -1}), f(2, 3));
        refused("view", Attrs.of("size", new int[] {-2, 3}), f(2, 3));
        refused("view", Attrs.of("size", new int[] {0, -1}), f(0, 3));
        refused("reshape", Attrs.of("shape", new int[] {-1, 4}), f(2, 3));
        refused("transpose", Attrs.of("dim0", 0, "dim1", 2), f(2, 3));
        refused("t", none, f(2, 3, 4));
        refused("permute", Attrs.of("dims", new int[] {0}), f(2, 3));
        refused("permute", Attrs.of("dims", new int[] {0, 0}), f(2, 3));
        refused("permute", Attrs.of("dims", new int[] {0, 2}), f(2, 3));
        refused("unsqueeze", Attrs.of("dim", 3), f(2, 3));
        refused("squeeze", Attrs.of("dim", 2), f(2, 3));
        refused("flatten", Attrs.of("start_dim", 1, "end_dim", 0), f(2, 3));
        refused("flatten", Attrs.of("start_dim", 2, "end_dim", -1), f(2, 3));
        refused("flip", Attrs.of("dims", new int[] {0, 0}), f(2, 3));
        refused("flip", Attrs.of("dims", new int[] {2}), f(2, 3));
        refused("cat", Attrs.of("dim", 0), f(2, 3), f(2, 4));
        refused("cat", Attrs.of("dim", 0), f(2, 3), f(2));
        refused("cat", Attrs.of("dim", 0), f(2), f());
        refused("cat", Attrs.of("dim", 1), f(2), f(2));
        refused("stack", Attrs.of("dim", 0), f(2), f(2), f(3));
        refused("stack", Attrs.of("dim", 2), f(2), f(2));
        refused("split", Attrs.of("split_size_or_sections", 0, "dim", 0), f(2));
        refused("split", Attrs.of("split_size_or_sections", -1, "dim", 0), f(2));
        refused("split", Attrs.of("split_size_or_sections", 1, "dim", 0), f());
        refused("split", Attrs.of("split_size_or_sections", new int[] {1, 2}, "dim", 0), f(2));
        refused("split", Attrs.of("split_size_or_sections", new int[] {-1, 3}, "dim", 0), f(2));
        refused("chunk", Attrs.of("chunks", 0, "dim", 0), f(2));
        refused("chunk", Attrs.of("chunks", 2, "dim", 0), f());
        refused("select", Attrs.of("dim", 0, "index", 2), f(2, 3));
        refused("select", Attrs.of("dim", 0, "index", 0), f());
        refused("select", Attrs.of("dim", 2, "index", 0), f(2, 3));
        refused("slice", Attrs.of("dim", 0, "step", 0), f(3));
        refused("slice", Attrs.of("dim", 0, "step", 1), f());
        refused("slice", Attrs.of("dim", 1, "step", 1), f(3));
        refused("index", none, f(3), f(1));
        refused("index", none, f(3), mask(2));
        refused("index", none, f(2, 3), mask(2, 2));
        refused("index", none, f(4), mask(2, 2));
        refused("index", none, f(3), whole(1), whole(1));
        refused("index", none, f(9, 9), whole(2), whole(3));
        refused("index_put", none, f(3), f(3), whole(2));
        refused("index_put", none, f(3), d(2), whole(2));
        refused("gather", Attrs.of("dim", 0), f(3), whole(2, 1));
        refused("gather", Attrs.of("dim", 0), f(3, 1), whole(2, 2));
        refused("gather", Attrs.of("dim", 0), f(3), f(2));
        for (String name : new String[] {"gelu", "silu", "elu", "leaky_relu", "softplus"}) {
            refused(name, Attrs.of("negative_slope", 0.01, "alpha", 1.0, "beta", 1.0, "threshold", 20.0), whole(2));
        }
        // These depend on the numbers, so only a run can refuse.
        refusedByRun("index", none, f(3), Tensor.of(new long[] {0, 3}, 2));
        refusedByRun("index", none, f(3), Tensor.of(new long[] {-4}));
        refusedByRun("gather", Attrs.of("dim", 0), f(3), Tensor.of(new long[] {0, 3}, 2));
        return tests.stream();
    }

    private void refused(String type, Attrs attrs, Tensor... in) {
        test(type, attrs, true, in);
    }

    private void refusedByRun(String type, Attrs attrs, Tensor... in) {
        test(type, attrs, false, in);
    }

    private void test(String type, Attrs attrs, boolean inferred, Tensor... in) {
        String name = type + attrs + Arrays.stream(in).map(t -> t.dtype().shortName() + Arrays.toString(t.shape()))
                .toList();
        tests.add(DynamicTest.dynamicTest(name, () -> {
            try (PointerScope _ = new PointerScope()) {
                Op op = Ops.find(type);
                String expected = Torch.refusal(() -> TorchOps.find(type).run(attrs, Torch.of(List.of(in))));
                assertNotNull(expected, "LibTorch does not refuse");
                assertEquals(expected, Torch.refusal(() -> op.apply(attrs, in)), "run");
                if (inferred) {
                    Meta[] metas = Arrays.stream(in).map(Tensor::meta).toArray(Meta[]::new);
                    assertEquals(expected, Torch.refusal(() -> op.infer(attrs, metas)), "inferred");
                }
            }
        }));
    }

    private static Tensor f(int... shape) {
        return Tensor.ones(shape, DType.FLOAT32);
    }

    private static Tensor d(int... shape) {
        return Tensor.ones(shape, DType.FLOAT64);
    }

    private static Tensor whole(int... shape) {
        return Tensor.zeros(shape, DType.INT64);
    }

    private static Tensor mask(int... shape) {
        return Tensor.ones(shape, DType.BOOL);
    }
}

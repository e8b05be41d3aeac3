package dev.backstep.engine.oracle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Calls of layers and losses that are refused: run or only inferred, the words are LibTorch's. */
class LayerRefusalOracleTest {
    private static final Attrs MEAN = Attrs.of("reduction", "mean", "ignore_index", -100, "label_smoothing", 0.0);

    private final List<DynamicTest> tests = new ArrayList<>();

    @TestFactory
    Stream<DynamicTest> refusals() {
        Attrs none = Attrs.NONE;
        refused("mse_loss", MEAN, f(2, 3), f(2));
        refused("l1_loss", MEAN, f(2, 3), f(4, 3));
        refused("nll_loss", MEAN, f(3, 4), whole(2));
        refused("nll_loss", MEAN, f(4), whole(4));
        refused("nll_loss", MEAN, f(3, 4), f(3));
        refused("nll_loss", MEAN, f(), whole());
        refused("nll_loss", MEAN, f(3, 4), whole(3, 1));
        refused("cross_entropy", MEAN, f(3, 4), whole(2));
        refused("cross_entropy", MEAN, f(3, 4), f(3));
        refused("cross_entropy", MEAN, f(3, 4), whole(3, 4));
        refused("nll_loss", MEAN, f(3, 4), whole(3), f(3));
        refused("nll_loss", MEAN, f(3, 4), whole(3), f(1, 4));
        refused("nll_loss", MEAN, f(3, 4), whole(3), d(4));
        refused("nll_loss", MEAN, f(3, 4), whole(3), whole(4));
        refused("cross_entropy", MEAN, f(3, 4), whole(3), f(3));
        refused("cross_entropy", MEAN.with("label_smoothing", 0.1), f(3, 4), whole(3), d(4));
        refused("cross_entropy", MEAN, f(3, 4), f(3, 4), f(3));
        refused("cross_entropy", MEAN.with("ignore_index", 1), f(3, 4), f(3, 4));
        refused("cross_entropy", MEAN.with("label_smoothing", 2.0), f(3, 4), f(3, 4));
        refused("cross_entropy", MEAN.with("label_smoothing", 1.5), f(3, 4), whole(3));
        refused("cross_entropy", MEAN.with("label_smoothing", 0.1), f(3, 4), whole(2));
        refused("cross_entropy", MEAN.with("label_smoothing", 0.1), f(4), whole(1));
        for (String loss : List.of("nll_loss", "cross_entropy")) {
            refused(loss, MEAN, f(2, 4, 3), whole(2, 2));
            refused(loss, MEAN, f(2, 4, 3), whole(3, 3));
            refused(loss, MEAN, f(2, 4, 3), whole(2));
            refused(loss, MEAN, f(2, 4, 3), whole(2, 3, 1));
            refused(loss, MEAN, f(2, 4, 3), f(2, 3));
            refused(loss, MEAN, f(2, 4, 3), whole(2, 3), f(3));
            refused(loss, MEAN, f(2, 4, 3), whole(2, 3), d(4));
            refused(loss, MEAN, f(2, 4, 3, 2), whole(2, 3));
            refused(loss, MEAN, f(2, 4, 3, 2), whole(2, 2, 3));
            refused(loss, MEAN, f(2, 4, 3, 2), whole(1, 3, 2));
            refused(loss, MEAN, f(2, 4, 3, 2), f(2, 3, 2));
            refused(loss, MEAN, f(2, 4, 3, 2), whole(2, 3, 2), f(3));
            refused(loss, MEAN, f(2, 4, 1, 3, 2), whole(2, 3, 2));
            refused(loss, MEAN, whole(2, 4, 3), whole(2, 3));
        }
        refused("cross_entropy", MEAN.with("label_smoothing", 0.1), f(2, 4, 3), whole(2, 2));
        refused("cross_entropy", MEAN, f(2, 4, 3), f(2, 4, 3), f(3));
        refused("binary_cross_entropy", MEAN, f(2, 3), f(2, 3), f(2));
        refused("binary_cross_entropy", MEAN, f(2, 3), f(2, 3), f(4, 2, 3));
        refused("binary_cross_entropy_with_logits", MEAN, f(2, 3), f(2, 3), f(2));
        refused("binary_cross_entropy_with_logits", MEAN, f(2, 3), f(2, 3), f(4, 2, 3));
        refused("binary_cross_entropy_with_logits", MEAN, f(2, 3), f(2, 3), f(3), f(2));
        refused("binary_cross_entropy_with_logits", MEAN, f(2, 3), f(2, 3), f(3), f(4, 2, 3));
        refused("linear", none, f(2, 3), f(4, 2), f(4));
        refused("linear", none, f(2, 3), f(4, 3), f(3));
        refused("linear", none, f(), f(4, 3), f(4));
        refused("linear", none, f(2, 3), d(4, 3), f(4));
        refused("linear", none, f(2, 3), f(4, 2));
        refused("embedding", none, f(2), f(4, 3));
        refused("embedding", none, whole(2), f(4));
        refused("dropout", Attrs.of("p", 1.5, "training", true, "seed", 0), f(2));
        refused("layer_norm", layer(4), f(2, 3), f(4), f(4));
        refused("layer_norm", layer(3), f(2, 3), f(2), f(3));
        refused("layer_norm", layer(3), f(2, 3), f(3), f(2));
        refused("layer_norm", layer(2, 3), f(3), f(2, 3), f(2, 3));
        refused("batch_norm", batch(false), f(2, 3), f(2), f(3), f(3), f(3));
        refused("batch_norm", batch(false), f(2, 3), f(3), f(2), f(3), f(3));
        refused("batch_norm", batch(false), f(2, 3), f(3), f(3), f(2), f(3));
        refused("batch_norm", batch(true), f(2, 3), f(3), f(3), f(3), f(4));
        refused("conv2d", conv(1, 0, 1), f(1, 3, 4, 4), f(2, 2, 2, 2), f(2));
        refused("conv2d", conv(1, 0, 1), f(4, 4), f(2, 2, 2, 2), f(2));
        refused("conv2d", conv(1, 0, 1), f(1, 2, 4, 4), f(2, 2, 2, 2), f(3));
        refused("conv2d", conv(1, 0, 1), f(1, 2, 2, 2), f(2, 2, 3, 3), f(2));
        refused("conv2d", conv(1, 0, 3), f(1, 3, 4, 4), f(2, 1, 2, 2), f(2));
        refused("conv2d", conv(0, 0, 1), f(1, 2, 4, 4), f(2, 2, 2, 2), f(2));
        refused("conv2d", conv(1, -1, 1), f(1, 2, 4, 4), f(2, 2, 2, 2), f(2));
        refused("conv2d", conv(1, 0, 1), f(1, 2, 4, 4), d(2, 2, 2, 2), d(2));
        refused("max_pool2d", pool(2, 0), f(4, 4));
        refused("max_pool2d", pool(5, 0), f(1, 1, 4, 4));
        refused("max_pool2d", pool(2, 2), f(1, 1, 4, 4));
        refused("conv2d", conv(1, 0, 1), f(1, 2, 4, 4), d(2, 2, 2, 2), f(2));
        refused("conv2d", conv(1, 0, 1), f(1, 2, 4, 4), d(2, 2, 2, 2));
        refused("conv2d", conv(1, 0, 1).with("dilation", 0), f(1, 2, 4, 4), f(2, 2, 2, 2));
        refused("max_pool2d", pool(2, 0).with("stride", 0), f(1, 1, 4, 4));
        refused("max_pool2d", pool(2, 0).with("dilation", 0), f(1, 1, 4, 4));
        refused("max_pool2d", pool(0, 0), f(1, 1, 4, 4));
        refused("max_pool2d", pool(3, 2).with("dilation", 2), f(1, 1, 9, 9));
        refused("max_pool2d", pool(3, 3).with("dilation", 2), f(1, 1, 9, 9));
        refused("max_pool2d", pool(5, 0).with("stride", 1), f(1, 1, 2, 2));
        refused("max_pool2d", pool(5, 0).with("stride", 2).with("ceil_mode", true), f(1, 1, 2, 2));
        refused("unfold", pool(2, 0).with("stride", 0), f(1, 1, 4, 4));
        refused("unfold", pool(5, 0).with("stride", 1), f(1, 1, 4, 4));
        refused("fold", pool(2, 0).with("stride", 1).with("output_size", 4), f(1, 5, 9));
        refused("fold", pool(2, 0).with("stride", 1).with("output_size", 4), f(1, 4, 8));
        // These depend on the numbers, so only a run can refuse.
        refusedByRun("nll_loss", MEAN, f(2, 3), Tensor.of(new long[] {0, 3}, 2));
        refusedByRun("nll_loss", MEAN, f(2, 3), Tensor.of(new long[] {0, -1}, 2));
        refusedByRun("nll_loss", MEAN, f(1, 3, 2), Tensor.of(new long[] {0, 3}, 1, 2));
        refusedByRun("nll_loss", MEAN.with("reduction", "none"), f(1, 3, 2), Tensor.of(new long[] {0, -1}, 1, 2));
        refusedByRun("embedding", none, Tensor.of(new long[] {4}, 1), f(4, 3));
        refusedByRun("embedding", none, Tensor.of(new long[] {-1}, 1), f(4, 3));
        refusedByRun("binary_cross_entropy", MEAN, Tensor.of(0.5, 1.5), Tensor.of(0, 1));
        // So do these, on whether a weight asks for a gradient.
        refusedByRun("binary_cross_entropy", MEAN, f(2), f(2), f(2).requiresGrad(true));
        refusedByRun("binary_cross_entropy_with_logits", MEAN, f(2), f(2), f(2).requiresGrad(true));
        refusedByRun("binary_cross_entropy_with_logits", MEAN, f(2), f(2), f(2), f(2).requiresGrad(true));
        refusedByRun("nll_loss", MEAN, f(3, 4), whole(3), f(4).requiresGrad(true));
        refusedByRun("batch_norm", batch(true), f(2, 3), f(3).requiresGrad(true), f(3), f(3), f(3));
        refusedByRun("batch_norm", batch(false), f(2, 3), f(3), f(3).requiresGrad(true), f(3), f(3));
        refusedByRun("cross_entropy", MEAN, f(3, 4), whole(3), f(4).requiresGrad(true));
        refusedByRun("cross_entropy", MEAN, f(2, 4, 3), whole(2, 3), f(4).requiresGrad(true));
        refusedByRun("cross_entropy", MEAN.with("label_smoothing", 0.1), f(3, 4), whole(3), f(4).requiresGrad(true));
        return tests.stream();
    }

    /** A single sample's target may have a dimension, but then there is no way back. */
    @Test
    void backwardOfATargetWithADimension() {
        try (PointerScope _ = new PointerScope()) {
            Tensor x = f(4).requiresGrad(true);
            org.bytedeco.pytorch.Tensor theirs = TorchOps.find("nll_loss").run(MEAN, Torch.of(List.of(x, whole(1))))[0];
            Tensor ours = Ops.find("nll_loss").call(MEAN, x, whole(1));
            assertArrayEquals(Torch.values(theirs), ours.toDoubles());
            String expected = Torch.refusal(theirs::backward);
            assertNotNull(expected);
            assertEquals(expected, Torch.refusal(ours::backward));
        }
    }

    /** Pictures that do not lie in order have a loss, but no way back. */
    @Test
    void backwardOfPicturesOutOfOrder() {
        try (PointerScope _ = new PointerScope()) {
            Tensor x = f(3, 2, 4, 2).numpyT().detach().requiresGrad(true);
            Tensor target = whole(2, 2, 3);
            org.bytedeco.pytorch.Tensor theirs = TorchOps.find("nll_loss").run(MEAN, Torch.of(List.of(x, target)))[0];
            Tensor ours = Ops.find("nll_loss").call(MEAN, x, target);
            assertArrayEquals(Torch.values(theirs), ours.toDoubles(), 1e-6);
            String expected = Torch.refusal(theirs::backward);
            assertNotNull(expected);
            assertEquals(expected, Torch.refusal(ours::backward));
        }
    }

    private static Attrs layer(int... shape) {
        return Attrs.of("normalized_shape", shape, "eps", 1e-5);
    }

    private static Attrs batch(boolean training) {
        return Attrs.of("training", training, "momentum", 0.1, "eps", 1e-5);
    }

    private static Attrs conv(int stride, int padding, int groups) {
        return Attrs.of("stride", stride, "padding", padding, "dilation", 1, "groups", groups);
    }

    private static Attrs pool(int kernel, int padding) {
        return Attrs.of("kernel_size", kernel, "padding", padding, "dilation", 1);
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
                assertNotNull(expected, "LibTorch does not refuse " + name);
                assertEquals(expected, Torch.refusal(() -> op.apply(attrs, in)), "run " + name);
                if (inferred) {
                    Meta[] metas = Arrays.stream(in).map(Tensor::meta).toArray(Meta[]::new);
                    assertEquals(expected, Torch.refusal(() -> op.infer(attrs, metas)), "inferred " + name);
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
}

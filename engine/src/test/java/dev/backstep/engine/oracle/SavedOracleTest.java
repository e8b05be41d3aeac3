package dev.backstep.engine.oracle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.tensor.Ops;
import dev.backstep.engine.tensor.SavedTensor;
import dev.backstep.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

/** Figures that nodes keep besides inputs and outputs, beside the results that LibTorch's functions give for them. */
class SavedOracleTest {
    private static final double ACCURACY = 1e-12;

    private static Tensor data(int... shape) {
        double[] values = new double[Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.sin(3 * i + 1) + i % 4;
        }
        return Tensor.of(values).to(DType.FLOAT64).reshape(shape);
    }

    private static Map<String, Tensor> kept(Tensor result) {
        return result.gradFn().saved().stream().collect(Collectors.toMap(SavedTensor::name, SavedTensor::tensor));
    }

    private static void same(org.bytedeco.pytorch.Tensor theirs, Tensor ours) {
        assertArrayEquals(Torch.shape(theirs), ours.shape());
        assertArrayEquals(Torch.values(theirs), ours.toDoubles(), ACCURACY);
    }

    private static TensorOptional maybe(Tensor tensor) {
        return new TensorOptional(Torch.of(tensor));
    }

    @Test
    void ofLayerNorm() {
        try (PointerScope _ = new PointerScope()) {
            Tensor x = data(2, 4, 3).requiresGrad(true);
            Tensor w = data(4, 3);
            var theirs = torch.native_layer_norm(Torch.of(x), new long[] {4, 3}, maybe(w), maybe(w), 1e-5);
            Tensor ours = Ops.find("layer_norm").call(Attrs.of("normalized_shape", new int[] {4, 3}), x, w, w);
            same(theirs.get1(), kept(ours).get("_saved_result1"));
            same(theirs.get2(), kept(ours).get("_saved_result2"));
        }
    }

    @Test
    void ofBatchNorm() {
        for (boolean training : new boolean[] {true, false}) {
            try (PointerScope _ = new PointerScope()) {
                Tensor x = data(3, 2, 4).requiresGrad(true);
                Tensor w = data(2);
                var theirs = torch.native_batch_norm(Torch.of(x), maybe(w), maybe(w), maybe(w), maybe(w), training,
                        0.1, 1e-5);
                Tensor ours = Ops.find("batch_norm").call(Attrs.of("training", training), x, data(2), data(2), w, w);
                same(theirs.get1(), kept(ours).get("_saved_result1"));
                same(theirs.get2(), kept(ours).get("_saved_result2"));
            }
        }
    }

    @Test
    void ofNllLoss() {
        String[] reductions = {"none", "mean", "sum"};
        for (int reduction = 0; reduction < reductions.length; reduction++) {
            try (PointerScope _ = new PointerScope()) {
                Attrs attrs = Attrs.of("reduction", reductions[reduction], "ignore_index", 2);
                Tensor w = data(4);
                Tensor x = data(3, 4).requiresGrad(true);
                Tensor target = Tensor.of(new long[] {3, 2, 1}, 3);
                same(torch.nll_loss_forward(Torch.of(x), Torch.of(target), maybe(w), reduction, 2).get1(),
                        kept(Ops.find("nll_loss").call(attrs, x, target, w)).get("_saved_total_weight"));
                Tensor images = data(1, 4, 3, 1).requiresGrad(true);
                Tensor places = target.reshape(1, 3, 1);
                same(torch.nll_loss2d_forward(Torch.of(images), Torch.of(places), maybe(w), reduction, 2).get1(),
                        kept(Ops.find("nll_loss").call(attrs, images, places, w)).get("_saved_total_weight"));
            }
        }
    }
}

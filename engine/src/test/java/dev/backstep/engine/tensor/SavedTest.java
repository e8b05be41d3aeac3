package dev.backstep.engine.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What nodes keep, under PyTorch's names: recorded of {@code grad_fn._saved_*} with tensors of these shapes. */
class SavedTest {
    private static Tensor r(int... shape) {
        return Tensor.full(shape, 0.5, DType.FLOAT32).requiresGrad(true);
    }

    private static Tensor c(int... shape) {
        return Tensor.full(shape, 0.25, DType.FLOAT32);
    }

    private static Tensor i(long... values) {
        return Tensor.of(values, values.length);
    }

    private static Tensor op(String type, Tensor... in) {
        return op(type, Attrs.NONE, in);
    }

    private static Tensor op(String type, Attrs attrs, Tensor... in) {
        return Ops.find(type).call(attrs, in);
    }

    private static String kept(Node node) {
        return node.saved().stream().map(saved -> saved.name().replace("_saved_", "")
                + Arrays.toString(saved.tensor().shape()).replace(" ", "")).sorted().collect(Collectors.joining(" "));
    }

    private static DynamicTest test(String recorded, String name, Supplier<Tensor> call) {
        return DynamicTest.dynamicTest(name, () -> assertEquals(recorded, kept(call.get().gradFn())));
    }

    @TestFactory
    Stream<DynamicTest> asPyTorchKeepsIt() {
        return Stream.of(
                test("", "add", () -> r(2, 3).add(r(2, 3))),
                test("other[2,3] self[2,3]", "mul", () -> r(2, 3).mul(r(2, 3))),
                test("other[2,3]", "mul by a constant", () -> r(2, 3).mul(c(2, 3))),
                test("other[]", "mul by a number", () -> r(2, 3).mul(3.0)),
                test("other[2,3]", "div by a constant", () -> r(2, 3).div(c(2, 3))),
                test("other[2,3] self[2,3]", "div of a constant", () -> c(2, 3).div(r(2, 3))),
                test("other[2,3] self[2,3]", "maximum", () -> op("maximum", r(2, 3), r(2, 3))),
                test("exponent[2,3] result[2,3] self[2,3]", "pow", () -> op("pow_tensor", r(2, 3), r(2, 3))),
                test("self[2,3]", "pow of a number", () -> op("pow", r(2, 3))),
                test("self[2,3]", "square", () -> op("square", r(2, 3))),
                test("result[2,3]", "reciprocal", () -> op("reciprocal", r(2, 3))),
                test("result[2,3]", "exp", () -> r(2, 3).exp()),
                test("self[2,3]", "log", () -> r(2, 3).log()),
                test("result[2,3]", "sqrt", () -> r(2, 3).sqrt()),
                test("self[2,3]", "sin", () -> r(2, 3).sin()),
                test("result[2,3]", "tan", () -> op("tan", r(2, 3))),
                test("result[2,3]", "tanh", () -> r(2, 3).tanh()),
                test("result[2,3]", "sigmoid", () -> op("sigmoid", r(2, 3))),
                test("result[2,3]", "relu", () -> op("relu", r(2, 3))),
                test("self[2,3]", "gelu", () -> op("gelu", r(2, 3))),
                test("self[2,3]", "clamp", () -> op("clamp", Attrs.of("min", 0, "max", 1), r(2, 3))),
                test("condition[2,3]", "where", () -> c(2, 3).gt(c(2, 3)).where(r(2, 3), r(2, 3))),
                test("", "sum", () -> r(2, 3).sum()),
                test("", "mean", () -> r(2, 3).mean()),
                test("result[] self[2,3]", "prod", () -> op("prod", r(2, 3))),
                test("self[2,3]", "var", () -> op("var", r(2, 3))),
                test("result[] self[2,3]", "std", () -> op("std", r(2, 3))),
                test("result[] self[2,3]", "norm", () -> op("norm", r(2, 3))),
                test("result[] self[2,3]", "max", () -> op("max", r(2, 3))),
                test("indices[2]", "max along a dimension", () -> op("max_dim", Attrs.of("dim", 1), r(2, 3))),
                test("result[2] self[2,3]", "logsumexp", () -> op("logsumexp", Attrs.of("dim", 1), r(2, 3))),
                test("mat2[3,2] self[2,3]", "mm", () -> r(2, 3).mm(r(3, 2))),
                test("self[2,3] vec[3]", "mv", () -> r(2, 3).mv(r(3))),
                test("self[3] tensor[3]", "dot", () -> op("dot", r(3), r(3))),
                test("mat2[2,4,1] self[2,3,4]", "bmm", () -> r(2, 3, 4).bmm(r(2, 4, 1))),
                test("mat1[2,3] mat2[3,2]", "addmm", () -> op("addmm", r(2), r(2, 3), r(3, 2))),
                test("result[2,3]", "softmax", () -> op("softmax", r(2, 3))),
                test("result[2,3]", "log_softmax", () -> op("log_softmax", r(2, 3))),
                test("self[2,3] target[2,3]", "mse_loss", () -> op("mse_loss", r(2, 3), c(2, 3))),
                test("self[2,3] target[2,3]", "bce", () -> op("binary_cross_entropy", r(2, 3), c(2, 3))),
                test("self[2,3] target[2,3]", "bce with logits",
                        () -> op("binary_cross_entropy_with_logits", r(2, 3), c(2, 3))),
                test("indices[0][2]", "index", () -> op("index", r(2, 3), i(0, 1))),
                test("index[1,2] self[2,3]", "gather", () -> op("gather", r(2, 3), i(0, 1).reshape(1, 2))),
                test("", "select", () -> r(2, 3).select(0, 0)),
                test("", "expand", () -> r(1, 3).expand(2, 3)),
                test("input[1,1,4,4] weight[1,1,2,2]", "conv2d",
                        () -> op("conv2d", r(1, 1, 4, 4), r(1, 1, 2, 2), r(1))),
                test("result1[1,1,2,2] self[1,1,4,4]", "max_pool2d",
                        () -> op("max_pool2d", Attrs.of("kernel_size", 2), r(1, 1, 4, 4))),
                test("other[2,3] self[2,3]", "mul_", () -> r(2, 3).mul(1.0).mul_(r(2, 3))),
                test("result[2,3]", "exp_", () -> r(2, 3).mul(1.0).exp_()));
    }

    /** Recorded likewise of the {@code grad_fn} of a gradient taken with {@code create_graph=True}. */
    @TestFactory
    Stream<DynamicTest> asPyTorchKeepsItOfDerivatives() {
        return Stream.of(second("grad_output[2,3] output[2,3]", "tanh"),
                second("grad_output[2,3] output[2,3]", "sigmoid"),
                second("self[2,3]", "relu"), second("self[2,3]", "leaky_relu"),
                second("grad_output[2,3] self[2,3]", "gelu"), second("grad_output[2,3] self[2,3]", "softplus"));
    }

    private static DynamicTest second(String recorded, String type) {
        return DynamicTest.dynamicTest(type, () -> {
            Tensor x = r(2, 3);
            Tensor gradient = Autograd.grad(List.of(op(type, x)), List.of(x), List.of(r(2, 3)), null, true, null, false)
                    .getFirst();
            assertEquals(recorded, kept(gradient.gradFn()));
        });
    }

    /** Layers and losses for which PyTorch saves figures of its own, of all kinds of inputs that need a gradient. */
    @TestFactory
    Stream<DynamicTest> asPyTorchKeepsItOfLayers() {
        Attrs three = Attrs.of("normalized_shape", 3);
        String layer = "bias[3] input[2,3] result1[2,1] result2[2,1] weight[3]";
        String batch = "input[4,2] result1[2] result2[2] running_mean[2] running_var[2] weight[2]";
        Attrs training = Attrs.of("training", true);
        return Stream.of(
                test(layer, "layer_norm", () -> op("layer_norm", three, r(2, 3), r(3), r(3))),
                test(layer, "layer_norm of a constant", () -> op("layer_norm", three, c(2, 3), c(3), r(3))),
                test("bias[3,2] input[2,3,2] result1[2,1,1] result2[2,1,1] weight[3,2]", "layer_norm of two dimensions",
                        () -> op("layer_norm", Attrs.of("normalized_shape", new int[] {3, 2}), r(2, 3, 2), r(3, 2),
                                r(3, 2))),
                test(batch, "batch_norm", () -> op("batch_norm", training, r(4, 2), c(2), c(2), r(2), r(2))),
                test(batch, "batch_norm of a constant",
                        () -> op("batch_norm", training, c(4, 2), c(2), c(2), c(2), r(2))),
                test(batch.replace("result1[2] result2[2]", "result1[0] result2[0]"), "batch_norm in eval()",
                        () -> op("batch_norm", r(4, 2), c(2), c(2), r(2), r(2))),
                test("indices[2]", "embedding", () -> op("embedding", i(0, 1), r(2, 3))),
                test("self[2,3] target[2] total_weight[]", "nll_loss", () -> op("nll_loss", r(2, 3), i(0, 1))),
                test("self[2,3] target[2] total_weight[] weight[3]", "nll_loss with weights",
                        () -> op("nll_loss", r(2, 3), i(0, 1), c(3))),
                test("self[2,3,1,2] target[2,1,2] total_weight[]", "nll_loss of pictures",
                        () -> op("nll_loss", r(2, 3, 1, 2), i(0, 1, 1, 0).reshape(2, 1, 2))));
    }


    @Test
    void versionsAndFreeing() {
        Tensor x = r(2, 3);
        Tensor w = c(2, 3);
        w.add_(1.0);
        Tensor y = x.mul(w);
        SavedTensor saved = y.gradFn().saved().getFirst();
        assertEquals(1, saved.version());
        assertEquals(24, saved.bytes());
        assertFalse(saved.isFreed());
        Tensor loss = y.sum();
        loss.backward(null, true, false);
        assertFalse(y.gradFn().isFreed());
        loss.backward();
        assertTrue(y.gradFn().isFreed());
        assertFalse(loss.gradFn().isFreed(), "sum keeps nothing that could be freed");
        assertEquals(List.of(new SavedTensor("_saved_other", null, 1)), y.gradFn().saved());
    }

    @Test
    void customFunctionsAndCopySlices() {
        Function cube = new Function("Cube") {
            @Override
            protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
                ctx.saveForBackward(in[0], null, in[0].mul(in[0]));
                return new Tensor[] {in[0].mul(in[0]).mul(in[0])};
            }

            @Override
            protected Tensor[] backward(FunctionContext ctx, Tensor... gradients) {
                return new Tensor[] {gradients[0].mul(ctx.savedTensors()[2]).mul(3.0)};
            }
        };
        Tensor y = cube.apply(r(3))[0];
        assertEquals(List.of("saved_tensors[0]", "saved_tensors[2]"),
                y.gradFn().saved().stream().map(SavedTensor::name).toList());
        y.sum().backward();
        assertTrue(y.gradFn().isFreed());
        Tensor base = r(3).mul(1.0);
        base.select(0, 1).mul_(r());
        assertEquals("CopySlices", base.gradFn().name());
        assertEquals("other[] self[]", kept(base.gradFn()));
    }
}

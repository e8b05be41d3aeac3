package dev.backstep.engine.oracle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.suite.fuzz.GraphText;
import dev.backstep.engine.tensor.Autograd;
import dev.backstep.engine.tensor.GradMode;
import dev.backstep.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * A tensor here and its twin in LibTorch. Each call is made on both, and both must do alike: the same numbers, flags,
 * version and graph, or the same refusal.
 */
final class Both {
    /** What both said when they refused. */
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message);
        }
    }

    final Tensor ours;
    final org.bytedeco.pytorch.Tensor theirs;

    private Both(Tensor ours, org.bytedeco.pytorch.Tensor theirs) {
        this.ours = ours;
        this.theirs = theirs;
    }

    /** A float64 vector; one number without {@code length} dimension by {@link #scalar}. */
    static Both leaf(double... values) {
        Tensor tensor = Tensor.of(values, new int[] {values.length}, DType.FLOAT64).requiresGrad(true);
        return new Both(tensor, Torch.of(tensor)).check();
    }

    static Both scalar(double value) {
        Tensor tensor = Tensor.scalar(value, DType.FLOAT64).requiresGrad(true);
        return new Both(tensor, Torch.of(tensor)).check();
    }

    static Both constant(double... values) {
        Tensor tensor = Tensor.of(values, new int[] {values.length}, DType.FLOAT64);
        return new Both(tensor, Torch.of(tensor)).check();
    }

    /** Runs something on both; both refuse alike or neither does. */
    private static <A, B> void both(Supplier<A> ours, Supplier<B> theirs, List<A> a, List<B> b) {
        String expected = Torch.refusal(() -> b.add(theirs.get()));
        if (expected != null) {
            // What Python says in place of this.
            expected = expected.replaceFirst("^element \\d+of the", "One of the");
        }
        String actual = Torch.refusal(() -> a.add(ours.get()));
        // Only Python writes sizes so.
        assertEquals(expected, actual == null ? null : actual.replaceAll("torch\\.Size\\((\\[.*?\\])\\)", "$1"));
        if (expected != null) {
            throw new Refused(expected);
        }
    }

    static Both make(Supplier<Tensor> ours, Supplier<org.bytedeco.pytorch.Tensor> theirs) {
        List<Tensor> a = new ArrayList<>();
        List<org.bytedeco.pytorch.Tensor> b = new ArrayList<>();
        both(ours, theirs, a, b);
        return a.getFirst() == null && !b.getFirst().defined() ? null : new Both(a.getFirst(), b.getFirst()).check();
    }

    static void act(Runnable ours, Runnable theirs) {
        both(() -> {
            ours.run();
            return "";
        }, () -> {
            theirs.run();
            return "";
        }, new ArrayList<>(), new ArrayList<>());
    }

    /** Compares everything that can be seen of the two. */
    Both check() {
        assertEquals(theirs._version(), ours.version(), "version");
        assertEquals(Torch.graph(theirs), GraphText.of(ours), "graph");
        return checkNumbers();
    }

    /** Compares all but graph and version, which of a gradient tell how LibTorch filled its memory. */
    Both checkNumbers() {
        assertArrayEquals(Torch.shape(theirs), ours.shape(), "shape");
        double[] e = Torch.values(theirs);
        double[] a = ours.toDoubles();
        for (int i = 0; i < e.length; i++) {
            assertEquals(e[i], a[i], 1e-13 * Math.max(1, Math.abs(e[i])), () -> Arrays.toString(e) + " and "
                    + Arrays.toString(a));
        }
        assertEquals(theirs.requires_grad(), ours.requiresGrad(), "requires_grad");
        assertEquals(theirs.is_leaf(), ours.isLeaf(), "is_leaf");
        assertEquals(theirs.retains_grad(), ours.retainsGrad(), "retains_grad");
        return this;
    }

    /** Compares {@code .grad}, too. */
    Both checkGrad() {
        check();
        assertEquals(theirs.grad().defined(), ours.grad() != null, ".grad is there");
        if (ours.grad() != null) {
            new Both(ours.grad(), theirs.grad()).checkNumbers();
        }
        return this;
    }

    Both one(UnaryOperator<Tensor> a, UnaryOperator<org.bytedeco.pytorch.Tensor> b) {
        return make(() -> a.apply(ours), () -> b.apply(theirs));
    }

    Both two(Both other, BinaryOperator<Tensor> a, BinaryOperator<org.bytedeco.pytorch.Tensor> b) {
        return make(() -> a.apply(ours, other.ours), () -> b.apply(theirs, other.theirs));
    }

    Both add(Both other) {
        return two(other, Tensor::add, torch::add);
    }

    Both add(double number) {
        return one(x -> x.add(number), x -> torch.add(x, Torch.number(number)));
    }

    Both mul(Both other) {
        return two(other, Tensor::mul, torch::mul);
    }

    Both mul(double number) {
        return one(x -> x.mul(number), x -> torch.mul(x, Torch.number(number)));
    }

    Both div(Both other) {
        return two(other, Tensor::div, torch::div);
    }

    Both pow(double exponent) {
        return one(x -> x.pow(exponent), x -> torch.pow(x, new Scalar(exponent)));
    }

    Both exp() {
        return one(Tensor::exp, torch::exp);
    }

    Both sin() {
        return one(Tensor::sin, torch::sin);
    }

    Both tanh() {
        return one(Tensor::tanh, torch::tanh);
    }

    Both sigmoid() {
        return one(Tensor::sigmoid, torch::sigmoid);
    }

    Both relu() {
        return one(Tensor::relu, torch::relu);
    }

    /** The sum of a gradient, whose graph is not compared. */
    Both sumOfGradient() {
        return new Both(ours.sum(), torch.sum(theirs)).checkNumbers();
    }

    Both sum() {
        return one(Tensor::sum, torch::sum);
    }

    Both detach() {
        return one(Tensor::detach, org.bytedeco.pytorch.Tensor::detach);
    }

    // In place

    Both add_(Both other) {
        return two(other, Tensor::add_, org.bytedeco.pytorch.Tensor::add_);
    }

    Both add_(double number) {
        return one(x -> x.add_(number), x -> x.add_(Torch.number(number)));
    }

    Both mul_(Both other) {
        return two(other, Tensor::mul_, org.bytedeco.pytorch.Tensor::mul_);
    }

    Both mul_(double number) {
        return one(x -> x.mul_(number), x -> x.mul_(Torch.number(number)));
    }

    Both div_(Both other) {
        return two(other, Tensor::div_, org.bytedeco.pytorch.Tensor::div_);
    }

    Both sub_(Both other) {
        return two(other, Tensor::sub_, org.bytedeco.pytorch.Tensor::sub_);
    }

    Both pow_(double exponent) {
        return one(x -> x.pow_(exponent), x -> x.pow_(new Scalar(exponent)));
    }

    Both exp_() {
        return one(Tensor::exp_, org.bytedeco.pytorch.Tensor::exp_);
    }

    Both relu_() {
        return one(Tensor::relu_, org.bytedeco.pytorch.Tensor::relu_);
    }

    Both sigmoid_() {
        return one(Tensor::sigmoid_, org.bytedeco.pytorch.Tensor::sigmoid_);
    }

    Both clamp_(double min, double max) {
        return one(x -> x.clamp_(min, max),
                x -> x.clamp_(new ScalarOptional(new Scalar(min)), new ScalarOptional(new Scalar(max))));
    }

    Both zero_() {
        return one(Tensor::zero_, org.bytedeco.pytorch.Tensor::zero_);
    }

    Both fill_(double value) {
        return one(x -> x.fill_(value), x -> x.fill_(new Scalar(value)));
    }

    Both copy_(Both source) {
        return two(source, Tensor::copy_, org.bytedeco.pytorch.Tensor::copy_);
    }

    // Backward

    Both requiresGrad(boolean required) {
        return one(x -> x.requiresGrad(required), x -> x.requires_grad_(required));
    }

    void retainGrad() {
        act(ours::retainGrad, theirs::retain_grad);
        check();
    }

    void backward() {
        act(ours::backward, theirs::backward);
    }

    void backward(Both gradient, boolean retainGraph, boolean createGraph) {
        act(() -> ours.backward(gradient == null ? null : gradient.ours, retainGraph, createGraph),
                () -> theirs.backward(gradient == null ? new org.bytedeco.pytorch.Tensor() : gradient.theirs,
                        new BoolOptional(retainGraph), createGraph, new TensorArrayRefOptional()));
    }

    /** {@code backward(inputs=...)}. */
    void backwardInto(Both... inputs) {
        act(() -> Autograd.backward(List.of(ours), Collections.singletonList(null), false, false, ours(inputs)),
                () -> torch.backward(new TensorVector(theirs), new TensorVector(), new BoolOptional(false), false,
                        theirs(inputs)));
    }

    static List<Both> grad(Both output, boolean createGraph, boolean allowUnused, Both... inputs) {
        List<List<Tensor>> a = new ArrayList<>();
        List<TensorVector> b = new ArrayList<>();
        both(() -> Autograd.grad(List.of(output.ours), ours(inputs), null, null, createGraph, allowUnused, false),
                () -> torch.grad(new TensorVector(output.theirs), theirs(inputs), new TensorVector(),
                        new BoolOptional(), createGraph, allowUnused), a, b);
        List<Both> grads = new ArrayList<>();
        for (int i = 0; i < inputs.length; i++) {
            Tensor mine = a.getFirst().get(i);
            assertEquals(b.getFirst().get(i).defined(), mine != null, "gradient " + i + " is there");
            grads.add(mine == null ? null : new Both(mine, b.getFirst().get(i)).checkNumbers());
        }
        return grads;
    }

    private static List<Tensor> ours(Both... tensors) {
        return Arrays.stream(tensors).map(t -> t.ours).toList();
    }

    private static TensorVector theirs(Both... tensors) {
        return Torch.vector(Arrays.stream(tensors).map(t -> t.theirs).toList());
    }

    /** Runs with recording off, or on, on both sides. */
    static void recording(boolean on, Runnable body) {
        AutoGradMode guard = new AutoGradMode(on);
        try (GradMode.Scope _ = GradMode.set(on)) {
            body.run();
        } finally {
            guard.deallocate();
        }
    }
}

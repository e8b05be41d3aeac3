package dev.backstep.engine.tensor;

import static dev.backstep.engine.expr.Expr.arg;
import static dev.backstep.engine.expr.Expr.param;
import static dev.backstep.engine.tensor.AttrSpec.Kind.INT;
import static dev.backstep.engine.tensor.AttrSpec.Kind.NUMBER;
import static dev.backstep.engine.tensor.OpBuilder.op;
import static dev.backstep.engine.tensor.OpBuilder.out;
import static dev.backstep.engine.tensor.OpBuilder.rule;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.expr.Expr;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How far a prediction is off. {@code reduction} says what becomes of the losses of the elements: {@code mean},
 * {@code sum}, or {@code none} for all of them. In the formulas: x the prediction, y the target, s what the reduction
 * multiplies with.
 */
final class Losses {
    private static final Expr X = arg(0);
    private static final Expr Y = arg(1);
    // A derivative is a formula of the incoming gradient, the prediction and the target.
    private static final Expr G = arg(0).times(param("s"));
    private static final Expr GX = arg(1);
    private static final Expr GY = arg(2);
    private static final Op SQUARED = Op.fused("squared", X.minus(Y).square(), "input", "target");
    private static final Op SQUARED_BACKWARD = Op.fused("mse_loss_backward", GX.minus(GY).times(2).times(G),
            "grad_output", "self", "target");
    // Inputs of one shape

    private static final Op MSE = op("_mse_loss", "input", "target").gradFn("MseLossBackward0")
            .choice("reduction", "mean", "sum", "none")
            .compute((attrs, in) -> reduced(attrs, numeric("mse_cpu", in)),
                    (attrs, in) -> {
                        numeric("mse_cpu", Op.metas(in));
                        return new Tensor[] {reduce(attrs, SQUARED.call(in))};
                    })
            .vjp(rule("∂L/∂x = 2 (x − y) G s", (g, s) -> SQUARED_BACKWARD.call(share(s), g, s.in(0), s.in(1)), 0, 1),
                    rule("∂L/∂y = 2 (y − x) G s",
                            (g, s) -> SQUARED_BACKWARD.call(share(s), g, s.in(1), s.in(0)), 0, 1))
            .build();

    static final Op MSE_LOSS = op("mse_loss", "input", "target").torch("torch.nn.functional.mse_loss")
            .choice("reduction", "mean", "sum", "none").palette(Group.LOSS, "MSE")
            .compose((attrs, in) -> reduced(attrs, numeric("mse_cpu", broadcast(in))), "∂L/∂x = 2 (x − y) G / n",
                    (attrs, in) -> MSE.apply(attrs, expanded(in)))
            .samples(() -> reductions(Sample.of(Samples.data(2, 3), Samples.uniform(5, -2, 2, 2, 3)),
                    Sample.of(Samples.data(2, 3), Samples.uniform(5, -2, 2, 3)),
                    Sample.of(Samples.data(), Samples.uniform(5, -2, 2))))
            .build();

    static final Op L1_LOSS = op("l1_loss", "input", "target").torch("torch.nn.functional.l1_loss")
            .choice("reduction", "mean", "sum", "none").palette(Group.LOSS, "L1")
            .compose((attrs, in) -> reduced(attrs, Pointwise.ABS.infer(Attrs.NONE, Pointwise.SUB.infer(Attrs.NONE,
                    broadcast(in)))), "∂L/∂x = sign(x − y) G / n", (attrs, in) -> {
                        Tensor[] wide = expanded(in);
                        return new Tensor[] {reduce(attrs, wide[0].sub(wide[1]).abs())};
                    })
            .samples(() -> reductions(Sample.of(Samples.data(2, 3), Samples.uniform(5, -2, 2, 2, 3)),
                    Sample.of(Samples.data(2, 1), Samples.uniform(5, -2, 2, 3))))
            .build();

    // Inputs that name a class

    private static final Op NLL = op("_nll_loss", "input", "target", "weight").optionalInputs(1)
            .gradFn((_, in) -> in[0].shape().length == 4 ? "NllLoss2DBackward0" : "NllLossBackward0")
            .outputs("out", "total_weight").savedOutputs("output", "total_weight")
            .attr("ignore_index", INT, -100L).choice("reduction", "mean", "sum", "none")
            .compute((attrs, in) -> ClassLoss.metas(attrs, in), ClassLoss::nll)
            .vjp(rule("∂L/∂x = −G s w at the class of the target, else 0", ClassLoss::gradient, 0, 1, 2, out(1)), null)
            .build();

    /**
     * Scores (C), (N, C) or (N, C, d1, ...). {@code weight} has a number for each class: what a sample of it counts.
     * It may be left out.
     */
    static final Op NLL_LOSS = op("nll_loss", "input", "target", "weight").optionalInputs(1)
            .torch("torch.nn.functional.nll_loss")
            .attr("ignore_index", INT, -100L).choice("reduction", "mean", "sum", "none").palette(Group.LOSS, "NLL")
            .compose((attrs, in) -> reduced(attrs, ClassLoss.check(in)),
                    "∂L/∂x = −G w / Σ w at the class of the target, else 0", (attrs, in) -> {
                        return new Tensor[] {ClassLoss.anyRank(NLL, attrs, in)};
                    })
            .samples(() -> reductions(Sample.of(Samples.data(3, 4), Samples.integers(2, 0, 3)),
                    Sample.of(Attrs.of("ignore_index", 0), Samples.data(3, 4), Samples.integers(2, 0, 3)),
                    Sample.of(Samples.data(4), Samples.integers(1).reshape()),
                    Sample.of(Samples.data(3, 4), Samples.integers(2, 0, 3), classWeights()).constant(2),
                    Sample.of(Attrs.of("ignore_index", 0), Samples.data(3, 4), Samples.integers(2, 0, 3),
                            classWeights()).constant(2),
                    Sample.of(Samples.data(4), Samples.integers(1).reshape(), classWeights()).constant(2),
                    Sample.of(Samples.data(2, 4, 3), places(2, 3)),
                    Sample.of(Attrs.of("ignore_index", 2), Samples.data(1, 4, 2, 1, 3), places(1, 2, 1, 3),
                            classWeights()).constant(2)))
            .build();

    static final Op CROSS_ENTROPY = op("cross_entropy", "input", "target", "weight").optionalInputs(1)
            .torch("torch.nn.functional.cross_entropy").attr("ignore_index", INT, -100L)
            .choice("reduction", "mean", "sum", "none").attr("label_smoothing", NUMBER, 0.0).palette(Group.LOSS, "CE")
            .compose((attrs, in) -> ClassLoss.inferCrossEntropy(attrs, in), "∂L/∂x = (softmax(x) − y) G / n",
                    ClassLoss::crossEntropy)
            .samples(() -> reductions(crossEntropies()))
            .build();

    static final List<Op> ALL = List.of(MSE_LOSS, L1_LOSS, BinaryLosses.BINARY_CROSS_ENTROPY,
            BinaryLosses.BINARY_CROSS_ENTROPY_WITH_LOGITS, NLL_LOSS, CROSS_ENTROPY);

    private Losses() {
    }

    private static Tensor classWeights() {
        return Samples.uniform(9, 0.2, 2, 4);
    }

    /** A class of four for each place of a tensor of six elements. */
    private static Tensor places(int... shape) {
        return Samples.integers(2, 0, 3, 1, 3, 2).reshape(shape);
    }

    private static Sample[] crossEntropies() {
        List<Sample> samples = new ArrayList<>();
        Tensor shares = Samples.uniform(6, 0, 1, 3, 4);
        for (double smoothing : new double[] {0, 0.2}) {
            Attrs attrs = Attrs.of("label_smoothing", smoothing);
            Attrs ignoring = attrs.with("ignore_index", 2);
            Tensor named = Samples.integers(2, 0, 3);
            samples.add(Sample.of(attrs, Samples.data(3, 4), named));
            samples.add(Sample.of(ignoring, Samples.data(3, 4), named));
            samples.add(Sample.of(attrs, Samples.data(4), Samples.integers(1).reshape()));
            samples.add(Sample.of(attrs, Samples.data(3, 4), shares));
            samples.add(Sample.of(attrs, Samples.data(3, 4), named, classWeights()).constant(2));
            samples.add(Sample.of(ignoring, Samples.data(3, 4), named, classWeights()).constant(2));
            samples.add(Sample.of(attrs, Samples.data(4), Samples.integers(1).reshape(), classWeights()).constant(2));
            samples.add(Sample.of(attrs, Samples.data(3, 4), shares, classWeights()));
            samples.add(Sample.of(attrs, Samples.data(4), Samples.uniform(6, 0, 1, 4), classWeights()));
            samples.add(Sample.of(attrs, Samples.data(2, 4, 3), places(2, 3)));
            samples.add(Sample.of(ignoring, Samples.data(2, 4, 1, 3), places(2, 1, 3), classWeights()).constant(2));
            samples.add(Sample.of(attrs, Samples.data(1, 4, 2, 1, 3), places(1, 2, 1, 3)));
            samples.add(Sample.of(attrs, Samples.data(2, 4, 3), Samples.uniform(6, 0, 1, 2, 4, 3), classWeights()));
        }
        return samples.toArray(Sample[]::new);
    }

    /** Refuses a gradient for an input that PyTorch has no derivative by. */
    static void needConstant(String function, String name, int i, Tensor[] in) {
        if (i < in.length && in[i].requiresGrad() && ThreadState.get().gradEnabled) {
            throw TorchError.runtime("The function '" + function + "' is not differentiable with respect to argument '"
                    + name + "'. This input cannot have requires_grad True.");
        }
    }

    /** The losses of the elements made into what {@code reduction} asks for. */
    static Tensor reduce(Attrs attrs, Tensor losses) {
        return switch (reduction(attrs)) {
            case "none" -> losses;
            case "sum" -> losses.sum();
            default -> losses.mean();
        };
    }

    static String reduction(Attrs attrs) {
        String reduction = attrs.text("reduction");
        if (!reduction.equals("none") && !reduction.equals("sum") && !reduction.equals("mean")) {
            throw TorchError.value(reduction + " is not a valid value for reduction");
        }
        return reduction;
    }

    static Meta[] reduced(Attrs attrs, Meta... losses) {
        return switch (reduction(attrs)) {
            case "none" -> new Meta[] {losses[0]};
            case "sum" -> Reductions.SUM.infer(Attrs.NONE, losses[0]);
            default -> Reductions.MEAN.infer(Attrs.NONE, losses[0]);
        };
    }

    /** What the reduction multiplies the gradient of each element with. */
    static Attrs share(Saved s) {
        int n = Shapes.numel(s.shape(0));
        return Attrs.of("s", reduction(s.attrs()).equals("mean") ? 1.0 / n : 1.0);
    }

    /** The meta of the losses, refusing what PyTorch has no numbers for. */
    static Meta numeric(String kernel, Meta... in) {
        DType type = Promotion.of(in);
        if (!type.isFloat()) {
            throw TorchError.notImplemented(kernel, type);
        }
        return new Meta(in[0].shape(), type);
    }

    private static Meta[] broadcast(Meta[] in) {
        int[] shape = Shapes.broadcast(in[0].shape(), in[1].shape());
        return new Meta[] {new Meta(shape, in[0].dtype()), new Meta(shape, in[1].dtype())};
    }

    /** {@code torch.broadcast_tensors}: the tensors themselves where they are of one shape. */
    private static Tensor[] expanded(Tensor[] in) {
        int[] shape = Shapes.broadcast(in[0].view().shape(), in[1].view().shape());
        Tensor[] wide = new Tensor[2];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = Arrays.equals(in[i].view().shape(), shape) ? in[i] : in[i].expand(shape);
        }
        return wide;
    }

    /** Each sample once for every reduction. */
    static List<Sample> reductions(Sample... samples) {
        return Arrays.stream(samples).flatMap(s -> List.of("mean", "sum", "none").stream()
                .map(reduction -> s.with(s.attrs().with("reduction", reduction)))).toList();
    }
}

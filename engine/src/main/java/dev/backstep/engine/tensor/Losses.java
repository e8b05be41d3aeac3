package dev.backstep.engine.tensor;

import static dev.backstep.engine.expr.Expr.ONE;
import static dev.backstep.engine.expr.Expr.ZERO;
import static dev.backstep.engine.expr.Expr.arg;
import static dev.backstep.engine.expr.Expr.call;
import static dev.backstep.engine.expr.Expr.param;
import static dev.backstep.engine.tensor.AttrSpec.Kind.INT;
import static dev.backstep.engine.tensor.AttrSpec.Kind.TEXT;
import static dev.backstep.engine.tensor.OpBuilder.op;
import static dev.backstep.engine.tensor.OpBuilder.rule;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.expr.Expr;
import dev.backstep.engine.expr.Fn;
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
    /** PyTorch lets no logarithm fall below this. */
    private static final Expr FLOOR = Expr.of(-100);

    private static final Op SQUARED = Op.fused("squared", X.minus(Y).square(), 2);
    private static final Op SQUARED_BACKWARD = Op.fused("mse_loss_backward", GX.minus(GY).times(2).times(G), 3);
    private static final Op ENTROPY = Op.fused("entropy", Y.minus(ONE).times(call(Fn.MAX, call(Fn.LOG1P, X.neg()),
            FLOOR)).minus(Y.times(call(Fn.MAX, X.log(), FLOOR))), 2);
    private static final Expr TINY = Expr.of(1e-12);
    private static final Expr LEFT = GX.plus(TINY);
    private static final Expr RIGHT = ONE.minus(GX).plus(TINY);
    /** With PyTorch's own second derivatives, which keep quotients finite in another way than the first. */
    private static final Op ENTROPY_BACKWARD = op("binary_cross_entropy_backward", "grad", "input", "target")
            .elementwise(G.times(GX.minus(GY)).over(call(Fn.MAX, ONE.minus(GX).times(GX), TINY)), Op.Result.FLOAT)
            .vjp(arg(4).times(GX.minus(GY)).over(LEFT.times(RIGHT)).times(param("s")),
                    arg(4).times(G).times(GX.times(GX).minus(GX.times(GY).times(2)).plus(GY))
                            .over(LEFT.square().times(RIGHT.square())),
                    arg(4).times(G).neg().over(GX.times(ONE.minus(GX))))
            .build();
    private static final Op LOGITS = Op.fused("logits", ONE.minus(Y).times(X)
            .minus(call(Fn.MIN, X, ZERO).minus(call(Fn.LOG1P, call(Fn.ABS, X).neg().exp()))), 2);
    private static final Op LOGITS_BACKWARD = Op.fused("binary_cross_entropy_with_logits_backward",
            call(Fn.SIGMOID, GX).minus(GY).times(G), 3);

    // Inputs of one shape

    private static final Op MSE = op("_mse_loss", "input", "target").gradFn("MseLossBackward0")
            .attr("reduction", TEXT, "mean")
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
            .attr("reduction", TEXT, "mean").palette(Group.LOSS, "MSE")
            .compose((attrs, in) -> reduced(attrs, numeric("mse_cpu", broadcast(in))), "∂L/∂x = 2 (x − y) G / n",
                    (attrs, in) -> MSE.apply(attrs, expanded(in)))
            .samples(() -> reductions(Sample.of(Samples.data(2, 3), Samples.uniform(5, -2, 2, 2, 3)),
                    Sample.of(Samples.data(2, 3), Samples.uniform(5, -2, 2, 3)),
                    Sample.of(Samples.data(), Samples.uniform(5, -2, 2))))
            .build();

    static final Op L1_LOSS = op("l1_loss", "input", "target").torch("torch.nn.functional.l1_loss")
            .attr("reduction", TEXT, "mean").palette(Group.LOSS, "L1")
            .compose((attrs, in) -> reduced(attrs, Pointwise.ABS.infer(Attrs.NONE, Pointwise.SUB.infer(Attrs.NONE,
                    broadcast(in)))), "∂L/∂x = sign(x − y) G / n", (attrs, in) -> {
                        Tensor[] wide = expanded(in);
                        return new Tensor[] {reduce(attrs, wide[0].sub(wide[1]).abs())};
                    })
            .samples(() -> reductions(Sample.of(Samples.data(2, 3), Samples.uniform(5, -2, 2, 2, 3)),
                    Sample.of(Samples.data(2, 1), Samples.uniform(5, -2, 2, 3))))
            .build();

    static final Op BINARY_CROSS_ENTROPY = op("binary_cross_entropy", "input", "target")
            .torch("torch.nn.functional.binary_cross_entropy").attr("reduction", TEXT, "mean")
            .palette(Group.LOSS, "BCE")
            .compute((attrs, in) -> reduced(attrs, probable(in)), (attrs, in) -> {
                        probable(Op.metas(in));
                        checkProbabilities("input", in[0]);
                        checkProbabilities("target", in[1]);
                        return new Tensor[] {reduce(attrs, ENTROPY.call(in))};
                    })
            .vjp(rule("∂L/∂x = (x − y) / (x (1 − x)) G s",
                    (g, s) -> ENTROPY_BACKWARD.call(share(s), g, s.in(0), s.in(1)), 0, 1),
                    rule("∂L/∂y = (ln(1 − x) − ln x) G s", (g, s) -> Pointwise.LOG1P.call(s.in(0).neg())
                            .sub(s.in(0).log()).mul(g).mul(share(s).number("s")), 0))
            .samples(() -> reductions(Sample.of(Samples.uniform(1, 0.1, 0.9, 2, 3), Samples.uniform(2, 0, 1, 2, 3)),
                    Sample.of(Samples.uniform(3, 0.1, 0.9), Samples.uniform(4, 0, 1))))
            .build();

    static final Op BINARY_CROSS_ENTROPY_WITH_LOGITS = op("binary_cross_entropy_with_logits", "input", "target")
            .torch("torch.nn.functional.binary_cross_entropy_with_logits").attr("reduction", TEXT, "mean")
            .palette(Group.LOSS, "BCE σ")
            .compute((attrs, in) -> reduced(attrs, logits(in)), (attrs, in) -> {
                logits(Op.metas(in));
                return new Tensor[] {reduce(attrs, LOGITS.call(in))};
            })
            .vjp(rule("∂L/∂x = (σ(x) − y) G s",
                    (g, s) -> LOGITS_BACKWARD.call(share(s), g, s.in(0), s.in(1)), 0, 1),
                    rule("∂L/∂y = −x G s", (g, s) -> s.in(0).neg().mul(g).mul(share(s).number("s")), 0))
            .samples(() -> reductions(Sample.of(Samples.data(2, 3), Samples.uniform(2, 0, 1, 2, 3)),
                    Sample.of(Samples.uniform(3, -60, 60, 4), Samples.uniform(4, 0, 1, 4))))
            .build();

    // Inputs that name a class

    static final Op NLL_LOSS = op("nll_loss", "input", "target").torch("torch.nn.functional.nll_loss")
            .attr("ignore_index", INT, -100L).attr("reduction", TEXT, "mean").palette(Group.LOSS, "NLL")
            .compute((attrs, in) -> reduced(attrs, ClassLoss.check(in[0], in[1])), ClassLoss::nll)
            .vjp(rule("∂L/∂x = −G s at the class of the target, else 0", ClassLoss::gradient, 1), null)
            .samples(() -> reductions(Sample.of(Samples.data(3, 4), Samples.integers(2, 0, 3)),
                    Sample.of(Attrs.of("ignore_index", 0), Samples.data(3, 4), Samples.integers(2, 0, 3)),
                    Sample.of(Samples.data(4), Samples.integers(1).reshape())))
            .build();

    static final Op CROSS_ENTROPY = op("cross_entropy", "input", "target")
            .torch("torch.nn.functional.cross_entropy").attr("ignore_index", INT, -100L)
            .attr("reduction", TEXT, "mean").palette(Group.LOSS, "CE")
            .compose((attrs, in) -> ClassLoss.inferCrossEntropy(attrs, in), "∂L/∂x = (softmax(x) − y) G / n",
                    ClassLoss::crossEntropy)
            .samples(() -> reductions(Sample.of(Samples.data(3, 4), Samples.integers(2, 0, 3)),
                    Sample.of(Attrs.of("ignore_index", 2), Samples.data(3, 4), Samples.integers(2, 0, 3)),
                    Sample.of(Samples.data(4), Samples.integers(1).reshape()),
                    Sample.of(Samples.data(3, 4), Samples.uniform(6, 0, 1, 3, 4))))
            .build();

    static final List<Op> ALL = List.of(MSE_LOSS, L1_LOSS, BINARY_CROSS_ENTROPY, BINARY_CROSS_ENTROPY_WITH_LOGITS,
            NLL_LOSS, CROSS_ENTROPY);

    private Losses() {
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
    private static Attrs share(Saved s) {
        int n = Shapes.numel(s.shape(0));
        return Attrs.of("s", reduction(s.attrs()).equals("mean") ? 1.0 / n : 1.0);
    }

    /** The meta of the losses, refusing what PyTorch has no numbers for. */
    private static Meta numeric(String kernel, Meta... in) {
        DType type = Promotion.of(in);
        if (!type.isFloat()) {
            throw TorchError.runtime("\"" + kernel + "\" not implemented for '" + type.scalarName() + "'");
        }
        return new Meta(in[0].shape(), type);
    }

    private static Meta probable(Meta[] in) {
        if (!Arrays.equals(in[0].shape(), in[1].shape())) {
            throw TorchError.value("Using a target size (" + size(in[1]) + ") that is different to the input size ("
                    + size(in[0]) + ") is deprecated. Please ensure they have the same size.");
        }
        return numeric("binary_cross_entropy", in);
    }

    private static Meta logits(Meta[] in) {
        if (!Arrays.equals(in[0].shape(), in[1].shape())) {
            throw TorchError.value("Target size (" + size(in[1]) + ") must be the same as input size (" + size(in[0])
                    + ")");
        }
        return numeric("log_sigmoid_cpu", in);
    }

    private static String size(Meta meta) {
        return "torch.Size(" + Arrays.toString(meta.shape()) + ")";
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

    private static void checkProbabilities(String name, Tensor tensor) {
        for (double p : tensor.toDoubles()) {
            if (!(p >= 0 && p <= 1)) {
                throw TorchError.runtime("all elements of " + name + " should be between 0 and 1");
            }
        }
    }

    /** Each sample once for every reduction. */
    private static List<Sample> reductions(Sample... samples) {
        return Arrays.stream(samples).flatMap(s -> List.of("mean", "sum", "none").stream()
                .map(reduction -> new Sample(s.attrs().with("reduction", reduction), s.inputs(), s.smooth()))).toList();
    }
}

package dev.backstep.engine.tensor;

import static dev.backstep.engine.expr.Expr.ONE;
import static dev.backstep.engine.expr.Expr.ZERO;
import static dev.backstep.engine.expr.Expr.arg;
import static dev.backstep.engine.expr.Expr.call;
import static dev.backstep.engine.expr.Expr.param;
import static dev.backstep.engine.tensor.OpBuilder.op;
import static dev.backstep.engine.tensor.OpBuilder.rule;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.expr.Expr;
import dev.backstep.engine.expr.Fn;
import java.util.Arrays;

/**
 * Cross entropy of yes and no. In the formulas: x the prediction, y the target, w the weight of an element, p that of
 * yes, s what the reduction multiplies with.
 */
final class BinaryLosses {
    private static final Expr X = arg(0);
    private static final Expr Y = arg(1);
    private static final Expr P = arg(2);
    // A derivative is a formula of the incoming gradient, the prediction, the target and p.
    private static final Expr G = arg(0).times(param("s"));
    private static final Expr GX = arg(1);
    private static final Expr GY = arg(2);
    private static final Expr GP = arg(3);
    /** PyTorch lets no logarithm fall below this. */
    private static final Expr FLOOR = Expr.of(-100);
    private static final Expr TINY = Expr.of(1e-12);
    private static final Expr LEFT = GX.plus(TINY);
    private static final Expr RIGHT = ONE.minus(GX).plus(TINY);
    private static final Expr LOG_SIGMOID = call(Fn.MIN, X, ZERO).minus(call(Fn.LOG1P, call(Fn.ABS, X).neg().exp()));

    private static final Op ENTROPY = Op.fused("entropy", Y.minus(ONE).times(call(Fn.MAX, call(Fn.LOG1P, X.neg()),
            FLOOR)).minus(Y.times(call(Fn.MAX, X.log(), FLOOR))), "input", "target");
    /** With PyTorch's own second derivatives, which keep quotients finite in another way than the first. */
    private static final Op ENTROPY_BACKWARD = op("binary_cross_entropy_backward", "grad", "input", "target")
            .savedInputs("grad_output", "self", "target")
            .elementwise(G.times(GX.minus(GY)).over(call(Fn.MAX, ONE.minus(GX).times(GX), TINY)), Op.Result.FLOAT)
            .vjp(arg(4).times(GX.minus(GY)).over(LEFT.times(RIGHT)).times(param("s")),
                    arg(4).times(G).times(GX.times(GX).minus(GX.times(GY).times(2)).plus(GY))
                            .over(LEFT.square().times(RIGHT.square())),
                    arg(4).times(G).neg().over(GX.times(ONE.minus(GX))))
            .build();
    private static final Op LOGITS = Op.fused("logits", ONE.minus(Y).times(X).minus(LOG_SIGMOID), "input", "target");
    private static final Op LOGITS_BACKWARD = Op.fused("binary_cross_entropy_with_logits_backward",
            call(Fn.SIGMOID, GX).minus(GY).times(G), "grad_output", "self", "target");
    private static final Op LOGITS_OF_YES = Op.fused("logits_of_yes",
            ONE.minus(Y).times(X).minus(P.minus(ONE).times(Y).plus(ONE).times(LOG_SIGMOID)),
            "input", "target", "pos_weight");
    private static final Op LOGITS_OF_YES_BACKWARD = Op.fused("binary_cross_entropy_with_logits_of_yes_backward",
            GP.times(GY).plus(ONE).minus(GY).times(call(Fn.SIGMOID, GX)).minus(GP.times(GY)).times(G),
            "grad_output", "self", "target", "pos_weight");
    private static final Op LOG_SIGMOIDS = op("log_sigmoid", "input").elementwise(LOG_SIGMOID, Op.Result.FLOAT)
            .vjp(arg(2).times(call(Fn.SIGMOID, X.neg()))).build();

    private static final Op BCE = op("_binary_cross_entropy", "input", "target", "weight").optionalInputs(1)
            .gradFn("BinaryCrossEntropyBackward0").choice("reduction", "mean", "sum", "none")
            .compute((attrs, in) -> Losses.reduced(attrs, probable(in)), (attrs, in) -> {
                probable(Op.metas(in));
                checkProbabilities("input", in[0]);
                checkProbabilities("target", in[1]);
                Tensor losses = ENTROPY.call(in[0], in[1]);
                return new Tensor[] {Losses.reduce(attrs, in.length > 2 ? times(losses, in[2]) : losses)};
            })
            .vjp(rule("∂L/∂x = (x − y) / (x (1 − x)) G w s",
                    (g, s) -> ENTROPY_BACKWARD.call(Losses.share(s), weighted(g, s, 2), s.in(0), s.in(1)), 0, 1, 2),
                    rule("∂L/∂y = (ln(1 − x) − ln x) G w s", (g, s) -> Pointwise.LOG1P.call(s.in(0).neg())
                            .sub(s.in(0).log()).mul(weighted(g, s, 2)).mul(Losses.share(s).number("s")), 0, 2),
                    null)
            .build();

    /** {@code weight} is what each element counts, broadcast to them. It may be left out. */
    static final Op BINARY_CROSS_ENTROPY = op("binary_cross_entropy", "input", "target", "weight").optionalInputs(1)
            .torch("torch.nn.functional.binary_cross_entropy").choice("reduction", "mean", "sum", "none")
            .palette(Group.LOSS, "BCE")
            .compose((attrs, in) -> Losses.reduced(attrs, probable(in)), "∂L/∂x = (x − y) / (x (1 − x)) G w / n",
                    (attrs, in) -> {
                        Losses.needConstant("binary_cross_entropy", "weight", 2, in);
                        return BCE.apply(attrs, in);
                    })
            .samples(() -> Losses.reductions(
                    Sample.of(Samples.uniform(1, 0.1, 0.9, 2, 3), Samples.uniform(2, 0, 1, 2, 3)),
                    Sample.of(Samples.uniform(3, 0.1, 0.9), Samples.uniform(4, 0, 1)),
                    Sample.of(Samples.uniform(1, 0.1, 0.9, 2, 3), Samples.uniform(2, 0, 1, 2, 3),
                            Samples.uniform(5, 0.2, 2, 2, 3)).constant(2),
                    Sample.of(Samples.uniform(1, 0.1, 0.9, 2, 3), Samples.uniform(2, 0, 1, 2, 3),
                            Samples.uniform(5, 0.2, 2, 2, 1)).constant(2)))
            .build();

    private static final Op BCE_WITH_LOGITS = op("_binary_cross_entropy_with_logits", "input", "target", "pos_weight",
            "weight").optionalInputs(2).gradFn("BinaryCrossEntropyWithLogitsBackward0")
            .choice("reduction", "mean", "sum", "none")
            .compute((attrs, in) -> Losses.reduced(attrs, logits(in)), (attrs, in) -> {
                Meta meta = logits(Op.metas(in));
                Tensor losses = in.length > 2 ? LOGITS_OF_YES.call(in[0], in[1], in[2]).to(meta.dtype())
                        : LOGITS.call(in[0], in[1]);
                return new Tensor[] {Losses.reduce(attrs, in.length > 3 ? times(losses, in[3]) : losses)};
            })
            .vjp(rule("∂L/∂x = ((p y + 1 − y) σ(x) − p y) G w s", (g, s) -> {
                Tensor incoming = weighted(g, s, 3);
                return s.has(2) ? LOGITS_OF_YES_BACKWARD.call(Losses.share(s), incoming, s.in(0), s.in(1), s.in(2))
                        .to(g.dtype()) : LOGITS_BACKWARD.call(Losses.share(s), incoming, s.in(0), s.in(1));
            }, 0, 1, 2, 3), rule("∂L/∂y = ((1 − p) ln σ(x) − x) G w s", (g, s) -> {
                Tensor local = s.in(0).neg();
                if (s.has(2)) {
                    local = Pointwise.RSUB.call(Attrs.of("other", 1L), s.in(2)).mul(LOG_SIGMOIDS.call(s.in(0)))
                            .add(local).to(g.dtype());
                }
                return local.mul(weighted(g, s, 3)).mul(Losses.share(s).number("s"));
            }, 0, 2, 3), null, null)
            .build();

    /**
     * {@code pos_weight} is what a yes counts, broadcast to the elements, {@code weight} what each element counts. Both
     * may be left out.
     */
    static final Op BINARY_CROSS_ENTROPY_WITH_LOGITS = op("binary_cross_entropy_with_logits", "input", "target",
            "pos_weight", "weight").optionalInputs(2)
            .torch("torch.nn.functional.binary_cross_entropy_with_logits").choice("reduction", "mean", "sum", "none")
            .palette(Group.LOSS, "BCE σ")
            .compose((attrs, in) -> Losses.reduced(attrs, logits(in)),
                    "∂L/∂x = ((p y + 1 − y) σ(x) − p y) G w / n", (attrs, in) -> {
                        Losses.needConstant("binary_cross_entropy_with_logits", "weight", 3, in);
                        Losses.needConstant("binary_cross_entropy_with_logits", "pos_weight", 2, in);
                        return BCE_WITH_LOGITS.apply(attrs, in);
                    })
            .samples(() -> Losses.reductions(Sample.of(Samples.data(2, 3), Samples.uniform(2, 0, 1, 2, 3)),
                    Sample.of(Samples.uniform(3, -60, 60, 4), Samples.uniform(4, 0, 1, 4)),
                    Sample.of(Samples.data(2, 3), Samples.uniform(2, 0, 1, 2, 3),
                            Samples.uniform(5, 0.2, 4, 3)).constant(2),
                    Sample.of(Samples.data(2, 3), Samples.uniform(2, 0, 1, 2, 3), Samples.uniform(5, 0.2, 4, 3),
                            Samples.uniform(6, 0.2, 2, 2, 1)).constant(2, 3)))
            .build();

    private BinaryLosses() {
    }

    /** The gradient with the weight that is input {@code i}, where there is one. */
    private static Tensor weighted(Tensor g, Saved s, int i) {
        return s.has(i) ? times(g, s.in(i)) : g;
    }

    /** A product that keeps the type of its first factor. */
    private static Tensor times(Tensor x, Tensor weight) {
        return x.mul(weight).to(x.dtype());
    }

    private static Meta probable(Meta[] in) {
        if (!Arrays.equals(in[0].shape(), in[1].shape())) {
            throw TorchError.value("Using a target size (" + size(in[1]) + ") that is different to the input size ("
                    + size(in[0]) + ") is deprecated. Please ensure they have the same size.");
        }
        Meta losses = Losses.numeric("binary_cross_entropy", in[0], in[1]);
        if (in.length > 2) {
            fit(losses, Shapes.broadcast(losses.shape(), in[2].shape()));
        }
        return losses;
    }

    private static Meta logits(Meta[] in) {
        if (!Arrays.equals(in[0].shape(), in[1].shape())) {
            throw TorchError.value("Target size (" + size(in[1]) + ") must be the same as input size (" + size(in[0])
                    + ")");
        }
        Meta losses = Losses.numeric("log_sigmoid_cpu", in[0], in[1]);
        if (in.length > 2) {
            fit(losses, Shapes.broadcast(in[2].shape(), losses.shape()));
        }
        if (in.length > 3) {
            fit(losses, Shapes.broadcast(losses.shape(), in[3].shape()));
        }
        return losses;
    }

    /** Refuses weights that would make more of the losses. */
    private static void fit(Meta losses, int[] weighted) {
        if (!Arrays.equals(weighted, losses.shape())) {
            throw TorchError.runtime("output with shape " + Arrays.toString(losses.shape())
                    + " doesn't match the broadcast shape " + Arrays.toString(weighted));
        }
    }

    private static String size(Meta meta) {
        return "torch.Size(" + Arrays.toString(meta.shape()) + ")";
    }

    private static void checkProbabilities(String name, Tensor tensor) {
        // A recorded step looks no more: what is out of range makes a loss that is no number there.
        for (double p : Backends.unrecorded().download(tensor.view())) {
            if (!(p >= 0 && p <= 1)) {
                throw TorchError.runtime("all elements of " + name + " should be between 0 and 1");
            }
        }
    }
}

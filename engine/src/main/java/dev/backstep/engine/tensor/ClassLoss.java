package dev.backstep.engine.tensor;

import static dev.backstep.engine.expr.Expr.ZERO;
import static dev.backstep.engine.expr.Expr.arg;
import static dev.backstep.engine.expr.Expr.param;
import static dev.backstep.engine.expr.Expr.select;
import static dev.backstep.engine.tensor.OpBuilder.op;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.View;
import dev.backstep.engine.expr.Expr;
import java.util.Arrays;

/** Losses whose target names a class by its number: {@code nll_loss} and {@code cross_entropy}. */
final class ClassLoss {
    private static final Expr NUMBER = param("other");
    // Arithmetic with a number of PyTorch's own program, which its graph shows otherwise than one of the user's.
    private static final Op DIVIDED = number("_div_scalar", "DivBackward1", arg(0).over(NUMBER), arg(2).over(NUMBER));
    private static final Op SCALED = number("_mul_scalar", "MulBackward1", arg(0).times(NUMBER), arg(2).times(NUMBER));
    private static final Op SHIFTED = number("_add_scalar", "AddBackward1", arg(0).plus(NUMBER), arg(2));
    private static final Op MASKED_FILL = op("_masked_fill", "input", "mask").gradFn("MaskedFillBackward0")
            .elementwise(select(arg(1), ZERO, arg(0)), Op.Result.FLOAT).vjp(select(arg(1), ZERO, arg(3)), null).build();

    private ClassLoss() {
    }

    private static Op number(String type, String gradFn, Expr formula, Expr derivative) {
        return op(type, "input").gradFn(gradFn).attr("other", AttrSpec.Kind.NUMBER, 1L)
                .elementwise(formula, Op.Result.FLOAT).vjp(derivative).build();
    }

    private static Tensor with(Op op, Tensor x, double number) {
        return op.call(Attrs.of("other", number), x);
    }

    /**
     * The losses before the reduction. The inputs: scores {@code (C)} or {@code (N, C, d1, ...)}; the target,
     * {@code ()} or {@code (1)}, or {@code (N, d1, ...)}; weights of the classes {@code (C)}, which may be left out.
     */
    static Meta check(Meta... in) {
        checkRank(in);
        int[] x = in[0].shape();
        return x.length <= 2 ? checkSamples(in) : x.length == 4 ? checkPlaces(in)
                : new Meta(Shapes.without(x, 1), checkPlaces(flat(in)).dtype());
    }

    private static int[] rest(int[] shape) {
        return Arrays.copyOfRange(shape, 1, shape.length);
    }

    /** The inputs as PyTorch hands them on where they are neither samples nor pictures: with one long row of places. */
    private static Meta[] flat(Meta[] in) {
        Meta[] flat = in.clone();
        int[] x = in[0].shape();
        int places = x[0] * x[1] == 0 ? 0 : Shapes.numel(in[0].shape()) / (x[0] * x[1]);
        flat[0] = new Meta(new int[] {x[0], x[1], 1, places}, in[0].dtype());
        flat[1] = new Meta(new int[] {x[0], 1, places}, in[1].dtype());
        return flat;
    }

    /** Losses {@code (N, H, W)} of scores {@code (N, C, H, W)}. */
    private static Meta checkPlaces(Meta... in) {
        int[] x = in[0].shape();
        int[] t = in[1].shape();
        if (t.length != 3) {
            throw TorchError.runtime("only batches of spatial targets supported (3D tensors) but got targets of "
                    + "dimension: " + t.length);
        }
        if (in.length > 2 && Shapes.numel(in[2].shape()) != x[1]) {
            throw TorchError.runtime("weight tensor should be defined either for all or no classes");
        }
        if (!Arrays.equals(Shapes.without(x, 1), t)) {
            throw TorchError.runtime("size mismatch (got input: " + Arrays.toString(x) + " , target: "
                    + Arrays.toString(t));
        }
        checkTypes("nll_loss2d_forward_out_frame", in);
        return new Meta(t, in[0].dtype());
    }

    /** What PyTorch looks at before it knows which function to call. */
    private static void checkRank(Meta... in) {
        int[] x = in[0].shape();
        int[] t = in[1].shape();
        if (x.length == 0) {
            throw TorchError.value("Expected 1 or more dimensions (got 0)");
        }
        if (x.length != 1 && t.length > 0 && x[0] != t[0]) {
            throw TorchError.value("Expected input batch_size (" + x[0] + ") to match target batch_size (" + t[0]
                    + ").");
        }
        if (x.length == 3 || x.length > 4) {
            int[] losses = Shapes.without(x, 1);
            if (t.length == 0 || !Arrays.equals(rest(losses), rest(t))) {
                throw TorchError.runtime("Expected target size " + Arrays.toString(losses) + ", got "
                        + Arrays.toString(t));
            }
        }
    }

    private static Meta checkSamples(Meta... in) {
        Meta input = in[0];
        int[] x = input.shape();
        int[] t = in[1].shape();
        if (t.length > 1) {
            throw TorchError.runtime("0D or 1D target tensor expected, multi-target not supported");
        }
        if (x.length == 1 && t.length == 1 && t[0] != 1) {
            throw TorchError.runtime("For 1D input, 1D target must have size 1, but got target size: " + t[0]);
        }
        if (x.length == 2 && (t.length == 0 || x[0] != t[0])) {
            throw mismatch(x, t);
        }
        checkWeights("", in);
        checkTypes("nll_loss_out_frame", in);
        return new Meta(x.length == 1 ? View.SCALAR : t, input.dtype());
    }

    private static void checkTypes(String kernel, Meta... in) {
        Meta input = in[0];
        Meta target = in[1];
        if (!input.dtype().isFloat()) {
            throw TorchError.notImplemented(kernel, input.dtype());
        }
        if (target.dtype() != DType.INT64) {
            throw TorchError.runtime("expected scalar type Long but found " + target.dtype().scalarName());
        }
        if (in.length > 2 && in[2].dtype() != input.dtype()) {
            throw TorchError.runtime("expected scalar type " + input.dtype().scalarName() + " but found "
                    + in[2].dtype().scalarName());
        }
    }

    private static TorchError mismatch(int[] x, int[] target) {
        return TorchError.runtime("size mismatch (got input: " + Arrays.toString(x) + ", target: "
                + Arrays.toString(target) + ")");
    }

    private static void checkWeights(String where, Meta... in) {
        int[] x = in[0].shape();
        int classes = x[classDim(x.length)];
        if (in.length > 2 && !(in[2].shape().length == 1 && in[2].shape()[0] == classes)) {
            throw TorchError.runtime(where + "weight tensor should be defined either for all " + classes
                    + " classes or no classes but got weight tensor of shape: " + Arrays.toString(in[2].shape()));
        }
    }

    /** The loss, and what all samples that count weigh together. */
    static Meta[] metas(Attrs attrs, Meta[] in) {
        return new Meta[] {Losses.reduced(attrs, check(in))[0], new Meta(View.SCALAR, in[0].dtype())};
    }

    /**
     * The loss of scores of any rank by the op for samples and pictures, as PyTorch does it: other ranks are brought to
     * pictures of one row.
     */
    static Tensor anyRank(Op nll, Attrs attrs, Tensor[] in) {
        checkRank(Op.metas(in));
        int rank = in[0].dim();
        Losses.needConstant(rank > 2 ? "nll_loss2d_forward" : "nll_loss_forward", "weight", 2, in);
        if (rank <= 2 || rank == 4) {
            return nll.call(attrs, in);
        }
        int[] losses = Shapes.without(in[0].view().shape(), 1);
        Meta[] flat = flat(Op.metas(in));
        Tensor[] all = in.clone();
        all[0] = in[0].contiguous().viewAs(flat[0].shape());
        all[1] = in[1].contiguous().viewAs(flat[1].shape());
        Tensor result = nll.call(attrs, all);
        return Losses.reduction(attrs).equals("none") ? result.viewAs(losses) : result;
    }

    static Tensor[] nll(Attrs attrs, Tensor[] in) {
        Losses.reduction(attrs);
        check(Op.metas(in));
        int dim = classDim(in[0].dim());
        Tensor target = target(in[0].dim(), in[1]);
        int classes = in[0].view().shape()[dim];
        long ignored = attrs.integer("ignore_index");
        Backends.current().made(() -> checked(target, classes, ignored), target.view());
        Tensor kept = kept(attrs, target);
        Tensor scores = Indexing.GATHER.call(Attrs.of("dim", dim), in[0], places(kept, target, dim)).squeeze(dim);
        Tensor counts = in.length > 2 ? counts(kept, target, in[2]) : kept;
        Tensor losses = kept.where(scores.neg().mul(counts), Tensor.scalar(0, in[0].dtype()));
        boolean each = Losses.reduction(attrs).equals("none") && in[0].dim() > 1;
        Tensor total = each ? Tensor.scalar(0, in[0].dtype()) : counts.sum().to(in[0].dtype());
        return new Tensor[] {Losses.reduction(attrs).equals("mean") ? losses.sum().div(total)
                : Losses.reduce(attrs, Layout.inOrder(losses)), total};
    }

    static Tensor gradient(Tensor g, Saved s) {
        if (s.shape(0).length == 1 && s.shape(1).length == 1 && s.shape(0)[0] != 1) {
            // What PyTorch computes, but cannot differentiate.
            throw mismatch(s.shape(0), s.shape(1));
        }
        if (s.shape(0).length == 4 && !liesInOrder(s.in(0).view())) {
            // PyTorch's kernel for pictures writes a gradient that lies as they do.
            throw TorchError.runtime("grad_input must be contiguous");
        }
        Tensor target = target(s.shape(0).length, s.in(1));
        Tensor kept = kept(s.attrs(), target);
        Tensor counts = s.has(2) ? counts(kept, target, s.in(2)) : kept;
        Tensor each = Losses.reduction(s.attrs()).equals("mean") ? g.div(s.out(1).detach()) : g;
        Tensor back = kept.where(each.neg().mul(counts), Tensor.scalar(0, g.dtype()));
        int[] shape = s.shape(0);
        int dim = classDim(shape.length);
        return Indexing.GATHER_BACKWARD.call(Attrs.of("dim", dim, "size", shape), back.unsqueeze(dim),
                places(kept, target, dim));
    }

    /** Refuses targets that are no class. */
    private static long[] checked(Tensor target, int classes, long ignored) {
        for (long named : target.toLongs()) {
            if (named != ignored && (named < 0 || named >= classes)) {
                throw TorchError.index("Target " + named + " is out of bounds.");
            }
        }
        return new long[0];
    }

    /** Whether {@code empty_like} would give memory in order. */
    private static boolean liesInOrder(View view) {
        return new View(view.buffer(), view.shape(), Layout.like(view), 0).isContiguous();
    }

    /** What each sample counts: the weight of its class, or nothing. */
    private static Tensor counts(Tensor kept, Tensor target, Tensor weights) {
        return kept.where(Indexing.TENSORS.call(weights, target.mul(kept)), Tensor.scalar(0, weights.dtype()));
    }

    /** The target of a single sample may have a dimension of its own. */
    private static Tensor target(int rank, Tensor target) {
        return rank == 1 ? target.reshape() : target;
    }

    /** Which targets count. */
    private static Tensor kept(Attrs attrs, Tensor target) {
        return target.ne(Tensor.number(attrs.integer("ignore_index")));
    }

    /** The targets as an index along the classes; those that do not count point at the first. */
    private static Tensor places(Tensor kept, Tensor target, int dim) {
        return target.mul(kept).unsqueeze(dim);
    }

    static Meta[] inferCrossEntropy(Attrs attrs, Meta[] in) {
        boolean shares = checkCrossEntropy(attrs, in);
        int dim = classDim(in[0].shape().length);
        Meta rows = Softmax.LOG_SOFTMAX.infer(Attrs.of("dim", dim), in[0])[0];
        if (!shares) {
            Meta[] named = in.clone();
            named[0] = rows;
            return Losses.reduced(attrs, check(named));
        }
        return Losses.reduced(attrs, new Meta(Shapes.without(in[0].shape(), dim), Promotion.of(in)));
    }

    /** Whether the targets, being of the input's shape, are probabilities of the classes. */
    private static boolean checkCrossEntropy(Attrs attrs, Meta[] in) {
        boolean shares = Arrays.equals(in[0].shape(), in[1].shape());
        if (shares && !in[1].dtype().isFloat()) {
            throw TorchError.runtime("Expected floating point type for target with class probabilities, got "
                    + in[1].dtype().scalarName());
        }
        if (shares && attrs.integer("ignore_index") >= 0) {
            throw TorchError.runtime("ignore_index is not supported for floating point target");
        }
        if (shares && in[0].shape().length > 0) {
            checkWeights("cross_entropy: ", in);
        }
        double smoothing = attrs.number("label_smoothing");
        if (smoothing > 1) {
            throw TorchError.runtime("label_smoothing must be between 0.0 and 1.0. Got: "
                    + (smoothing == (int) smoothing ? String.valueOf((int) smoothing) : String.valueOf(smoothing)));
        }
        if (smoothing > 0 && in[0].shape().length == 1 && !shares && Arrays.equals(in[1].shape(), new int[] {1})) {
            throw TorchError.runtime("output with shape [] doesn't match the broadcast shape [1]");
        }
        return shares;
    }

    static Tensor[] crossEntropy(Attrs attrs, Tensor[] in) {
        boolean shares = checkCrossEntropy(attrs, Op.metas(in));
        int dim = classDim(in[0].dim());
        Tensor[] all = in.clone();
        all[0] = Softmax.LOG_SOFTMAX.call(Attrs.of("dim", dim), in[0]);
        double smoothing = Math.max(0, attrs.number("label_smoothing"));
        if (shares) {
            return new Tensor[] {ofShares(attrs, smoothing, dim, all)};
        }
        Tensor[] named = Losses.NLL_LOSS.apply(attrs, all);
        if (smoothing == 0) {
            return named;
        }
        Tensor spread = with(SCALED, spread(attrs, dim, all), smoothing / all[0].view().shape()[dim]);
        return new Tensor[] {with(SCALED, named[0], 1 - smoothing).add(spread)};
    }

    /** The loss where the target is every class alike. */
    private static Tensor spread(Attrs attrs, int dim, Tensor[] in) {
        Tensor target = target(in[0].dim(), in[1]);
        Tensor kept = kept(attrs, target);
        Tensor losses = (in.length > 2 ? in[0].mul(byClass(in[2], in[0].dim())) : in[0]).sum(false, dim).neg();
        losses = MASKED_FILL.call(losses, Pointwise.LOGICAL_NOT.call(kept));
        if (!Losses.reduction(attrs).equals("mean")) {
            return Losses.reduce(attrs, losses);
        }
        return losses.sum().div((in.length > 2 ? counts(kept, target, in[2]) : kept).sum());
    }

    /** The loss where the target is a share for each class. */
    private static Tensor ofShares(Attrs attrs, double smoothing, int dim, Tensor[] in) {
        int[] shape = in[0].view().shape();
        Tensor shares = smoothing == 0 ? in[1]
                : with(SHIFTED, with(SCALED, in[1], 1 - smoothing), smoothing / shape[dim]);
        Tensor products = in[0].mul(shares);
        products = in.length > 2 ? products.mul(byClass(in[2], shape.length)) : products;
        return switch (Losses.reduction(attrs)) {
            case "none" -> products.sum(false, dim).neg();
            case "sum" -> products.sum().neg();
            default -> with(DIVIDED, products.sum().neg(), Shapes.numel(Shapes.without(shape, dim)));
        };
    }

    /** Weights of the classes, to be multiplied with scores. */
    private static Tensor byClass(Tensor weights, int rank) {
        int[] shape = new int[rank];
        Arrays.fill(shape, 1);
        shape[classDim(rank)] = -1;
        return rank == 1 ? weights : weights.viewAs(shape);
    }

    private static int classDim(int rank) {
        return rank == 1 ? 0 : 1;
    }
}

package dev.backstep.engine.tensor;

import static dev.backstep.engine.expr.Expr.arg;
import static dev.backstep.engine.expr.Expr.param;
import static dev.backstep.engine.tensor.AttrSpec.Kind.INT;
import static dev.backstep.engine.tensor.OpBuilder.op;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.View;
import java.util.Arrays;

/** Losses whose target names a class by its number: {@code nll_loss} and {@code cross_entropy}. */
final class ClassLoss {
    /** A quotient by a number of PyTorch's own program, which its graph shows otherwise than one of the user's. */
    private static final Op MEAN = op("_div_scalar", "input").gradFn("DivBackward1").attr("other", INT, 1L)
            .elementwise(arg(0).over(param("other")), Op.Result.FLOAT).vjp(arg(2).over(param("other"))).build();

    private ClassLoss() {
    }

    /**
     * The losses before the reduction.
     *
     * @param input {@code (C)} or {@code (N, C)}
     * @param target {@code ()} or {@code (1)}, or {@code (N)}
     */
    static Meta check(Meta input, Meta target) {
        int[] x = input.shape();
        int[] t = target.shape();
        if (x.length == 0) {
            throw TorchError.value("Expected 1 or more dimensions (got 0)");
        }
        if (x.length != 1 && t.length > 0 && x[0] != t[0]) {
            throw TorchError.value("Expected input batch_size (" + x[0] + ") to match target batch_size (" + t[0]
                    + ").");
        }
        if (x.length > 2) {
            throw TorchError.runtime("input tensor should be 1D or 2D");
        }
        if (t.length > 1) {
            throw TorchError.runtime("0D or 1D target tensor expected, multi-target not supported");
        }
        if (x.length == 1 && t.length == 1 && t[0] != 1) {
            throw TorchError.runtime("For 1D input, 1D target must have size 1, but got target size: " + t[0]);
        }
        if (!(x.length == 1 && t.length == 0) && (t.length == 0 || x[0] != t[0])) {
            throw TorchError.runtime("size mismatch (got input: " + Arrays.toString(x) + ", target: "
                    + Arrays.toString(t) + ")");
        }
        if (!input.dtype().isFloat()) {
            throw TorchError.runtime("\"nll_loss_out_frame\" not implemented for '" + input.dtype().scalarName()
                    + "'");
        }
        if (target.dtype() != DType.INT64) {
            throw TorchError.runtime("expected scalar type Long but found " + target.dtype().scalarName());
        }
        return new Meta(x.length == 1 ? View.SCALAR : t, input.dtype());
    }

    static Tensor[] nll(Attrs attrs, Tensor[] in) {
        Losses.reduction(attrs);
        check(in[0].meta(), in[1].meta());
        int dim = in[0].dim() - 1;
        Tensor target = target(in[0].dim(), in[1]);
        long[] targets = target.toLongs();
        int classes = in[0].view().shape()[dim];
        long ignored = attrs.integer("ignore_index");
        for (long named : targets) {
            if (named != ignored && (named < 0 || named >= classes)) {
                throw TorchError.index("Target " + named + " is out of bounds.");
            }
        }
        Tensor kept = kept(attrs, target);
        Tensor losses = kept.where(Indexing.GATHER.call(Attrs.of("dim", dim), in[0], places(kept, target))
                .squeeze(-1).neg(), Tensor.scalar(0, in[0].dtype()));
        if (!Losses.reduction(attrs).equals("mean")) {
            return new Tensor[] {Losses.reduce(attrs, losses)};
        }
        return new Tensor[] {losses.sum().div(kept.sum().item())};
    }

    static Tensor gradient(Tensor g, Saved s) {
        Tensor target = target(s.shape(0).length, s.in(1));
        Tensor kept = kept(s.attrs(), target);
        Tensor each = Losses.reduction(s.attrs()).equals("mean") ? g.div(kept.sum().item()) : g;
        Tensor back = kept.where(each.neg(), Tensor.scalar(0, g.dtype()));
        int[] shape = s.shape(0);
        return Indexing.GATHER_BACKWARD.call(Attrs.of("dim", shape.length - 1, "size", shape), back.unsqueeze(-1),
                places(kept, target));
    }

    /** The target of a single sample may have a dimension of its own. */
    private static Tensor target(int rank, Tensor target) {
        return rank == 1 ? target.reshape() : target;
    }

    /** Which targets count. */
    private static Tensor kept(Attrs attrs, Tensor target) {
        return target.ne(Tensor.number(attrs.integer("ignore_index")));
    }

    /** The targets as an index along the last dimension; those that do not count point at the first class. */
    private static Tensor places(Tensor kept, Tensor target) {
        return target.mul(kept).unsqueeze(-1);
    }

    static Meta[] inferCrossEntropy(Attrs attrs, Meta[] in) {
        if (Arrays.equals(in[0].shape(), in[1].shape())) {
            checkShares(in[1]);
        }
        Meta rows = Softmax.LOG_SOFTMAX.infer(Attrs.of("dim", in[0].shape().length == 1 ? 0 : 1), in[0])[0];
        if (!Arrays.equals(in[0].shape(), in[1].shape())) {
            return Losses.reduced(attrs, check(rows, in[1]));
        }
        return Losses.reduced(attrs, new Meta(Shapes.without(in[0].shape(), classDim(in[0].shape().length)),
                Promotion.of(in)));
    }

    /** Targets of the input's shape are probabilities of the classes. */
    static Tensor[] crossEntropy(Attrs attrs, Tensor[] in) {
        int dim = classDim(in[0].dim());
        String reduction = Losses.reduction(attrs);
        boolean shares = Arrays.equals(in[0].view().shape(), in[1].view().shape());
        if (shares) {
            checkShares(in[1].meta());
        }
        Tensor rows = Softmax.LOG_SOFTMAX.call(Attrs.of("dim", dim), in[0]);
        if (!shares) {
            return Losses.NLL_LOSS.apply(attrs, new Tensor[] {rows, in[1]});
        }
        Tensor products = rows.mul(in[1]);
        return switch (reduction) {
            case "none" -> new Tensor[] {products.sum(false, dim).neg()};
            case "sum" -> new Tensor[] {products.sum().neg()};
            default -> new Tensor[] {MEAN.call(
                Attrs.of("other", Shapes.numel(Shapes.without(rows.view().shape(), dim))), products.sum().neg())};
        };
    }

    private static int classDim(int rank) {
        return rank == 1 ? 0 : 1;
    }

    private static void checkShares(Meta target) {
        if (!target.dtype().isFloat()) {
            throw TorchError.runtime("Expected floating point type for target with class probabilities, got "
                    + target.dtype().scalarName());
        }
    }
}

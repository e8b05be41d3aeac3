package dev.backstep.engine.tensor;

import static dev.backstep.engine.tensor.AttrSpec.Kind.INT;
import static dev.backstep.engine.tensor.OpBuilder.op;
import static dev.backstep.engine.tensor.OpBuilder.out;
import static dev.backstep.engine.tensor.OpBuilder.rule;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.Kernel;
import dev.backstep.engine.backend.View;
import java.util.List;

/** Softmax and its like, computed in float64 from the distance to the largest element, so that nothing overflows. */
final class Softmax {
    static final Op SOFTMAX = op("softmax", "input").attr("dim", INT, -1L).palette(Group.ACTIVATION, "softmax")
            .compute(same("softmax"), (attrs, in) -> {
                Tensor powers = fromTop("softmax", attrs, in[0]).exp();
                return new Tensor[] {Layout.inOrder(powers.div(sum(attrs, powers)).to(in[0].dtype()))};
            })
            .vjp(rule("∂L/∂x = Y (G − Σ G Y)", (g, s) -> {
                Tensor gy = g.mul(s.out());
                return Layout.inOrder(gy.sub(s.out().mul(gy.sum(true, dim(s)))));
            }, out(0)))
            .samples(Softmax::samples).build();

    static final Op LOG_SOFTMAX = op("log_softmax", "input").torch("torch.nn.functional.log_softmax")
            .attr("dim", INT, -1L).palette(Group.ACTIVATION, "log softmax")
            .compute(same("log_softmax"), (attrs, in) -> {
                Tensor away = fromTop("log_softmax", attrs, in[0]);
                return new Tensor[] {Layout.inOrder(away.sub(sum(attrs, away.exp()).log()).to(in[0].dtype()))};
            })
            .vjp(rule("∂L/∂x = G − eʸ Σ G", (g, s) -> Layout.inOrder(
                    g.sub(s.out().exp().mul(g.sum(true, dim(s))))), out(0)))
            .samples(Softmax::samples).build();

    static final Op LOGSUMEXP = Reductions.reduction("logsumexp").palette(Group.REDUCE, "ln Σ eˣ")
            .compute(Reductions.shape(DType::toFloat), (attrs, in) -> {
                Tensor x = in[0].to(DType.FLOAT64);
                Attrs wide = attrs.with("keepdim", true);
                Tensor top = Extremes.AMAX.call(wide, x);
                // An infinite top would leave ∞ − ∞.
                top = top.abs().eq(Tensor.scalar(Double.POSITIVE_INFINITY, DType.FLOAT64))
                        .where(Tensor.scalar(0, DType.FLOAT64), top);
                Tensor log = Reductions.fold(Kernel.SUM, wide, x.sub(top).exp(), DType.FLOAT64).log().add(top);
                int[] shape = Shapes.reduced(in[0].view().shape(), Reductions.dims(attrs, in[0].dim()),
                        attrs.flag("keepdim"));
                Tensor shaped = new Tensor(View.contiguous(log.view().buffer(), shape));
                return new Tensor[] {shaped.to(in[0].dtype().toFloat())};
            })
            .vjp(rule("∂L/∂x = G e^(x − y)",
                    (g, s) -> Reductions.restore(g, s).mul(s.in(0).sub(Reductions.restore(s.out(), s)).exp()), 0,
                    out(0)))
            .samples(() -> List.of(Sample.of(Attrs.of("dim", 0), Samples.data(5)),
                    Sample.of(Attrs.of("dim", new int[] {1}, "keepdim", true), Samples.data(2, 3)),
                    Sample.of(Attrs.of("dim", new int[] {0, 1}), Samples.data(2, 3)),
                    Sample.of(Attrs.of("dim", 0), Samples.integers(1, 2)),
                    Sample.of(Attrs.of("dim", 0), Tensor.full(new int[] {2}, Double.NEGATIVE_INFINITY, DType.FLOAT64))
                            .notSmooth()))
            .build();

    static final List<Op> ALL = List.of(SOFTMAX, LOG_SOFTMAX, LOGSUMEXP);

    private Softmax() {
    }

    private static Op.MetaRule same(String name) {
        return (attrs, in) -> {
            int dim = Shapes.dim((int) attrs.integer("dim"), in[0].shape().length);
            needFloat(name, in[0], dim);
            return new Meta[] {in[0]};
        };
    }

    /** PyTorch has a kernel for the last dimension and one for the others, and both say so when they refuse. */
    private static void needFloat(String name, Meta in, int dim) {
        if (!in.dtype().isFloat() && Shapes.numel(in.shape()) > 0) {
            throw TorchError.notImplemented(dim >= in.shape().length - 1 ? name + "_lastdim_kernel_impl"
                    : "softmax_kernel_impl", in.dtype());
        }
    }

    /** The elements less the largest of their row. */
    private static Tensor fromTop(String name, Attrs attrs, Tensor given) {
        int dim = Shapes.dim((int) attrs.integer("dim"), given.dim());
        needFloat(name, given.meta(), dim);
        Tensor x = given.to(DType.FLOAT64);
        return given.numel() == 0 ? x : x.sub(Extremes.AMAX.call(Attrs.of("dim", dim, "keepdim", true), x));
    }

    private static Tensor sum(Attrs attrs, Tensor x) {
        return x.sum(true, (int) attrs.integer("dim"));
    }

    private static int dim(Saved s) {
        return (int) s.attrs().integer("dim");
    }

    private static List<Sample> samples() {
        return List.of(Sample.of(Attrs.of("dim", 0), Samples.data(5)), Sample.of(Attrs.of("dim", 0), Samples.data()),
                Sample.of(Attrs.of("dim", 1), Samples.data(2, 3)), Sample.of(Attrs.of("dim", 0), Samples.data(2, 3)),
                Sample.of(Attrs.of("dim", -2), Samples.data(2, 3, 2)),
                Sample.of(Attrs.of("dim", 0), Samples.data(3).mul(400L)));
    }
}

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

/** Softmax and its like, computed from the distance to the largest element, so that nothing overflows. */
final class Softmax {
    private static final Op SOFTMAX_BACKWARD = backward("_softmax_backward_data", Kernel.SOFTMAX_BACKWARD)
            .vjp(rule("∂L/∂g = Y (G − Σ G Y)",
                    (g, s) -> SOFTMAX_BACKWARD().call(s.attrs(), g, s.in(1)), 1),
                    rule("∂L/∂Y = g G − G Σ g Y − g Σ G Y", (g, s) -> {
                        Tensor back = s.in(0);
                        Tensor y = s.in(1);
                        return back.mul(g).sub(sum(s.attrs(), y.mul(back)).mul(g))
                                .sub(back.mul(sum(s.attrs(), y.mul(g))));
                    }, 0, 1))
            .build();

    private static final Op LOG_SOFTMAX_BACKWARD = backward("_log_softmax_backward_data", Kernel.LOG_SOFTMAX_BACKWARD)
            .vjp(rule("∂L/∂g = G − Σ G eʸ", (g, s) -> g.sub(sum(s.attrs(), g.mul(s.in(1).exp()))), 1),
                    rule("∂L/∂y = −G eʸ Σ g",
                            (g, s) -> sum(s.attrs(), s.in(0)).neg().mul(s.in(1).exp()).mul(g), 0, 1))
            .build();

    static final Op SOFTMAX = op("softmax", "input").attr("dim", INT, -1L).palette(Group.ACTIVATION, "softmax")
            .compute(same("softmax"), (attrs, in) -> along(Kernel.SOFTMAX, "softmax", attrs, in[0]))
            .vjp(rule("∂L/∂x = Y (G − Σ G Y)", (g, s) -> SOFTMAX_BACKWARD.call(s.attrs(), g, s.out()), out(0)))
            .samples(Softmax::samples).build();

    static final Op LOG_SOFTMAX = op("log_softmax", "input").torch("torch.nn.functional.log_softmax")
            .attr("dim", INT, -1L).palette(Group.ACTIVATION, "log softmax")
            .compute(same("log_softmax"), (attrs, in) -> along(Kernel.LOG_SOFTMAX, "log_softmax", attrs, in[0]))
            .vjp(rule("∂L/∂x = G − eʸ Σ G", (g, s) -> LOG_SOFTMAX_BACKWARD.call(s.attrs(), g, s.out()), out(0)))
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

    /** Runs a kernel that goes along the last dimension along that of the call. */
    private static Tensor[] along(Kernel kernel, String name, Attrs attrs, Tensor... in) {
        int dim = Shapes.dim((int) attrs.integer("dim"), in[0].dim());
        needFloat(name, in[0].meta(), dim);
        int[] shape = in[0].view().shape();
        View result = View.contiguous(Tensor.allocate(in[0].dtype(), shape), shape);
        View[] last = new View[in.length];
        for (int i = 0; i < last.length; i++) {
            last[i] = Views.last(in[i].view(), dim);
        }
        if (in[0].numel() > 0) {
            Backends.current().run(kernel, Views.last(result, dim), last);
        }
        return new Tensor[] {new Tensor(result)};
    }

    /** What PyTorch has as one function: the gradient by the input, of that of the result and the result. */
    private static OpBuilder backward(String name, Kernel kernel) {
        return op(name, "grad_output", "output").savedInputs("grad_output", "output").attr("dim", INT, -1L)
                .compute((_, in) -> new Meta[] {in[0]}, (attrs, in) -> along(kernel, name, attrs, in));
    }

    // A rule that names its own op reads the field when it runs.
    private static Op SOFTMAX_BACKWARD() {
        return SOFTMAX_BACKWARD;
    }

    private static Tensor sum(Attrs attrs, Tensor x) {
        return x.sum(true, (int) attrs.integer("dim"));
    }

    private static List<Sample> samples() {
        return List.of(Sample.of(Attrs.of("dim", 0), Samples.data(5)), Sample.of(Attrs.of("dim", 0), Samples.data()),
                Sample.of(Attrs.of("dim", 1), Samples.data(2, 3)), Sample.of(Attrs.of("dim", 0), Samples.data(2, 3)),
                Sample.of(Attrs.of("dim", -2), Samples.data(2, 3, 2)),
                Sample.of(Attrs.of("dim", 0), Samples.data(3).mul(400L)));
    }
}

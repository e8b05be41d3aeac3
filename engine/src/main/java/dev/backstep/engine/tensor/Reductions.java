package dev.backstep.engine.tensor;

import static dev.backstep.engine.tensor.AttrSpec.Kind.FLAG;
import static dev.backstep.engine.tensor.AttrSpec.Kind.INT;
import static dev.backstep.engine.tensor.AttrSpec.Kind.INTS;
import static dev.backstep.engine.tensor.AttrSpec.Kind.NUMBER;
import static dev.backstep.engine.tensor.OpBuilder.op;
import static dev.backstep.engine.tensor.OpBuilder.out;
import static dev.backstep.engine.tensor.OpBuilder.rule;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.Kernel;
import dev.backstep.engine.backend.View;
import java.util.List;

/** Ops that make fewer elements of many. {@code dim} names the dimensions that go; none means all. */
final class Reductions {
    static final Op SUM = reduction("sum").gradFn(numbered("SumBackward")).palette(Group.REDUCE, "Σ")
            .compute(shape(Reductions::whole), (attrs, in) -> one(fold(Kernel.SUM, attrs, in[0],
                    whole(in[0].dtype()))))
            .vjp(rule("∂L/∂x = expand(G)", (g, s) -> spread(g, s))).samples(Reductions::samples).build();

    static final Op MEAN = reduction("mean").gradFn(numbered("MeanBackward")).palette(Group.REDUCE, "mean")
            .compute(shape(type -> needFloat("mean", type)), (attrs, in) -> {
                DType type = needFloat("mean", in[0].dtype());
                Tensor sum = fold(Kernel.SUM, attrs, in[0], type);
                return one(sum.div((double) in[0].numel() / sum.numel()));
            })
            .vjp(rule("∂L/∂x = expand(G) / n", (g, s) -> spread(g, s).div(count(s))))
            .samples(Reductions::samples).build();

    static final Op PROD = op("prod", "input").attr("dim", INT, null).attr("keepdim", FLAG, false)
            .gradFn(numbered("ProdBackward")).palette(Group.REDUCE, "Π")
            .compute(shape(Reductions::whole), (attrs, in) -> one(fold(Kernel.PROD, attrs, in[0],
                    whole(in[0].dtype()))))
            .vjp(rule("∂L/∂xᵢ = G Π xⱼ, j ≠ i", Products::gradient, 0, out(0))).samples(Reductions::singles).build();

    static final Op VAR = reduction("var").attr("correction", NUMBER, 1L).palette(Group.REDUCE, "var")
            .compute(shape(Reductions::spreadable), (attrs, in) -> one(variance(attrs, in[0]).to(in[0].dtype())))
            .vjp(rule("∂L/∂x = G · 2 (x − mean) / (n − correction)", (g, s) -> variance(g, s), 0))
            .samples(Reductions::spreads).build();

    static final Op STD = reduction("std").attr("correction", NUMBER, 1L).palette(Group.REDUCE, "std")
            .compute(shape(Reductions::spreadable),
                    (attrs, in) -> one(variance(attrs, in[0]).sqrt().to(in[0].dtype())))
            .vjp(rule("∂L/∂x = G · (x − mean) / (y (n − correction))",
                    (g, s) -> variance(unless(s.out().eq(0), g.div(s.out().mul(2L))), s), 0, out(0)))
            .samples(Reductions::spreads).build();

    static final Op NORM = op("norm", "input").attr("p", NUMBER, 2.0).attr("dim", INTS, null)
            .attr("keepdim", FLAG, false).gradFn("LinalgVectorNormBackward0").palette(Group.REDUCE, "‖x‖")
            .compute(shape(Norms::type), (attrs, in) -> one(Norms.of(attrs, in[0])))
            .vjp(rule("∂L/∂x = G sign(x) |x|ᵖ⁻¹ / yᵖ⁻¹", Norms::gradient, 0, out(0))).samples(Norms::samples).build();

    static final Op ANY = reduction("any").palette(Group.REDUCE, "∃")
            .compute(shape(_ -> DType.BOOL), (attrs, in) -> one(fold(Kernel.SUM, attrs, in[0].ne(0), DType.INT64)
                    .ne(0)))
            .samples(Reductions::truths).build();

    static final Op ALL_TRUE = reduction("all").palette(Group.REDUCE, "∀")
            .compute(shape(_ -> DType.BOOL), (attrs, in) -> one(fold(Kernel.SUM, attrs, in[0].eq(0), DType.INT64)
                    .eq(0)))
            .samples(Reductions::truths).build();

    static final Op CUMSUM = op("cumsum", "input").attr("dim", INT, 0L).palette(Group.REDUCE, "Σᵢ")
            .compute((attrs, in) -> {
                Shapes.dim((int) attrs.integer("dim"), in[0].shape().length);
                return new Meta[] {new Meta(in[0].shape(), whole(in[0].dtype()))};
            }, (attrs, in) -> {
                int dim = Shapes.dim((int) attrs.integer("dim"), in[0].dim());
                Tensor sums = Tensor.zeros(in[0].shape(), whole(in[0].dtype()));
                Backends.current().run(Kernel.CUMSUM, Views.last(sums.view(), dim), Views.last(in[0].view(), dim));
                return one(sums);
            })
            .vjp(rule("∂L/∂xᵢ = Σ Gⱼ, j ≥ i", (g, s) -> {
                int dim = Shapes.dim((int) s.attrs().integer("dim"), g.dim());
                return g.numel() <= 1 || g.view().shape()[dim] == 1 ? g : g.flip(dim).cumsum(dim).flip(dim);
            }))
            .samples(() -> List.of(Sample.of(Samples.data(4)), Sample.of(Samples.data()),
                    Sample.of(Attrs.of("dim", 1), Samples.data(2, 3)),
                    Sample.of(Attrs.of("dim", -2), Samples.data(2, 3)),
                    Sample.of(Samples.integers(3, 1, 2))))
            .build();

    static final List<Op> ALL = List.of(SUM, MEAN, PROD, VAR, STD, NORM, ANY, ALL_TRUE, CUMSUM);

    private Reductions() {
    }

    static OpBuilder reduction(String name) {
        return op(name, "input").attr("dim", INTS, null).attr("keepdim", FLAG, false);
    }

    /** PyTorch has one function for all dimensions and another for named ones. */
    private static Op.GradFnName numbered(String name) {
        return (attrs, _) -> name + (attrs.has("dim") ? "1" : "0");
    }

    interface TypeRule {
        DType of(DType in);
    }

    static Op.MetaRule shape(TypeRule type) {
        return (attrs, in) -> {
            DType result = type.of(in[0].dtype());
            return new Meta[] {new Meta(Shapes.reduced(in[0].shape(), dims(attrs, in[0].shape().length),
                    attrs.flag("keepdim")), result)};
        };
    }

    static boolean[] dims(Attrs attrs, int rank) {
        return Shapes.dims(attrs.has("dim") ? attrs.ints("dim") : null, rank);
    }

    private static Tensor[] one(Tensor tensor) {
        return new Tensor[] {tensor};
    }

    /** Truths and integers add up to integers. */
    private static DType whole(DType type) {
        return type.isFloat() ? type : DType.INT64;
    }

    private static DType needFloat(String name, DType type) {
        if (!type.isFloat()) {
            throw TorchError.runtime(name + "(): could not infer output dtype. Input dtype must be either a floating "
                    + "point or complex dtype. Got: " + type.scalarName());
        }
        return type;
    }

    private static DType spreadable(DType type) {
        if (!type.isFloat()) {
            throw TorchError.runtime("std and var only support floating point and complex dtypes");
        }
        return type;
    }

    /** Runs a folding kernel over the named dimensions. */
    static Tensor fold(Kernel kernel, Attrs attrs, Tensor x, DType type) {
        View in = x.view();
        boolean[] reduce = dims(attrs, in.rank());
        int[] kept = Shapes.reduced(in.shape(), reduce, true);
        Tensor out = Tensor.zeros(kept, type);
        int[] strides = out.view().strides().clone();
        for (int d = 0; d < reduce.length; d++) {
            strides[d] = reduce[d] ? 0 : strides[d];
        }
        Backends.current().run(kernel, new View(out.view().buffer(), in.shape(), strides, 0), in);
        return attrs.flag("keepdim") ? out
                : new Tensor(View.contiguous(out.view().buffer(), Shapes.reduced(in.shape(), reduce, false)));
    }

    /** How many elements each result was made of. */
    static double count(Saved s) {
        boolean[] reduce = dims(s.attrs(), s.shape(0).length);
        int[] kept = Shapes.reduced(s.shape(0), reduce, true);
        return Shapes.numel(kept) == 0 ? 0 : (double) Shapes.numel(s.shape(0)) / Shapes.numel(kept);
    }

    /** Something of the shape after a reduction, with the dimensions that went as 1, so that it broadcasts. */
    static Tensor restore(Tensor reduced, Saved s) {
        Tensor wide = reduced;
        boolean[] reduce = dims(s.attrs(), s.shape(0).length);
        if (!s.attrs().flag("keepdim") && s.attrs().has("dim")) {
            for (int d = 0; d < reduce.length; d++) {
                if (reduce[d]) {
                    wide = wide.unsqueeze(d);
                }
            }
        }
        return wide;
    }

    /** The gradient of a reduced tensor, seen in the shape before the reduction. */
    static Tensor spread(Tensor g, Saved s) {
        return restore(g, s).expand(s.shape(0));
    }

    /** {@code x}, but 0 where the condition holds; lies as {@code x} does. */
    static Tensor unless(Tensor condition, Tensor x) {
        Tensor filled = condition.where(Tensor.scalar(0, x.dtype()), x);
        return filled.requiresGrad() ? filled : new Tensor(Layout.as(filled.view(), Layout.like(x.view())));
    }

    /** The variance in float64, whatever comes in. */
    private static Tensor variance(Attrs attrs, Tensor x) {
        spreadable(x.dtype());
        Tensor exact = x.to(DType.FLOAT64);
        Tensor sum = fold(Kernel.SUM, attrs.with("keepdim", true), exact, DType.FLOAT64);
        double n = sum.numel() == 0 ? 0 : (double) x.numel() / sum.numel();
        Tensor away = exact.sub(sum.div(n));
        return fold(Kernel.SUM, attrs, away.mul(away), DType.FLOAT64).div(Math.max(0, n - attrs.number("correction")));
    }

    private static Tensor variance(Tensor g, Saved s) {
        Tensor x = s.in(0);
        Attrs over = s.attrs().with("keepdim", true).without("correction");
        Tensor mean = s.attrs().has("dim") ? MEAN().call(over, x) : x.mean();
        return restore(g, s).mul(2 / (count(s) - s.attrs().number("correction"))).mul(x.sub(mean));
    }

    private static Op MEAN() {
        return MEAN;
    }

    static List<Sample> samples() {
        return List.of(Sample.of(Samples.data()), Sample.of(Samples.data(5)), Sample.of(Samples.data(2, 3)),
                Sample.of(Attrs.of("dim", new int[] {0}), Samples.data(2, 3)),
                Sample.of(Attrs.of("dim", new int[] {-1}, "keepdim", true), Samples.data(2, 3)),
                Sample.of(Attrs.of("dim", new int[] {0, 2}), Samples.data(2, 3, 2)),
                Sample.of(Attrs.of("dim", 1), Samples.data(3, 2).t()));
    }

    private static List<Sample> spreads() {
        return List.of(Sample.of(Samples.data(5)), Sample.of(Attrs.of("correction", 0), Samples.data(2, 3)),
                Sample.of(Attrs.of("dim", new int[] {0}), Samples.data(2, 3)),
                Sample.of(Attrs.of("dim", new int[] {-1}, "keepdim", true, "correction", 0), Samples.data(2, 3)),
                Sample.of(Attrs.of("dim", new int[] {0, 2}), Samples.data(2, 3, 2)));
    }

    /** For reductions over all dimensions or over one. */
    static List<Sample> singles() {
        Tensor zero = Tensor.of(new double[] {2, 0, -1.5, 3, 0.5, 0.7}, new int[] {2, 3}, DType.FLOAT64);
        Tensor zeros = Tensor.of(new double[] {2, 0, -1.5, 3, 0, 0}, new int[] {2, 3}, DType.FLOAT64);
        return List.of(Sample.of(Samples.data()), Sample.of(Samples.data(5)), Sample.of(Samples.data(2, 3)),
                Sample.of(Attrs.of("dim", 0), Samples.data(2, 3)),
                Sample.of(Attrs.of("dim", -1, "keepdim", true), Samples.data(2, 3)), Sample.of(zero), Sample.of(zeros),
                Sample.of(Attrs.of("dim", 1), zero), Sample.of(Attrs.of("dim", 1), zeros),
                Sample.of(Samples.integers(2, 3, 4)), Sample.of(Samples.mask(1, 4)));
    }

    private static List<Sample> truths() {
        return List.of(Sample.of(Samples.mask(1, 4)), Sample.of(Samples.mask(2)),
                Sample.of(Attrs.of("dim", 0), Samples.mask(3, 2, 3)),
                Sample.of(Attrs.of("dim", new int[] {-1}, "keepdim", true), Samples.mask(3, 2, 3)),
                Sample.of(Samples.integers(0, 2, 0)), Sample.of(Samples.data(2, 2)));
    }
}

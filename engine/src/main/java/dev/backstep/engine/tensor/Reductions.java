package dev.backstep.engine.tensor;

import static dev.backstep.engine.tensor.AttrSpec.Kind.FLAG;
import static dev.backstep.engine.tensor.AttrSpec.Kind.INTS;
import static dev.backstep.engine.tensor.OpBuilder.op;
import static dev.backstep.engine.tensor.OpBuilder.rule;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.Kernel;
import dev.backstep.engine.backend.View;
import java.util.List;

/** Ops that make fewer elements of many. {@code dim} names the dimensions that go; none means all. */
final class Reductions {
    static final Op SUM = reduction("sum").palette(Group.REDUCE, "Σ")
            .compute(shape(type -> type.isFloat() ? type : DType.INT64),
                    (attrs, in) -> new Tensor[] {fold(Kernel.SUM, attrs, in[0], in[0].dtype().isFloat()
                            ? in[0].dtype() : DType.INT64)})
            .vjp(rule("∂L/∂x = expand(G)", (g, s) -> spread(g, s))).samples(Reductions::samples).build();

    static final Op MEAN = reduction("mean").palette(Group.REDUCE, "mean")
            .compute(shape(type -> needFloat("mean", type)), (attrs, in) -> {
                DType type = needFloat("mean", in[0].dtype());
                Tensor sum = fold(Kernel.SUM, attrs, in[0], type);
                return new Tensor[] {sum.div((double) in[0].numel() / sum.numel())};
            })
            .vjp(rule("∂L/∂x = expand(G) / n",
                    (g, s) -> spread(g, s).div((double) Shapes.numel(s.shape(0)) / g.numel())))
            .samples(Reductions::samples).build();

    static final List<Op> ALL = List.of(SUM, MEAN);

    private Reductions() {
    }

    private static OpBuilder reduction(String name) {
        String base = Character.toUpperCase(name.charAt(0)) + name.substring(1) + "Backward";
        return op(name, "input").attr("dim", INTS, null).attr("keepdim", FLAG, false)
                .gradFn((attrs, _) -> base + (attrs.has("dim") ? "1" : "0"));
    }

    private interface TypeRule {
        DType of(DType in);
    }

    private static Op.MetaRule shape(TypeRule type) {
        return (attrs, in) -> new Meta[] {new Meta(Shapes.reduced(in[0].shape(), dims(attrs, in[0].shape().length),
                attrs.flag("keepdim")), type.of(in[0].dtype()))};
    }

    static boolean[] dims(Attrs attrs, int rank) {
        return Shapes.dims(attrs.has("dim") ? attrs.ints("dim") : null, rank);
    }

    private static DType needFloat(String name, DType type) {
        if (!type.isFloat()) {
            throw TorchError.runtime(name + "(): could not infer output dtype. Input dtype must be either a floating "
                    + "point or complex dtype. Got: " + type.scalarName());
        }
        return type;
    }

    /** Runs a folding kernel over the named dimensions. */
    private static Tensor fold(Kernel kernel, Attrs attrs, Tensor x, DType type) {
        View in = x.view();
        boolean[] reduce = dims(attrs, in.rank());
        int[] kept = Shapes.reduced(in.shape(), reduce, true);
        Tensor out = Tensor.zeros(kept, type);
        int[] strides = out.view().strides().clone();
        for (int d = 0; d < reduce.length; d++) {
            strides[d] = reduce[d] ? 0 : strides[d];
        }
        Tensor.BACKEND.run(kernel, new View(out.view().buffer(), in.shape(), strides, 0), in);
        return attrs.flag("keepdim") ? out
                : new Tensor(View.contiguous(out.view().buffer(), Shapes.reduced(in.shape(), reduce, false)));
    }

    /** The gradient of a reduced tensor, seen in the shape before the reduction. */
    static Tensor spread(Tensor g, Saved s) {
        int[] shape = s.shape(0);
        Tensor wide = g;
        boolean[] reduce = dims(s.attrs(), shape.length);
        if (!s.attrs().flag("keepdim") && s.attrs().has("dim")) {
            for (int d = 0; d < reduce.length; d++) {
                if (reduce[d]) {
                    wide = wide.unsqueeze(d);
                }
            }
        }
        return wide.expand(shape);
    }

    private static List<Sample> samples() {
        return List.of(Sample.of(Samples.data()), Sample.of(Samples.data(5)), Sample.of(Samples.data(2, 3)),
                Sample.of(Attrs.of("dim", new int[] {0}), Samples.data(2, 3)),
                Sample.of(Attrs.of("dim", new int[] {-1}, "keepdim", true), Samples.data(2, 3)),
                Sample.of(Attrs.of("dim", new int[] {0, 2}), Samples.data(2, 3, 2)),
                Sample.of(Attrs.of("dim", new int[] {1}), Samples.data(3, 2).t()));
    }
}

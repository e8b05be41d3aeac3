package dev.backstep.engine.tensor;

import static dev.backstep.engine.tensor.AttrSpec.Kind.FLAG;
import static dev.backstep.engine.tensor.AttrSpec.Kind.INT;
import static dev.backstep.engine.tensor.AttrSpec.Kind.INTS;
import static dev.backstep.engine.tensor.OpBuilder.op;
import static dev.backstep.engine.tensor.OpBuilder.out;
import static dev.backstep.engine.tensor.OpBuilder.rule;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.Kernel;
import dev.backstep.engine.backend.View;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The largest and smallest elements, and where they are. */
final class Extremes {
    static final Op MAX = whole("max", "MaxBackward1", Kernel.MAX);
    static final Op MIN = whole("min", "MinBackward1", Kernel.MIN);
    static final Op MAX_DIM = along("max", "MaxBackward0", Kernel.MAX, Kernel.ARGMAX);
    static final Op MIN_DIM = along("min", "MinBackward0", Kernel.MIN, Kernel.ARGMIN);
    static final Op AMAX = several("amax", Kernel.MAX);
    static final Op AMIN = several("amin", Kernel.MIN);
    static final Op ARGMAX = place("argmax", Kernel.ARGMAX);
    static final Op ARGMIN = place("argmin", Kernel.ARGMIN);

    static final List<Op> ALL = List.of(MAX, MIN, MAX_DIM, MIN_DIM, AMAX, AMIN, ARGMAX, ARGMIN);

    private Extremes() {
    }

    /** Over all dimensions; equal winners share the gradient. */
    private static Op whole(String name, String gradFn, Kernel kernel) {
        return op(name, "input").gradFn(gradFn).palette(Group.REDUCE, name)
                .compute((_, in) -> {
                    refuseEmpty(name, in[0].shape(), all(in[0].shape().length), false);
                    return new Meta[] {new Meta(View.SCALAR, in[0].dtype())};
                }, (_, in) -> new Tensor[] {reduce(kernel, in[0].dtype(), name, in[0], all(in[0].dim()), false, false)})
                .vjp(rule("∂L/∂x = G / count where x = y, else 0", (g, s) -> {
                    Tensor wins = wins(s.in(0), s.out());
                    return Layout.inOrder(wins.where(g.div(wins.sum()), Tensor.scalar(0, g.dtype())));
                }, 0, out(0)))
                .samples(() -> List.of(Sample.of(Samples.data()), Sample.of(Samples.data(5)),
                        Sample.of(Samples.data(2, 3)), Sample.of(ties()).notSmooth(), Sample.of(withNaN()).notSmooth(),
                        Sample.of(Samples.integers(3, 1, 3))))
                .build();
    }

    /** Over one dimension, with the places; the first of equal winners takes the gradient. */
    private static Op along(String name, String gradFn, Kernel kernel, Kernel places) {
        return op(name + "_dim", "input").torch("torch." + name).gradFn(gradFn).attr("dim", INT, 0L)
                .attr("keepdim", FLAG, false).outputs("values", "indices").palette(Group.REDUCE, name + " dim")
                .compute((attrs, in) -> {
                    boolean[] dims = Reductions.dims(attrs, in[0].shape().length);
                    refuseEmpty(name, in[0].shape(), dims, true);
                    int[] shape = Shapes.reduced(in[0].shape(), dims, attrs.flag("keepdim"));
                    return new Meta[] {new Meta(shape, in[0].dtype()), new Meta(shape, DType.INT64)};
                }, (attrs, in) -> {
                    boolean[] dims = Reductions.dims(attrs, in[0].dim());
                    boolean keep = attrs.flag("keepdim");
                    return new Tensor[] {reduce(kernel, in[0].dtype(), name, in[0], dims, keep, true),
                        reduce(places, DType.INT64, name, in[0], dims, keep, true)};
                })
                .vjp(rule("∂L/∂x = G at the places found, else 0", (g, s) -> {
                    if (s.shape(0).length == 0) {
                        return g;
                    }
                    int dim = Shapes.dim((int) s.attrs().integer("dim"), s.shape(0).length);
                    boolean keep = s.attrs().flag("keepdim");
                    return Indexing.GATHER_BACKWARD.call(Attrs.of("dim", dim, "size", s.shape(0)),
                            keep ? s.grad(0) : s.grad(0).unsqueeze(dim), keep ? s.out(1) : s.out(1).unsqueeze(dim));
                }, out(1)))
                .samples(() -> {
                    List<Sample> samples = new ArrayList<>();
                    samples.add(Sample.of(Attrs.of("dim", 0), Samples.data()));
                    samples.add(Sample.of(Attrs.of("dim", 0), Samples.data(5)));
                    samples.add(Sample.of(Attrs.of("dim", 1), Samples.data(2, 3)));
                    samples.add(Sample.of(Attrs.of("dim", -2, "keepdim", true), Samples.data(2, 3)));
                    samples.add(Sample.of(Attrs.of("dim", 1), Samples.data(2, 3, 2)));
                    samples.add(Sample.of(Attrs.of("dim", 0), ties()).notSmooth());
                    samples.add(Sample.of(Attrs.of("dim", 0), withNaN()).notSmooth());
                    samples.add(Sample.of(Attrs.of("dim", 0), Samples.integers(3, 1, 3)));
                    return samples;
                })
                .build();
    }

    /** Over any dimensions; equal winners share the gradient. */
    private static Op several(String name, Kernel kernel) {
        return op(name, "input").attr("dim", INTS, null).attr("keepdim", FLAG, false).palette(Group.REDUCE, name)
                .compute((attrs, in) -> {
                    refuseEmpty(name, in[0].shape(), attrs);
                    boolean[] dims = Reductions.dims(attrs, in[0].shape().length);
                    refuseEmpty(name, in[0].shape(), dims, attrs.has("dim"));
                    return new Meta[] {new Meta(Shapes.reduced(in[0].shape(), dims, attrs.flag("keepdim")),
                            in[0].dtype())};
                }, (attrs, in) -> {
                    refuseEmpty(name, in[0].view().shape(), attrs);
                    return new Tensor[] {reduce(kernel, in[0].dtype(), name, in[0],
                            Reductions.dims(attrs, in[0].dim()), attrs.flag("keepdim"), attrs.has("dim"))};
                })
                .vjp(rule("∂L/∂x = G / count where x = y, else 0", (g, s) -> {
                    Tensor wins = Reductions.restore(s.out(), s).eq(s.in(0)).to(g.dtype());
                    Tensor count = s.attrs().has("dim") ? wins.sum(true, s.attrs().ints("dim")) : wins.sum();
                    return Reductions.restore(g, s).mul(wins).div(count);
                }, 0, out(0)))
                .samples(() -> {
                    List<Sample> samples = new ArrayList<>(Reductions.samples());
                    samples.add(Sample.of(ties()).notSmooth());
                    return samples;
                })
                .build();
    }

    private static Op place(String name, Kernel kernel) {
        return op(name, "input").attr("dim", INT, null).attr("keepdim", FLAG, false).palette(Group.REDUCE, name)
                .compute((attrs, in) -> {
                    boolean[] dims = Reductions.dims(attrs, in[0].shape().length);
                    refuseTruths(name, in[0].dtype());
                    refuseEmpty(name, in[0].shape(), dims, attrs.has("dim"));
                    return new Meta[] {new Meta(Shapes.reduced(in[0].shape(), dims, attrs.flag("keepdim")),
                            DType.INT64)};
                }, (attrs, in) -> {
                    refuseTruths(name, in[0].dtype());
                    return new Tensor[] {reduce(kernel, DType.INT64, name, in[0],
                            Reductions.dims(attrs, in[0].dim()), attrs.flag("keepdim"), attrs.has("dim"))};
                })
                .samples(() -> List.of(Sample.of(Samples.data()), Sample.of(Samples.data(5)),
                        Sample.of(Samples.data(2, 3)), Sample.of(Attrs.of("dim", 0), Samples.data(2, 3)),
                        Sample.of(Attrs.of("dim", -1, "keepdim", true), Samples.data(2, 3)), Sample.of(ties()),
                        Sample.of(withNaN()), Sample.of(Samples.integers(3, 1, 3))))
                .build();
    }

    private static Tensor ties() {
        return Tensor.of(new double[] {2, -1, 2, -1, 2, 0}, new int[] {2, 3}, DType.FLOAT64);
    }

    private static Tensor withNaN() {
        return Tensor.of(new double[] {1, Double.NaN, 3}, new int[] {3}, DType.FLOAT64);
    }

    private static boolean[] all(int rank) {
        boolean[] dims = new boolean[rank];
        Arrays.fill(dims, true);
        return dims;
    }

    /** Where an element is the winner; a NaN is where it wins. */
    private static Tensor wins(Tensor x, Tensor y) {
        double winner = y.item();
        return winner == winner ? x.eq(y) : Pointwise.NE.call(x, x);
    }

    private static void refuseTruths(String name, DType type) {
        if (type == DType.BOOL) {
            throw TorchError.runtime(name + "(): does not support bool input");
        }
    }

    /** Before anything else the dimensions are looked at as they were named. */
    private static void refuseEmpty(String name, int[] shape, Attrs attrs) {
        if (Shapes.numel(shape) > 0 || !attrs.has("dim")) {
            return;
        }
        for (int d : attrs.ints("dim")) {
            if (shape[Shapes.dim(d, shape.length)] == 0) {
                throw TorchError.index(name + "(): Expected reduction dim " + d + " to have non-zero size.");
            }
        }
    }

    private static void refuseEmpty(String name, int[] shape, boolean[] dims, boolean named) {
        for (int d = 0; d < shape.length; d++) {
            if (dims[d] && shape[d] == 0) {
                throw named ? TorchError.index(name + "(): Expected reduction dim " + d + " to have non-zero size.")
                        : TorchError.runtime(name + "(): Expected reduction dim to be specified for input.numel() == 0."
                                + (name.startsWith("arg") ? "" : " Specify the reduction dim with the 'dim' argument."));
            }
        }
    }

    /** Runs a kernel that looks along the last dimension over all those marked. */
    private static Tensor reduce(Kernel kernel, DType type, String name, Tensor x, boolean[] dims, boolean keepdim,
            boolean named) {
        View in = x.view();
        refuseEmpty(name, in.shape(), dims, named);
        int[] order = new int[in.rank()];
        int at = 0;
        for (int pass = 0; pass < 2; pass++) {
            for (int d = 0; d < dims.length; d++) {
                if (dims[d] == (pass == 1)) {
                    order[at++] = d;
                }
            }
        }
        int[] kept = Shapes.reduced(in.shape(), dims, false);
        View sorted = Views.permute(in, order);
        int[] rows = Arrays.copyOf(kept, kept.length + 1);
        rows[kept.length] = Shapes.numel(kept) == 0 ? 1 : in.numel() / Shapes.numel(kept);
        View flat = Views.reshape(sorted, rows);
        if (flat == null) {
            flat = Views.reshape(Movement.copy(sorted), rows);
        }
        View out = View.contiguous(Tensor.allocate(type, kept), kept);
        Backends.current().run(kernel, out, flat);
        return new Tensor(View.contiguous(out.buffer(), Shapes.reduced(in.shape(), dims, keepdim)));
    }
}

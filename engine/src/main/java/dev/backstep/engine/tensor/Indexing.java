package dev.backstep.engine.tensor;

import static dev.backstep.engine.tensor.AttrSpec.Kind.INT;
import static dev.backstep.engine.tensor.AttrSpec.Kind.INTS;
import static dev.backstep.engine.tensor.OpBuilder.op;
import static dev.backstep.engine.tensor.OpBuilder.rule;
import static dev.backstep.engine.tensor.OpBuilder.shape;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.Buffer;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.Kernel;
import dev.backstep.engine.backend.View;
import dev.backstep.engine.expr.Expr;
import dev.backstep.engine.expr.Program;
import java.util.Arrays;
import java.util.List;

/** What stands in brackets: numbers, slices, masks and tensors of indices. The first two only look; the others copy. */
final class Indexing {
    static final Op SELECT = op("select", "input").attr("dim", INT, 0L).attr("index", INT, 0L)
            .palette(Group.SHAPE, "x[i]")
            .view(shape((attrs, from) -> {
                Views.index(attrs, from);
                return Shapes.without(from, Shapes.dim((int) attrs.integer("dim"), from.length));
            }), (attrs, in) -> new View[] {Views.select(in, attrs)})
            .vjp(rule("∂L/∂x[i] = G, else 0", (g, s) -> SELECT_BACKWARD().call(s.attrs().with("size", s.shape(0)), g)))
            .samples(() -> List.of(Sample.of(Attrs.of("dim", 0, "index", 1), Samples.data(3)),
                    Sample.of(Attrs.of("dim", 1, "index", -1), Samples.data(2, 3)),
                    Sample.of(Attrs.of("dim", 0, "index", 0), Samples.data(2, 1, 2))))
            .build();

    static final Op SELECT_BACKWARD = op("select_backward", "grad").attr("dim", INT, 0L).attr("index", INT, 0L)
            .attr("size", INTS, null)
            .compute(shape((attrs, _) -> attrs.ints("size")), (attrs, in) -> {
                Tensor zeros = Tensor.zeros(attrs.ints("size"), in[0].dtype());
                Backends.current().run(Kernel.COPY, Views.select(zeros.view(), attrs), in[0].view());
                return new Tensor[] {zeros};
            })
            .vjp(rule("select(G)", (g, s) -> SELECT.call(s.attrs(), g)))
            .samples(() -> List.of(Sample.of(Attrs.of("dim", 1, "index", -1, "size", new int[] {2, 3}),
                    Samples.data(2))))
            .build();

    static final Op SLICE = op("slice", "input").torch("torch.Tensor.__getitem__").attr("dim", INT, 0L)
            .attr("start", INT, null).attr("end", INT, null).attr("step", INT, 1L).palette(Group.SHAPE, "x[a:b]")
            .view(shape((attrs, from) -> Views.sliced(from, attrs)), (attrs, in) -> new View[] {Views.slice(in, attrs)})
            .vjp(rule("∂L/∂x[a:b] = G, else 0",
                    (g, s) -> SLICE_BACKWARD().call(s.attrs().with("size", s.shape(0)), g)))
            .samples(() -> List.of(Sample.of(Attrs.of("dim", 0, "start", 1, "end", 3), Samples.data(4)),
                    Sample.of(Attrs.of("dim", 1, "start", 0, "end", -1, "step", 2), Samples.data(2, 4)),
                    Sample.of(Attrs.of("dim", 0, "start", 2, "end", 1), Samples.data(3))))
            .build();

    static final Op SLICE_BACKWARD = op("slice_backward", "grad").attr("dim", INT, 0L).attr("start", INT, null)
            .attr("end", INT, null).attr("step", INT, 1L).attr("size", INTS, null)
            .compute(shape((attrs, _) -> attrs.ints("size")), (attrs, in) -> {
                Tensor zeros = Tensor.zeros(attrs.ints("size"), in[0].dtype());
                Backends.current().run(Kernel.COPY, Views.slice(zeros.view(), attrs), in[0].view());
                return new Tensor[] {zeros};
            })
            .vjp(rule("slice(G)", (g, s) -> SLICE.call(s.attrs(), g)))
            .samples(() -> List.of(Sample.of(Attrs.of("start", 1, "end", 5, "step", 2, "size", new int[] {6, 2}),
                    Samples.data(2, 2))))
            .build();

    /** What is left of brackets when single numbers are out: tensors with dimensions. */
    static final Op TENSORS = op("_index", "input", "index").savedInputs("self", "indices[]")
            .gradFn("IndexBackward0").attr("dims", INTS, null)
            .compute((attrs, in) -> {
                int[] shape = Picks.shape(in[0].shape(), Arrays.copyOfRange(in, 1, in.length), attrs);
                return new Meta[] {new Meta(shape, in[0].dtype())};
            }, (attrs, in) -> {
                Tensor[] indices = Arrays.copyOfRange(in, 1, in.length);
                Picked picks = pick(in[0].view().shape(), indices, attrs);
                View picked = gather(in[0], picks.shape(), picks.places());
                return new Tensor[] {new Tensor(Layout.as(picked, Picks.strides(in[0].view(), indices, attrs)))};
            })
            .vjp(rule("∂L/∂x[i] = Σ G, else 0", (g, s) -> INDEX_BACKWARD().call(
                    s.attrs().with("size", s.shape(0)), indexed(s, g)), 1, 2, 3, 4, 5, 6, 7), null).build();

    /**
     * {@code x[i, j, ...]} with tensors of integers or truths, one after another from the first dimension on; or each
     * at the dimension that {@code dims} says, as in {@code x[:, i]}.
     */
    static final Op INDEX = op("index", "input", "index").torch("torch.Tensor.__getitem__").attr("dims", INTS, null)
            .palette(Group.SHAPE, "x[t]")
            .compose((attrs, in) -> new Meta[] {Brackets.infer(attrs, in)}, "∂L/∂x[i] = Σ G, else 0",
                    (attrs, in) -> new Tensor[] {Brackets.of(attrs, in)})
            .samples(() -> List.of(Sample.of(Samples.data(4), Samples.integers(2, 0, -1, 2)),
                    Sample.of(Samples.data(3, 2), Samples.integers(2, 0)),
                    Sample.of(Attrs.of("dims", 1), Samples.data(2, 3), Samples.integers(1, 1, 0)),
                    Sample.of(Samples.data(2, 3), Samples.integers(1, 0), Samples.integers(2, 1)),
                    Sample.of(Attrs.of("dims", new int[] {0, 2}), Samples.data(2, 3, 2), Samples.integers(1, 0),
                            Samples.integers(1)),
                    Sample.of(Attrs.of("dims", new int[] {1, 2}), Samples.data(2, 3, 2),
                            Samples.integers(1, 0).reshape(2, 1), Samples.integers(1, 0, 1)),
                    Sample.of(Samples.data(2, 3), Samples.mask(4, 2, 3)),
                    Sample.of(Attrs.of("dims", 1), Samples.data(2, 4), Samples.mask(3, 4)),
                    Sample.of(Samples.data(3, 2).t(), Samples.integers(1, 0)),
                    Sample.of(Samples.data(3, 2), Tensor.of(new long[] {-1}, View.SCALAR)),
                    Sample.of(Samples.data(3, 2), Samples.mask(2)), Sample.of(Samples.data(), Samples.mask(2)),
                    Sample.of(Samples.data(3, 2), Tensor.of(new long[] {1}, View.SCALAR), Samples.integers(1, 0))))
            .build();

    static final Op INDEX_BACKWARD = op("index_backward", "grad", "index").attr("dims", INTS, null)
            .savedInputs("self", "indices[]")
            .attr("size", INTS, null)
            .compute(shape((attrs, _) -> attrs.ints("size")), (attrs, in) -> {
                int[] size = attrs.ints("size");
                Picked picks = pick(size, Arrays.copyOfRange(in, 1, in.length), attrs);
                return scatter(in[0], size, picks.shape(), picks.places());
            })
            .vjp(rule("index(G)", (g, s) -> TENSORS.call(s.attrs().without("size"), indexed(s, g)), 1, 2, 3, 4, 5, 6, 7), null)
            .build();

    /** {@code x[i, j, ...] = value}, as a new tensor; {@link Tensor#index_put_} writes in place. */
    static final Op INDEX_PUT = op("index_put", "input", "value", "index").attr("dims", INTS, null)
            .savedInputs("self", "values", "indices[]")
            .palette(Group.SHAPE, "x[t]=v")
            .compute((attrs, in) -> {
                Picks.checkPut(in[0].dtype(), in[1].dtype());
                Picks.checkPut(in[1].shape(), Picks.shape(in[0].shape(), Arrays.copyOfRange(in, 2, in.length), attrs));
                return new Meta[] {in[0]};
            }, (attrs, in) -> {
                Picks.checkPut(in[0].dtype(), in[1].dtype());
                View out = Movement.copy(in[0].view());
                Picked picks = pick(out.shape(), Arrays.copyOfRange(in, 2, in.length), attrs);
                Picks.checkPut(in[1].view().shape(), picks.shape());
                Backends.current().run(Kernel.SCATTER, out, in[1].view().expand(picks.shape()),
                        View.contiguous(picks.places(), picks.shape()));
                return new Tensor[] {new Tensor(Layout.as(out, Layout.like(in[0].view())))};
            })
            .vjp(rule("∂L/∂x = G, 0 at [i]", (g, s) -> INDEX_PUT().call(s.attrs(), indexed(s, g,
                            Tensor.scalar(0, g.dtype()))), 2, 3, 4, 5, 6, 7),
                    rule("∂L/∂v = G[i]", (g, s) -> TENSORS.call(s.attrs(), indexed(s, g)), 2, 3, 4, 5, 6, 7), null)
            .samples(() -> List.of(Sample.of(Samples.data(4), Samples.uniform(3, -1, 1, 2), Samples.integers(2, 0)),
                    Sample.of(Samples.data(3, 2), Samples.uniform(3, -1, 1), Samples.integers(2, -2)),
                    Sample.of(Attrs.of("dims", 1), Samples.data(2, 3), Samples.uniform(3, -1, 1, 2, 1),
                            Samples.integers(1, 0)),
                    Sample.of(Samples.data(2, 3), Samples.uniform(3, -1, 1), Samples.mask(4, 2, 3)),
                    Sample.of(Samples.data(3, 2).t(), Samples.uniform(3, -1, 1, 2), Samples.integers(1, 0),
                            Samples.integers(2, 2)).notSmooth()))
            .build();

    /** {@code torch.gather}: along a dimension, each place of the result has an index of its own. */
    static final Op GATHER = op("gather", "input", "index").attr("dim", INT, 0L).palette(Group.SHAPE, "gather")
            .compute((attrs, in) -> {
                Picks.checkGather(attrs, in[0].shape(), in[1]);
                return new Meta[] {new Meta(in[1].shape(), in[0].dtype())};
            }, (attrs, in) -> {
                Picks.checkGather(attrs, in[0].view().shape(), in[1].meta());
                return new Tensor[] {new Tensor(gather(in[0], in[1].view().shape(),
                        along(attrs, in[0].view().shape(), in[1])))};
            })
            .vjp(rule("∂L/∂x = scatter_add(G)",
                    (g, s) -> GATHER_BACKWARD().call(s.attrs().with("size", s.shape(0)), g, s.in(1)), 0, 1), null)
            .samples(() -> List.of(Sample.of(Samples.data(4), Samples.integers(2, 0, 2)),
                    Sample.of(Attrs.of("dim", 1), Samples.data(2, 3), Samples.integers(2, 0).reshape(2, 1)),
                    Sample.of(Attrs.of("dim", -2), Samples.data(2, 3), Samples.integers(1, 0, 1).reshape(1, 3)),
                    Sample.of(Samples.data(), Samples.integers(0)),
                    Sample.of(Samples.data(3), Samples.integers(2).reshape())))
            .build();

    static final Op GATHER_BACKWARD = op("gather_backward", "grad", "index").attr("dim", INT, 0L)
            .attr("size", INTS, null)
            .compute(shape((attrs, _) -> attrs.ints("size")), (attrs, in) -> scatter(in[0], attrs.ints("size"),
                    in[1].view().shape(), along(attrs, attrs.ints("size"), in[1])))
            .vjp(rule("gather(G)", (g, s) -> GATHER.call(s.attrs().without("size"), g, s.in(1)), 1), null).build();

    static final List<Op> ALL = List.of(SELECT, SELECT_BACKWARD, SLICE, SLICE_BACKWARD, TENSORS, INDEX, INDEX_BACKWARD,
            INDEX_PUT, GATHER, GATHER_BACKWARD);

    private static final Program SUM = new Program(Expr.arg(0).plus(Expr.arg(1)), 2);

    private Indexing() {
    }

    // A rule that names a later op reads the field when it runs.

    private static Op SELECT_BACKWARD() {
        return SELECT_BACKWARD;
    }

    private static Op SLICE_BACKWARD() {
        return SLICE_BACKWARD;
    }

    private static Op INDEX_BACKWARD() {
        return INDEX_BACKWARD;
    }

    private static Op INDEX_PUT() {
        return INDEX_PUT;
    }

    private static Op GATHER_BACKWARD() {
        return GATHER_BACKWARD;
    }

    /** Those tensors, and then the indices that the call had at its end. */
    private static Tensor[] indexed(Saved s, Tensor... first) {
        int count = s.node().inputs().length;
        int from = s.node().hasDerivative(1) ? 2 : 1;
        Tensor[] all = Arrays.copyOf(first, first.length + count - from);
        for (int i = from; i < count; i++) {
            all[first.length + i - from] = s.in(i);
        }
        return all;
    }

    /** The places that {@code gather} reads, in memory. */
    private static Buffer along(Attrs attrs, int[] source, Tensor index) {
        return Backends.current().made(() -> Picks.along(attrs, source, index), index.view());
    }

    /** What indices pick: its shape, and the places in memory. */
    private record Picked(int[] shape, Buffer places) {
    }

    private static Picked pick(int[] from, Tensor[] indices, Attrs attrs) {
        View[] views = new View[indices.length];
        for (int i = 0; i < views.length; i++) {
            views[i] = indices[i].view();
        }
        Picks[] found = new Picks[1];
        Buffer places = Backends.current().made(() -> {
            found[0] = Picks.of(from, indices, attrs);
            return found[0].places();
        }, views);
        return new Picked(found[0].shape(), places);
    }

    /**
     * Adds values to rows of zeros, each to that place of its own row, without looking at the places.
     *
     * @param places of the shape of the values, each within the width
     */
    static Tensor scatterRows(Tensor values, Tensor places, int width) {
        int[] shape = values.shape();
        int length = shape[shape.length - 1];
        int count = length == 0 ? 0 : Shapes.numel(shape) / length;
        double[] starts = new double[count];
        for (int i = 0; i < count; i++) {
            starts[i] = (double) i * width;
        }
        int[] flat = {count, length};
        View at = Tensor.zeros(flat, DType.INT64).view();
        Backends.current().pointwise(SUM, new double[0], DType.FLOAT32, at, places.reshape(flat).view(),
                Tensor.of(starts, new int[] {count, 1}, DType.FLOAT32).view().expand(flat));
        return scatter(values.reshape(flat), new int[] {count, width}, flat, at.buffer())[0];
    }

    private static View gather(Tensor source, int[] shape, Buffer places) {
        View out = View.contiguous(Tensor.allocate(source.dtype(), shape), shape);
        View from = source.isContiguous() ? source.view() : Movement.copy(source.view());
        Backends.current().run(Kernel.GATHER, out, from, View.contiguous(places, shape));
        return out;
    }

    private static Tensor[] scatter(Tensor values, int[] size, int[] shape, Buffer places) {
        Tensor sums = Tensor.zeros(size, values.dtype());
        Backends.current().run(Kernel.SCATTER_ADD, sums.view(), values.view(), View.contiguous(places, shape));
        return new Tensor[] {sums};
    }
}

package dev.backstep.engine.tensor;

import static dev.backstep.engine.tensor.AttrSpec.Kind.DTYPE;
import static dev.backstep.engine.tensor.AttrSpec.Kind.INT;
import static dev.backstep.engine.tensor.AttrSpec.Kind.INTS;
import static dev.backstep.engine.tensor.OpBuilder.op;
import static dev.backstep.engine.tensor.OpBuilder.rule;
import static dev.backstep.engine.tensor.OpBuilder.shape;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.Kernel;
import dev.backstep.engine.backend.View;
import java.util.Arrays;
import java.util.List;

/** Ops that change the shape. Views share memory; their gradient goes the way back. */
final class Movement {
    static final Op CLONE = op("clone", "input").palette(Group.SHAPE, "clone")
            .compute((_, in) -> in, (_, in) -> one(Layout.copy(in[0].view())))
            .vjp(rule("∂L/∂x = G", (g, _) -> g)).samples(() -> Samples.reals()).build();

    /** {@code clone} into row-major order. */
    static final Op CONTIGUOUS = op("_contiguous", "input").gradFn("CloneBackward0")
            .compute((_, in) -> in, (_, in) -> one(copy(in[0].view())))
            .vjp(rule("∂L/∂x = G", (g, _) -> g)).build();

    static final Op TO_COPY = op("_to_copy", "input").gradFn("ToCopyBackward0").attr("dtype", DTYPE, null)
            .compute(Movement::typed, (attrs, in) -> {
                View from = in[0].view();
                return one(Layout.copy(from, attrs.dtype("dtype"), Layout.like(from)));
            })
            .vjp(rule("∂L/∂x = G", (g, s) -> g.to(s.inMeta(0).dtype()))).build();

    /** The tensor itself where it has that type already. */
    static final Op TO = op("to", "input").torch("torch.Tensor.to").attr("dtype", DTYPE, null)
            .palette(Group.SHAPE, "dtype")
            .compose(Movement::typed, "∂L/∂x = G",
                    (attrs, in) -> in[0].dtype() == attrs.dtype("dtype") ? in : TO_COPY.apply(attrs, in))
            .samples(() -> List.of(Sample.of(Attrs.of("dtype", "float32"), Samples.data(2, 3)),
                    Sample.of(Attrs.of("dtype", "float64"), Samples.data(3)),
                    Sample.of(Attrs.of("dtype", "int64"), Samples.data(3)),
                    Sample.of(Attrs.of("dtype", "bool"), Samples.integers(-1, 0, 2)),
                    Sample.of(Attrs.of("dtype", "float32"), Samples.integers(-1, 0, 2))))
            .build();

    /** Backward nodes of in-place writes; the writing itself is {@link InPlace}'s. */
    static final Op ZERO = op("zero_", "input", "value").gradFn("ZeroBackward0").vjp(nothing(), null)
            .compute((_, in) -> in, (_, in) -> in).build();
    static final Op FILL = op("fill_", "input", "value").gradFn("FillBackward2").vjp(nothing(), null)
            .compute((_, in) -> in, (_, in) -> in).build();
    static final Op COPY = op("copy_", "input", "source").gradFn("CopyBackwards")
            .vjp(nothing(), rule("∂L/∂source = G", (g, _) -> g)).compute((_, in) -> in, (_, in) -> in).build();

    static final Op EXPAND = op("expand", "input").torch("torch.Tensor.expand").attr("size", INTS, null)
            .palette(Group.SHAPE, "expand")
            .view(shape((attrs, from) -> expanded(attrs.ints("size"), from)),
                    (attrs, in) -> new View[] {Views.expand(in, expanded(attrs.ints("size"), in.shape()))})
            .vjp(rule("∂L/∂x = Σ G", (g, s) -> g.sumTo(s.shape(0))))
            .samples(() -> List.of(Sample.of(Attrs.of("size", new int[] {3, 4}), Samples.data(4)),
                    Sample.of(Attrs.of("size", new int[] {2, 3, -1}), Samples.data(3, 1)),
                    Sample.of(Attrs.of("size", new int[] {2, 2}), Samples.data())))
            .build();

    static final Op VIEW = op("view", "input").torch("torch.Tensor.view").attr("size", INTS, null)
            .palette(Group.SHAPE, "view")
            .view(shape((attrs, from) -> Shapes.fill(attrs.ints("size"), Shapes.numel(from))), (attrs, in) -> {
                View view = Views.reshape(in, Shapes.fill(attrs.ints("size"), in.numel()));
                if (view == null) {
                    throw TorchError.runtime("view size is not compatible with input tensor's size and stride (at "
                            + "least one dimension spans across two contiguous subspaces). Use .reshape(...) instead.");
                }
                return new View[] {view};
            })
            .vjp(rule("∂L/∂x = reshape(G)", (g, s) -> g.reshape(s.shape(0))))
            .samples(() -> List.of(Sample.of(Attrs.of("size", new int[] {3, 2}), Samples.data(2, 3)),
                    Sample.of(Attrs.of("size", new int[] {-1}), Samples.data(2, 1, 2)),
                    Sample.of(Attrs.of("size", new int[] {1, 1}), Samples.data())))
            .build();

    /** {@code _unsafe_view}: a view of memory nobody else sees, so it counts as a tensor of its own. */
    static final Op UNSAFE_VIEW = op("_unsafe_view", "input").attr("size", INTS, null)
            .compute(shape((attrs, _) -> attrs.ints("size")),
                    (attrs, in) -> one(Views.reshape(in[0].view(), attrs.ints("size"))))
            .gradFn("UnsafeViewBackward0").vjp(rule("∂L/∂x = reshape(G)", (g, s) -> g.reshape(s.shape(0)))).build();

    /** What {@code reshape} is of strided memory that it need not copy. */
    static final Op RESHAPE_ALIAS = op("_reshape_alias", "input").attr("size", INTS, null)
            .view(shape((attrs, _) -> attrs.ints("size")),
                    (attrs, in) -> new View[] {Views.reshape(in, attrs.ints("size"))})
            .gradFn("ReshapeAliasBackward0").vjp(rule("∂L/∂x = reshape(G)", (g, s) -> g.reshape(s.shape(0)))).build();

    static final Op RESHAPE = op("reshape", "input").attr("shape", INTS, null).palette(Group.SHAPE, "reshape")
            .compose(shape((attrs, from) -> Shapes.fill(attrs.ints("shape"), Shapes.numel(from))),
                    "∂L/∂x = reshape(G)", (attrs, in) -> {
                        int[] size = Shapes.fill(attrs.ints("shape"), in[0].numel());
                        Attrs sized = Attrs.of("size", size);
                        if (in[0].isContiguous()) {
                            return VIEW.apply(sized, in);
                        }
                        return Views.reshape(in[0].view(), size) != null ? RESHAPE_ALIAS.apply(sized, in)
                                : UNSAFE_VIEW.apply(sized, CONTIGUOUS.call(in));
                    })
            .samples(() -> List.of(Sample.of(Attrs.of("shape", new int[] {3, 2}), Samples.data(2, 3)),
                    Sample.of(Attrs.of("shape", new int[] {-1}), Samples.data(3, 2).t()),
                    Sample.of(Attrs.of("shape", new int[] {2, 2, 3}), Samples.data(3, 4).t()),
                    Sample.of(Attrs.of("shape", new int[] {0, 3}), Samples.data(3, 0)),
                    Sample.of(Attrs.of("shape", new int[] {}), Samples.data(1))))
            .build();

    static final Op TRANSPOSE = op("transpose", "input").attr("dim0", INT, 0L).attr("dim1", INT, 1L)
            .palette(Group.SHAPE, "⇄")
            .view(shape((attrs, from) -> Views.permuted(from, swap(attrs, from.length))),
                    (attrs, in) -> new View[] {Views.permute(in, swap(attrs, in.rank()))})
            .vjp(rule("∂L/∂x = transpose(G)", (g, s) -> TRANSPOSE().call(s.attrs(), g)))
            .samples(() -> List.of(Sample.of(Attrs.of("dim0", 0, "dim1", 1), Samples.data(2, 3)),
                    Sample.of(Attrs.of("dim0", -1, "dim1", 0), Samples.data(2, 3, 4)))).build();

    static final Op T = op("t", "input").gradFn("TBackward0").palette(Group.SHAPE, "Aᵀ")
            .view(shape((_, from) -> Views.permuted(from, reversed(from.length))),
                    (_, in) -> new View[] {Views.permute(in, reversed(in.rank()))})
            .vjp(rule("∂L/∂A = Gᵀ", (g, _) -> g.t()))
            .samples(() -> List.of(Sample.of(Samples.data(2, 3)), Sample.of(Samples.data(3)),
                    Sample.of(Samples.data())))
            .build();

    /** All dimensions reversed: {@code x.T}. */
    static final Op NUMPY_T = op("numpy_T", "input").torch("torch.Tensor.T")
            .compose(shape((_, from) -> Views.permuted(from, downTo(from.length))), "∂L/∂x = permute⁻¹(G)",
                    (_, in) -> new Tensor[] {in[0].permute(downTo(in[0].dim()))})
            .samples(() -> List.of(Sample.of(Samples.data(2, 3)), Sample.of(Samples.data(3)))).build();

    static final Op PERMUTE = op("permute", "input").attr("dims", INTS, null).palette(Group.SHAPE, "permute")
            .view(shape((attrs, from) -> Views.permuted(from, order(attrs, from.length))),
                    (attrs, in) -> new View[] {Views.permute(in, order(attrs, in.rank()))})
            .vjp(rule("∂L/∂x = permute⁻¹(G)", (g, s) -> g.permute(inverse(order(s.attrs(), g.dim())))))
            .samples(() -> List.of(Sample.of(Attrs.of("dims", new int[] {2, 0, 1}), Samples.data(2, 3, 4)),
                    Sample.of(Attrs.of("dims", new int[] {-1, 0}), Samples.data(2, 3))))
            .build();

    static final Op UNSQUEEZE = op("unsqueeze", "input").attr("dim", INT, 0L).palette(Group.SHAPE, "+dim")
            .view(shape((attrs, from) -> Shapes.with(from, newDim(attrs, from.length), 1)),
                    (attrs, in) -> new View[] {Views.unsqueeze(in, newDim(attrs, in.rank()))})
            .vjp(rule("∂L/∂x = squeeze(G)", (g, s) -> g.squeeze(newDim(s.attrs(), g.dim() - 1))))
            .samples(() -> List.of(Sample.of(Attrs.of("dim", 0), Samples.data(3)),
                    Sample.of(Attrs.of("dim", -1), Samples.data(2, 3))))
            .build();

    static final Op SQUEEZE = op("squeeze", "input").attr("dim", INT, null)
            .gradFn((attrs, _) -> attrs.has("dim") ? "SqueezeBackward1" : "SqueezeBackward0")
            .palette(Group.SHAPE, "−dim")
            .view(shape((attrs, from) -> Views.squeezed(from, attrs)),
                    (attrs, in) -> new View[] {Views.squeeze(in, attrs)})
            .vjp(rule("∂L/∂x = unsqueeze(G)", (g, s) -> Views.unsqueezeTo(g, s)))
            .samples(() -> List.of(Sample.of(Samples.data(2, 1, 3)), Sample.of(Attrs.of("dim", 1), Samples.data(2, 1)),
                    Sample.of(Attrs.of("dim", 0), Samples.data(2, 1))))
            .build();

    static final Op FLATTEN = op("flatten", "input").attr("start_dim", INT, 0L).attr("end_dim", INT, -1L)
            .palette(Group.SHAPE, "flatten")
            .compose(shape((attrs, from) -> flat(attrs, from)), "∂L/∂x = reshape(G)", (attrs, in) -> {
                int[] to = flat(attrs, in[0].view().shape());
                return to.length == in[0].dim() && in[0].dim() > 0 ? in : new Tensor[] {in[0].reshape(to)};
            })
            .samples(() -> List.of(Sample.of(Samples.data()), Sample.of(Samples.data(3)), Sample.of(Samples.data(2, 3)),
                    Sample.of(Attrs.of("start_dim", 1), Samples.data(2, 3, 2)),
                    Sample.of(Attrs.of("start_dim", -3, "end_dim", -2), Samples.data(2, 3, 2)),
                    Sample.of(Samples.data(2, 3).t())))
            .build();

    static final Op FLIP = op("flip", "input").attr("dims", INTS, null).palette(Group.SHAPE, "flip")
            .compute(shape((attrs, from) -> {
                Shapes.dims(attrs.ints("dims"), from.length);
                return from;
            }), (attrs, in) -> {
                View from = in[0].view();
                return one(Layout.copy(Views.flip(from, attrs.ints("dims")), from.dtype(), Layout.like(from)));
            })
            .vjp(rule("∂L/∂x = flip(G)", (g, s) -> g.flip(s.attrs().ints("dims"))))
            .samples(() -> List.of(Sample.of(Attrs.of("dims", 0), Samples.data(3)),
                    Sample.of(Attrs.of("dims", new int[] {0, -1}), Samples.data(2, 3))))
            .build();

    static final List<Op> ALL = List.of(CLONE, CONTIGUOUS, TO_COPY, TO, EXPAND, VIEW, UNSAFE_VIEW, RESHAPE_ALIAS, RESHAPE,
            TRANSPOSE, T, NUMPY_T, PERMUTE, UNSQUEEZE, SQUEEZE, FLATTEN, FLIP);

    private Movement() {
    }

    // A rule that names its own op reads the field when it runs.

    /** The rule for what was overwritten. */
    private static Vjp nothing() {
        return rule("0", (g, _) -> Creation.zerosLike(g));
    }

    private static Op TRANSPOSE() {
        return TRANSPOSE;
    }

    private static Meta[] typed(Attrs attrs, Meta[] in) {
        return new Meta[] {new Meta(in[0].shape(), attrs.dtype("dtype"))};
    }

    private static Tensor[] one(View view) {
        return new Tensor[] {new Tensor(view)};
    }

    /** The same numbers in new contiguous memory. */
    static View copy(View from) {
        View to = View.contiguous(Tensor.allocate(from.dtype(), from.shape()), from.shape());
        Backends.current().run(Kernel.COPY, to, from);
        return to;
    }

    private static int[] expanded(int[] size, int[] from) {
        int[] to = size.clone();
        int extra = to.length - from.length;
        if (extra < 0) {
            throw TorchError.runtime("expand(torch.FloatTensor{" + Arrays.toString(from) + "}, size="
                    + Arrays.toString(size) + "): the number of sizes provided (" + size.length
                    + ") must be greater or equal to the number of dimensions in the tensor (" + from.length + ")");
        }
        for (int d = 0; d < to.length; d++) {
            int extent = d < extra ? 1 : from[d - extra];
            if (to[d] == -1 && d >= extra) {
                to[d] = extent;
            } else if (to[d] == -1) {
                throw TorchError.runtime("The expanded size of the tensor (-1) isn't allowed in a leading, "
                        + "non-existing dimension " + d);
            } else if (extent != 1 && extent != to[d]) {
                throw TorchError.runtime("The expanded size of the tensor (" + to[d]
                        + ") must match the existing size (" + extent + ") at non-singleton dimension " + d
                        + ".  Target sizes: " + Arrays.toString(size) + ".  Tensor sizes: " + Arrays.toString(from));
            } else if (to[d] < 0) {
                throw TorchError.runtime("numel: integer multiplication overflow");
            }
        }
        return to;
    }

    private static int[] swap(Attrs attrs, int rank) {
        int[] order = new int[rank];
        Arrays.setAll(order, i -> i);
        int a = Shapes.dim((int) attrs.integer("dim0"), rank);
        int b = Shapes.dim((int) attrs.integer("dim1"), rank);
        if (rank > 0) {
            order[a] = b;
            order[b] = a;
        }
        return order;
    }

    private static int[] reversed(int rank) {
        if (rank > 2) {
            throw TorchError.runtime("t() expects a tensor with <= 2 dimensions, but self is " + rank + "D");
        }
        return rank == 2 ? new int[] {1, 0} : rank == 1 ? new int[] {0} : new int[0];
    }

    private static int[] downTo(int rank) {
        int[] order = new int[rank];
        Arrays.setAll(order, i -> rank - 1 - i);
        return order;
    }

    private static int[] flat(Attrs attrs, int[] from) {
        if (from.length == 0) {
            Shapes.dim((int) attrs.integer("start_dim"), 0);
            Shapes.dim((int) attrs.integer("end_dim"), 0);
            return new int[] {1};
        }
        int start = Shapes.dim((int) attrs.integer("start_dim"), from.length);
        int end = Shapes.dim((int) attrs.integer("end_dim"), from.length);
        if (start > end) {
            throw TorchError.runtime("flatten() has invalid args: start_dim cannot come after end_dim");
        }
        int[] to = Arrays.copyOf(from, from.length - (end - start));
        to[start] = Shapes.numel(Arrays.copyOfRange(from, start, end + 1));
        System.arraycopy(from, end + 1, to, start + 1, from.length - end - 1);
        return to;
    }

    private static int[] order(Attrs attrs, int rank) {
        int[] order = attrs.ints("dims");
        if (order.length != rank) {
            throw TorchError.runtime("permute(sparse_coo): number of dimensions in the tensor input does not match "
                    + "the length of the desired ordering of dimensions i.e. input.dim() = " + rank
                    + " is not equal to len(dims) = " + order.length);
        }
        boolean[] seen = new boolean[rank];
        int[] dims = new int[rank];
        for (int i = 0; i < rank; i++) {
            dims[i] = Shapes.dim(order[i], rank);
            if (seen[dims[i]]) {
                throw TorchError.runtime("permute(): duplicate dims are not allowed.");
            }
            seen[dims[i]] = true;
        }
        return dims;
    }

    private static int[] inverse(int[] order) {
        int[] inverse = new int[order.length];
        for (int i = 0; i < order.length; i++) {
            inverse[order[i]] = i;
        }
        return inverse;
    }

    private static int newDim(Attrs attrs, int rank) {
        return Shapes.dim((int) attrs.integer("dim"), rank + 1);
    }
}

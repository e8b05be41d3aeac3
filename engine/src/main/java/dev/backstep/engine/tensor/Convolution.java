package dev.backstep.engine.tensor;

import static dev.backstep.engine.tensor.AttrSpec.Kind.INT;
import static dev.backstep.engine.tensor.AttrSpec.Kind.INTS;
import static dev.backstep.engine.tensor.OpBuilder.op;
import static dev.backstep.engine.tensor.OpBuilder.rule;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.Kernel;
import dev.backstep.engine.backend.View;
import java.util.Arrays;
import java.util.List;

/**
 * Windows that slide over images (N, C, H, W). A convolution is a product of matrices: what the windows see, a column
 * for each place, and the weights, a row for each channel of the result.
 */
final class Convolution {
    /** The columns: (N, C · window, places). */
    static final Op UNFOLD = windowed(op("unfold", "input")).torch("torch.nn.functional.unfold")
            .gradFn("Im2ColBackward0").palette(Group.LAYER, "unfold")
            .compute((attrs, in) -> {
                WindowShapes.needImages(attrs, in[0]);
                Windows w = WindowShapes.images(attrs, in[0]);
                int[] x = in[0].shape();
                return new Meta[] {new Meta(new int[] {x[0], x[1] * w.area(), w.places()}, in[0].dtype())};
            }, (attrs, in) -> {
                WindowShapes.needImages(attrs, in[0].meta());
                return new Tensor[] {seen(attrs, in[0])};
            })
            .vjp(rule("∂L/∂x = fold(G)", (g, s) -> FOLD().call(
                    s.attrs().with("output_size", Arrays.copyOfRange(s.shape(0), 2, 4)), g)))
            .samples(() -> List.of(Sample.of(Attrs.of("kernel_size", 2), Samples.data(2, 2, 3, 4)),
                    Sample.of(Attrs.of("kernel_size", new int[] {2, 3}, "padding", new int[] {1, 0}, "stride",
                            new int[] {2, 1}), Samples.data(1, 2, 3, 4)),
                    Sample.of(Attrs.of("kernel_size", 2, "dilation", 2, "padding", 1), Samples.data(1, 1, 3, 3))))
            .build();

    /** The reverse: images of {@code output_size} whose elements are sums over the columns they stand in. */
    static final Op FOLD = windowed(op("fold", "input").attr("output_size", INTS, null))
            .torch("torch.nn.functional.fold").gradFn("Col2ImBackward0").palette(Group.LAYER, "fold")
            .compute((attrs, in) -> {
                Windows w = WindowShapes.folded(attrs, in[0]);
                int[] x = in[0].shape();
                return new Meta[] {new Meta(new int[] {x[0], x[1] / w.area(), w.image()[0], w.image()[1]},
                        in[0].dtype())};
            }, (attrs, in) -> {
                Windows w = WindowShapes.folded(attrs, in[0].meta());
                int[] x = in[0].view().shape();
                View columns = in[0].contiguous().view();
                return new Tensor[] {w.sum(Views.reshape(columns, new int[] {x[0], x[1] / w.area(), w.kernel()[0],
                    w.kernel()[1], w.out()[0], w.out()[1]}))};
            })
            .vjp(rule("∂L/∂x = unfold(G)", (g, s) -> UNFOLD.call(s.attrs().without("output_size"), g)))
            .samples(() -> List.of(Sample.of(Attrs.of("kernel_size", 2, "output_size", new int[] {3, 4}),
                    Samples.data(2, 8, 6)),
                    Sample.of(Attrs.of("kernel_size", 2, "output_size", 4, "stride", 2, "padding", 1),
                            Samples.data(1, 4, 9))))
            .build();

    private static final Op CONVOLUTION = op("convolution", "input", "weight", "bias").attr("stride", INTS, 1L)
            .savedInputs("input", "weight", "bias")
            .attr("padding", INTS, 0L).attr("dilation", INTS, 1L).attr("groups", INT, 1L)
            .compute((attrs, in) -> new Meta[] {WindowShapes.convolved(attrs, in)}, (attrs, in) -> {
                int[] shape = WindowShapes.convolved(attrs, Op.metas(in)).shape();
                int groups = (int) attrs.integer("groups");
                Tensor result = product(rows(in[1], shape[0], groups), windows(attrs, in[1].shape(), in[0]),
                        shape[2] * shape[3]).reshape(shape);
                return new Tensor[] {result.add(in[2].reshape(-1, 1, 1))};
            })
            .vjp(rule("∂L/∂x = fold(Aᵀ G)", (g, s) -> {
                int[] x = s.shape(0);
                int groups = (int) s.attrs().integer("groups");
                Tensor columns = rows(s.in(1), x[0], groups).transpose(1, 2).bmm(places(g, groups));
                Attrs window = window(s.attrs(), s.shape(1)).with("output_size", Arrays.copyOfRange(x, 2, 4));
                return FOLD().call(window, columns.reshape(x[0], -1, places(g, 1).view().shape()[2]));
            }, 1), rule("∂L/∂A = Σ G unfold(x)ᵀ", (g, s) -> {
                int n = s.shape(0)[0];
                int[] weight = s.shape(1);
                int groups = (int) s.attrs().integer("groups");
                Tensor each = GradMode.isEnabled()
                        ? places(g, groups).bmm(grouped(UNFOLD.call(window(s.attrs(), weight), s.in(0)), groups)
                                .transpose(1, 2))
                        : product(places(g, groups), Views.permute(windows(s.attrs(), weight, s.in(0)),
                                new int[] {0, 4, 5, 1, 2, 3}), weight[1] * weight[2] * weight[3]);
                return each.reshape(n, -1).sum(false, 0).reshape(weight);
            }, 0), rule("∂L/∂b = Σ G", (g, _) -> g.sum(false, 0, 2, 3)))
            .build();

    /** {@code conv2d} of (N, C, H, W) or (C, H, W). The bias may be left out. */
    static final Op CONV2D = op("conv2d", "input", "weight", "bias").optionalInputs(1)
            .torch("torch.nn.functional.conv2d")
            .attr("stride", INTS, 1L).attr("padding", INTS, 0L).attr("dilation", INTS, 1L).attr("groups", INT, 1L)
            .palette(Group.LAYER, "conv")
            .compose((attrs, in) -> {
                Meta[] batched = in.clone();
                batched[0] = WindowShapes.batched("input", "conv2d", in[0]);
                Meta result = WindowShapes.convolved(attrs, batched);
                return new Meta[] {in[0].shape().length == 4 ? result
                        : new Meta(Shapes.without(result.shape(), 0), result.dtype())};
            }, "∂L/∂x = fold(Aᵀ G),  ∂L/∂A = Σ G unfold(x)ᵀ,  ∂L/∂b = Σ G", (attrs, in) -> {
                WindowShapes.batched("input", "conv2d", in[0].meta());
                Tensor bias = in.length == 3 ? in[2] : Tensor.zeros(new int[] {in[1].shape()[0]}, in[0].dtype());
                return new Tensor[] {in[0].dim() == 4 ? CONVOLUTION.call(attrs, in[0], in[1], bias)
                        : CONVOLUTION.call(attrs, in[0].unsqueeze(0), in[1], bias).squeeze(0)};
            })
            .samples(Convolution::convolutions).build();

    static final List<Op> ALL = List.of(CONV2D, Pooling.MAX_POOL2D, UNFOLD, FOLD);

    private Convolution() {
    }

    // A rule that names a later op reads the field when it runs.
    private static Op FOLD() {
        return FOLD;
    }

    private static OpBuilder windowed(OpBuilder op) {
        return op.attr("kernel_size", INTS, 2L).attr("stride", INTS, 1L).attr("padding", INTS, 0L)
                .attr("dilation", INTS, 1L);
    }

    // Products

    /** The weights as matrices, one for each image and group: (N · groups, channels out, channels in · window). */
    private static Tensor rows(Tensor weight, int n, int groups) {
        int out = weight.view().shape()[0] / groups;
        Tensor rows = weight.reshape(1, groups, out, -1);
        int inner = rows.view().shape()[3];
        return groups == 1 ? rows.reshape(1, out, inner).expand(n, out, inner)
                : rows.expand(n, groups, out, inner).reshape(n * groups, out, inner);
    }

    /** What the windows see, for each image and group: (N · groups, channels in, window, places). */
    private static View windows(Attrs attrs, int[] weight, Tensor x) {
        int groups = (int) attrs.integer("groups");
        // Groups are images of their own where images lie one behind the other.
        View images = groups == 1 ? x.view() : x.contiguous().view();
        View seen = WindowShapes.images(window(attrs, weight), x.meta()).over(images, 0);
        int[] shape = seen.shape().clone();
        int[] strides = seen.strides().clone();
        if (groups > 1) {
            shape[0] *= groups;
            shape[1] /= groups;
            strides[0] = shape[1] * strides[1];
        }
        return new View(seen.buffer(), shape, strides, seen.offset());
    }

    /** Matrices times what windows see, as the kernel takes it: (matrices, rows, columns). */
    private static Tensor product(Tensor left, View right, int columns) {
        int[] shape = {left.view().shape()[0], left.view().shape()[1], columns};
        Tensor out = Tensor.zeros(shape, left.dtype());
        Backends.current().run(Kernel.MATMUL, out.view(), left.view(), right);
        return out;
    }

    /** Columns as one matrix for each image and group. */
    private static Tensor grouped(Tensor columns, int groups) {
        int[] shape = columns.view().shape();
        return groups == 1 ? columns : columns.reshape(shape[0] * groups, shape[1] / groups, shape[2]);
    }

    /** The columns of images of any type, not recorded. */
    private static Tensor seen(Attrs attrs, Tensor x) {
        int[] shape = x.view().shape();
        Windows w = WindowShapes.images(attrs, x.meta());
        return new Tensor(Views.reshape(Movement.copy(w.over(x.view(), 0)),
                new int[] {shape[0], shape[1] * w.area(), w.places()}));
    }

    /** A result of a convolution, or its gradient, with the places in a row: (N · groups, channels, places). */
    private static Tensor places(Tensor g, int groups) {
        int[] shape = g.view().shape();
        return g.reshape(shape[0] * groups, shape[1] / groups, shape[2] * shape[3]);
    }

    private static Attrs window(Attrs attrs, int[] weight) {
        return attrs.without("groups").with("kernel_size", new int[] {weight[2], weight[3]});
    }

    private static List<Sample> convolutions() {
        Tensor weight = Samples.uniform(5, -1, 1, 3, 2, 2, 2);
        Tensor bias = Samples.uniform(6, -1, 1, 3);
        return List.of(Sample.of(Samples.data(2, 2, 3, 4), weight, bias), Sample.of(Samples.data(2, 2, 3, 4), weight),
                Sample.of(Samples.data(2, 3, 4), weight, bias),
                Sample.of(Attrs.of("stride", 2, "padding", 1), Samples.data(1, 2, 4, 4), weight, bias),
                Sample.of(Attrs.of("stride", new int[] {1, 2}, "padding", new int[] {0, 1}, "dilation",
                        new int[] {2, 1}), Samples.data(1, 2, 4, 3), weight, bias),
                Sample.of(Attrs.of("groups", 2), Samples.data(2, 4, 3, 3), Samples.uniform(8, -1, 1, 4, 2, 2, 2)),
                Sample.of(Attrs.of("groups", 2, "stride", 2, "padding", 1), Samples.data(1, 4, 4, 3),
                        Samples.uniform(8, -1, 1, 4, 2, 3, 2)));
    }
}

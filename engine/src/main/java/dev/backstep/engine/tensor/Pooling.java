package dev.backstep.engine.tensor;

import static dev.backstep.engine.tensor.AttrSpec.Kind.FLAG;
import static dev.backstep.engine.tensor.AttrSpec.Kind.INTS;
import static dev.backstep.engine.tensor.OpBuilder.op;
import static dev.backstep.engine.tensor.OpBuilder.out;
import static dev.backstep.engine.tensor.OpBuilder.rule;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.Kernel;
import dev.backstep.engine.backend.View;
import dev.backstep.engine.expr.Expr;
import dev.backstep.engine.expr.Fn;
import dev.backstep.engine.expr.Program;
import java.util.Arrays;
import java.util.List;

/** The largest elements of windows that slide over images (N, C, H, W). */
final class Pooling {
    /** The largest element of each window, and its place in the plane. Padding is less than every number. */
    private static final Op POOL = windowed(op("max_pool2d_with_indices", "input"))
            .gradFn("MaxPool2DWithIndicesBackward0").outputs("out", "indices").savedOutputs("result0", "result1")
            .compute((attrs, in) -> WindowShapes.pooled(attrs, in[0]), (attrs, in) -> {
                Meta[] result = WindowShapes.pooled(attrs, in[0].meta());
                Tensor images = in[0].dim() == 4 ? in[0] : in[0].unsqueeze(0);
                int[] x = images.view().shape();
                Windows w = Windows.of(Windows.pair(attrs, "kernel_size"), attrs, x[2], x[3]);
                View windows = Views.permute(w.over(images.view(), Double.NEGATIVE_INFINITY),
                        new int[] {0, 1, 4, 5, 2, 3});
                int[] places = {x[0], x[1], w.out()[0], w.out()[1]};
                Tensor top = Tensor.zeros(places, in[0].dtype());
                Tensor which = Tensor.zeros(places, DType.INT64);
                Backends.current().run(Kernel.MAX, top.view(), windows);
                Backends.current().run(Kernel.ARGMAX, which.view(), windows);
                return new Tensor[] {new Tensor(View.contiguous(top.view().buffer(), result[0].shape())),
                    inPlane(w, which.reshape(x[0], x[1], w.places()), result[1].shape())};
            })
            .vjp(rule("∂L/∂x = G at the place of the largest, else 0", (g, s) -> {
                int[] x = s.shape(0);
                int last = x.length - 2;
                int[] plane = Arrays.copyOf(x, last + 1);
                plane[last] = -1;
                Tensor rows = g.reshape(plane);
                Tensor places = s.out(1).reshape(plane);
                plane[last] = x[last] * x[last + 1];
                if (Backends.areRecorded() && !GradMode.isEnabled() && Shapes.numel(x) < 1 << 24) {
                    return Indexing.scatterRows(rows, places, plane[last]).reshape(x);
                }
                return Indexing.GATHER_BACKWARD.call(Attrs.of("dim", last, "size", plane), rows, places).reshape(x);
            }, 0, out(1)))
            .build();

    /** {@code max_pool2d} of (N, C, H, W) or (C, H, W). The stride is the window's size where it is left out. */
    static final Op MAX_POOL2D = windowed(op("max_pool2d", "input")).torch("torch.nn.functional.max_pool2d")
            .palette(Group.LAYER, "pool")
            .compose((attrs, in) -> new Meta[] {WindowShapes.pooled(attrs, in[0])[0]},
                    "∂L/∂x = G at the place of the largest, else 0", (attrs, in) -> new Tensor[] {POOL.call(attrs, in)})
            .samples(() -> List.of(Sample.of(Attrs.of("kernel_size", 2), Samples.data(2, 2, 4, 5)),
                    Sample.of(Attrs.of("kernel_size", new int[] {2, 3}), Samples.data(2, 4, 6)),
                    Sample.of(Attrs.of("kernel_size", new int[] {2, 3}, "stride", 1, "padding", 1),
                            Samples.data(1, 2, 3, 4)),
                    Sample.of(Attrs.of("kernel_size", 2, "dilation", 2, "stride", 1), Samples.data(1, 1, 4, 4)),
                    Sample.of(Attrs.of("kernel_size", 3, "dilation", 2, "padding", 1, "stride", new int[] {1, 2}),
                            Samples.data(1, 2, 5, 6)),
                    Sample.of(Attrs.of("kernel_size", 2, "ceil_mode", true), Samples.data(2, 3, 5)),
                    Sample.of(Attrs.of("kernel_size", 3, "stride", 2, "ceil_mode", true), Samples.data(1, 1, 2, 6)),
                    // The last window would begin in the padding, and is left out.
                    Sample.of(Attrs.of("kernel_size", 2, "padding", 1, "ceil_mode", true), Samples.data(1, 1, 3, 4)),
                    Sample.of(Attrs.of("kernel_size", 3, "stride", 3, "padding", 1, "dilation", 2, "ceil_mode", true),
                            Samples.data(1, 1, 7, 8))))
            .build();

    private static final Expr ROW = Expr.call(Fn.FLOOR, Expr.arg(0).over(Expr.param("width")));
    private static final Program IN_PLANE = new Program(Expr.arg(1).plus(ROW.times(Expr.param("row"))).plus(
            Expr.arg(0).minus(ROW.times(Expr.param("width"))).times(Expr.param("column"))), 2);

    private Pooling() {
    }

    private static OpBuilder windowed(OpBuilder op) {
        return op.attr("kernel_size", INTS, 2L).attr("stride", INTS, null).attr("padding", INTS, 0L)
                .attr("dilation", INTS, 1L).attr("ceil_mode", FLAG, false);
    }

    /** The place in the plane of the window's element of that number. */
    private static Tensor inPlane(Windows w, Tensor which, int[] shape) {
        if (Backends.areRecorded()) {
            return inPlaneByFormula(w, which, shape);
        }
        long[] places = which.toLongs();
        for (int i = 0; i < places.length; i++) {
            int at = i % w.places();
            int row = at / w.out()[1] * w.stride()[0] - w.padding()[0]
                    + (int) places[i] / w.kernel()[1] * w.dilation()[0];
            int column = at % w.out()[1] * w.stride()[1] - w.padding()[1]
                    + (int) places[i] % w.kernel()[1] * w.dilation()[1];
            places[i] = (long) row * w.image()[1] + column;
        }
        return Tensor.of(places, shape);
    }

    /** The same without looking at a number, which float32 holds as long as the plane is not huge. */
    private static Tensor inPlaneByFormula(Windows w, Tensor which, int[] shape) {
        double[] first = new double[w.places()];
        for (int at = 0; at < first.length; at++) {
            first[at] = (at / w.out()[1] * w.stride()[0] - w.padding()[0]) * w.image()[1]
                    + at % w.out()[1] * w.stride()[1] - w.padding()[1];
        }
        View places = Tensor.zeros(which.shape(), DType.INT64).view();
        double[] params = {w.kernel()[1], w.dilation()[0] * w.image()[1], w.dilation()[1]};
        double[] sorted = new double[params.length];
        for (int i = 0; i < sorted.length; i++) {
            sorted[i] = params[List.of("width", "row", "column").indexOf(IN_PLANE.params().get(i))];
        }
        Backends.current().pointwise(IN_PLANE, sorted, DType.FLOAT32, places, which.view(),
                Tensor.of(first, new int[] {first.length}, DType.FLOAT32).view().expand(which.shape()));
        return new Tensor(View.contiguous(places.buffer(), shape));
    }
}

package dev.backstep.engine.tensor;

import static dev.backstep.engine.tensor.AttrSpec.Kind.INT;
import static dev.backstep.engine.tensor.AttrSpec.Kind.INTS;
import static dev.backstep.engine.tensor.OpBuilder.op;
import static dev.backstep.engine.tensor.OpBuilder.rule;
import static dev.backstep.engine.tensor.OpBuilder.shape;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.Kernel;
import dev.backstep.engine.backend.View;
import java.util.Arrays;

/** A part of another tensor's memory, by shape, strides and offset, which counts from the other's first element. */
final class AsStrided {
    /** The part; {@code base_stride} says how the base itself lies in the memory. */
    static final Op AS_STRIDED = op("as_strided", "input").attr("size", INTS, null).attr("stride", INTS, null)
            .attr("storage_offset", INT, 0L).attr("base_stride", INTS, null)
            .view(shape((attrs, _) -> attrs.ints("size")),
                    (attrs, in) -> new View[] {new View(in.buffer(), attrs.ints("size"), attrs.ints("stride"),
                            in.offset() + (int) attrs.integer("storage_offset"))})
            .vjp(rule("∂L/∂base[part] = G, else 0", (g, s) -> MOVE().call(Attrs.of(
                    "from_size", s.attrs().ints("size"), "from_stride", s.attrs().ints("stride"),
                    "from_offset", s.attrs().integer("storage_offset"),
                    "to_size", s.shape(0), "to_stride", s.attrs().ints("base_stride"), "to_offset", 0), g)))
            .build();

    /** Zeros, the input added to one part of them, another part read: its own derivative with the parts swapped. */
    static final Op MOVE = op("as_strided_backward", "grad").attr("from_size", INTS, null)
            .attr("from_stride", INTS, null).attr("from_offset", INT, 0L).attr("to_size", INTS, null)
            .attr("to_stride", INTS, null).attr("to_offset", INT, 0L)
            .compute(shape((attrs, _) -> attrs.ints("to_size")), (attrs, in) -> new Tensor[] {move(attrs, in[0])})
            .vjp(rule("G[part]", (g, s) -> MOVE().call(Attrs.of(
                    "from_size", s.attrs().ints("to_size"), "from_stride", s.attrs().ints("to_stride"),
                    "from_offset", s.attrs().integer("to_offset"),
                    "to_size", s.attrs().ints("from_size"), "to_stride", s.attrs().ints("from_stride"),
                    "to_offset", s.attrs().integer("from_offset")), g)))
            .build();

    private AsStrided() {
    }

    private static Op MOVE() {
        return MOVE;
    }

    private static Attrs attrs(Tensor base, View part) {
        return Attrs.of("size", part.shape(), "stride", part.strides(),
                "storage_offset", part.offset() - base.view().offset(), "base_stride", base.view().strides());
    }

    /** The backward node of {@code part} as a part of what {@code base} is now. */
    static Node node(Tensor base, Tensor part) {
        return AS_STRIDED.node(ThreadState.get(), attrs(base, part.view()), new Tensor[] {base}, part);
    }

    /** The part of {@code whole} that lies as {@code part} does in memory that begins at {@code offset}. */
    static Tensor part(Tensor whole, View part, int offset) {
        return AS_STRIDED.call(Attrs.of("size", part.shape(), "stride", part.strides(),
                "storage_offset", part.offset() - offset, "base_stride", whole.view().strides()), whole);
    }

    /** Zeros that lie in memory of their own with that shape and those strides. */
    static Tensor zeros(DType type, int[] shape, int[] strides) {
        int size = Shapes.numel(shape) == 0 ? 0 : 1 + last(shape, strides);
        return new Tensor(new View(Backends.current().allocate(type, size), shape, strides, 0));
    }

    private static int last(int[] shape, int[] strides) {
        int last = 0;
        for (int d = 0; d < shape.length; d++) {
            last += (shape[d] - 1) * strides[d];
        }
        return last;
    }

    private static Tensor move(Attrs attrs, Tensor in) {
        int[] fromSize = attrs.ints("from_size").clone();
        int[] fromStride = attrs.ints("from_stride");
        int[] toSize = attrs.ints("to_size");
        int[] toStride = attrs.ints("to_stride");
        int fromOffset = (int) attrs.integer("from_offset");
        int toOffset = (int) attrs.integer("to_offset");
        if (Shapes.numel(fromSize) == 0 || Shapes.numel(toSize) == 0) {
            return Tensor.zeros(toSize, in.dtype());
        }
        // Elements that lie on one another, as after expand, are summed first.
        int[] repeated = new int[fromSize.length];
        int count = 0;
        for (int d = 0; d < fromSize.length; d++) {
            if (fromStride[d] == 0 && fromSize[d] > 1) {
                repeated[count++] = d;
                fromSize[d] = 1;
            }
        }
        Tensor once = count == 0 ? in : in.sum(true, Arrays.copyOf(repeated, count));
        int size = 1 + Math.max(fromOffset + last(fromSize, fromStride), toOffset + last(toSize, toStride));
        var memory = Backends.current().allocate(in.dtype(), size);
        Backends.current().run(Kernel.COPY, new View(memory, fromSize, fromStride, fromOffset), once.view());
        return new Tensor(new View(memory, toSize, toStride, toOffset));
    }
}

package dev.backstep.engine.tensor;

import static dev.backstep.engine.tensor.AttrSpec.Kind.INT;
import static dev.backstep.engine.tensor.AttrSpec.Kind.INTS;
import static dev.backstep.engine.tensor.OpBuilder.op;
import static dev.backstep.engine.tensor.OpBuilder.rule;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.View;
import java.util.Arrays;
import java.util.List;

/** Ops that put tensors together or take one apart. */
final class Joining {
    static final Op CAT = op("cat", "tensors").variadicInputs().attr("dim", INT, 0L).palette(Group.SHAPE, "cat")
            .compute((attrs, in) -> new Meta[] {joined(attrs, in)}, (attrs, in) -> {
                Meta result = joined(attrs, Op.metas(in));
                int[] strides = Layout.channelsLast(result.shape(), in);
                View out = Layout.allocate(result.dtype(), result.shape(),
                        strides == null ? View.rowMajor(result.shape()) : strides);
                int at = 0;
                for (Tensor part : in) {
                    if (!skipped(part.meta())) {
                        int dim = Shapes.dim((int) attrs.integer("dim"), part.dim());
                        int extent = part.view().shape()[dim];
                        Layout.write(piece(out, dim, at, extent), part.view());
                        at += extent;
                    }
                }
                return new Tensor[] {new Tensor(out)};
            })
            .vjp(rule("∂L/∂xᵢ = the part of G where xᵢ went", (g, s) -> {
                if (skipped(s.inMeta(s.input()))) {
                    return Tensor.zeros(s.shape(s.input()), g.dtype());
                }
                int dim = Shapes.dim((int) s.attrs().integer("dim"), g.dim());
                int at = 0;
                for (int i = 0; i < s.input(); i++) {
                    at += skipped(s.inMeta(i)) ? 0 : s.shape(i)[dim];
                }
                return g.slice(dim, at, at + s.shape(s.input())[dim], 1);
            }))
            .samples(() -> List.of(Sample.of(Samples.data(2), Samples.data(3)), Sample.of(Samples.data(2, 3)),
                    Sample.of(Attrs.of("dim", 1), Samples.data(2, 1), Samples.data(2, 3), Samples.data(2, 2)),
                    Sample.of(Attrs.of("dim", -2), Samples.data(2, 3), Samples.data(3, 1).t()),
                    Sample.of(Samples.data(0), Samples.data(2, 2)),
                    Sample.of(Samples.integers(1, 2), Samples.data(2))))
            .build();

    static final Op STACK = op("stack", "tensors").variadicInputs().attr("dim", INT, 0L).palette(Group.SHAPE, "stack")
            .compute((attrs, in) -> new Meta[] {stacked(attrs, in)}, (attrs, in) -> {
                Meta result = stacked(attrs, Op.metas(in));
                int dim = Shapes.dim((int) attrs.integer("dim"), result.shape().length);
                Tensor[] layers = in.clone();
                if (dim == in[0].dim()) {
                    Arrays.setAll(layers, i -> in[i].unsqueeze(dim));
                }
                View joined = CAT.call(Attrs.of("dim", dim), layers).view();
                return new Tensor[] {new Tensor(Views.reshape(joined, result.shape()))};
            })
            .vjp(rule("∂L/∂xᵢ = G[i]", (g, s) -> g.select((int) s.attrs().integer("dim"), s.input())))
            .samples(() -> List.of(Sample.of(Samples.data(), Samples.data()),
                    Sample.of(Samples.data(2), Samples.data(2).mul(2L)),
                    Sample.of(Attrs.of("dim", -1), Samples.data(2, 3), Samples.data(2, 3), Samples.data(3, 2).t())))
            .build();

    /** Views of pieces of one size, or of the sizes in a list. */
    static final Op SPLIT = op("split", "input").attr("split_size_or_sections", INTS, 1L).attr("dim", INT, 0L)
            .gradFn((attrs, _) -> attrs.get("split_size_or_sections") instanceof List ? "SplitWithSizesBackward0"
                    : "SplitBackward0")
            .views((attrs, in) -> {
                int[] sizes = sizes(attrs, in[0].shape());
                int dim = Shapes.dim((int) attrs.integer("dim"), in[0].shape().length);
                Meta[] pieces = new Meta[sizes.length];
                for (int i = 0; i < sizes.length; i++) {
                    int[] shape = in[0].shape().clone();
                    shape[dim] = sizes[i];
                    pieces[i] = new Meta(shape, in[0].dtype());
                }
                return pieces;
            }, (attrs, in) -> {
                int[] sizes = sizes(attrs, in.shape());
                int dim = Shapes.dim((int) attrs.integer("dim"), in.rank());
                View[] pieces = new View[sizes.length];
                int at = 0;
                for (int i = 0; i < sizes.length; i++) {
                    pieces[i] = piece(in, dim, at, sizes[i]);
                    at += sizes[i];
                }
                return pieces;
            })
            .vjp(rule("∂L/∂x = cat(G)", (_, s) -> {
                Tensor[] pieces = new Tensor[s.gradients().length];
                for (int i = 0; i < pieces.length; i++) {
                    pieces[i] = s.grad(i);
                }
                return CAT.call(Attrs.of("dim", s.attrs().get("dim")), pieces);
            }))
            .samples(() -> List.of(Sample.of(Attrs.of("split_size_or_sections", 2), Samples.data(5)),
                    Sample.of(Attrs.of("split_size_or_sections", 2, "dim", 1), Samples.data(2, 4)),
                    Sample.of(Attrs.of("split_size_or_sections", new int[] {1, 0, 2}, "dim", -1), Samples.data(2, 3))))
            .build();

    static final Op CHUNK = op("chunk", "input").attr("chunks", INT, 2L).attr("dim", INT, 0L)
            .compose((attrs, in) -> SPLIT.infer(pieces(attrs, in[0].shape()), in), "∂L/∂x = cat(G)",
                    (attrs, in) -> SPLIT.apply(pieces(attrs, in[0].view().shape()), in))
            .samples(() -> List.of(Sample.of(Attrs.of("chunks", 2), Samples.data(5)),
                    Sample.of(Attrs.of("chunks", 3, "dim", 1), Samples.data(2, 4))))
            .build();

    static final List<Op> ALL = List.of(CAT, STACK, SPLIT, CHUNK);

    private Joining() {
    }

    static Tensor cat(List<Tensor> tensors, int dim) {
        return CAT.call(Attrs.of("dim", dim), tensors.toArray(Tensor[]::new));
    }

    /** The first tensors, then the rest. */
    static Tensor[] behind(Tensor[] rest, Tensor... first) {
        Tensor[] all = Arrays.copyOf(first, first.length + rest.length);
        System.arraycopy(rest, 0, all, first.length, rest.length);
        return all;
    }

    private static View piece(View in, int dim, int start, int extent) {
        int[] shape = in.shape().clone();
        shape[dim] = extent;
        return new View(in.buffer(), shape, in.strides(), in.offset() + start * in.strides()[dim]);
    }

    /** Vectors without elements may stand anywhere in a cat, as they did before there were other empty shapes. */
    private static boolean skipped(Meta meta) {
        return meta.shape().length == 1 && meta.shape()[0] == 0;
    }

    private static Meta joined(Attrs attrs, Meta[] in) {
        if (in.length == 0) {
            throw TorchError.runtime("torch.cat(): expected a non-empty list of Tensors");
        }
        for (int i = 0; i < in.length; i++) {
            if (in[i].shape().length == 0) {
                throw TorchError.runtime("zero-dimensional tensor (at position " + i + ") cannot be concatenated");
            }
        }
        Meta first = in[0];
        int place = 0;
        while (place < in.length - 1 && skipped(in[place])) {
            first = in[++place];
        }
        if (skipped(first)) {
            return new Meta(first.shape(), Promotion.of(in));
        }
        int[] shape = first.shape().clone();
        int dim = Shapes.dim((int) attrs.integer("dim"), shape.length);
        shape[dim] = 0;
        for (int i = 0; i < in.length; i++) {
            if (skipped(in[i])) {
                continue;
            }
            int[] part = in[i].shape();
            if (part.length != shape.length) {
                throw TorchError.runtime("Tensors must have same number of dimensions: got " + shape.length + " and "
                        + part.length);
            }
            for (int d = 0; d < shape.length; d++) {
                if (d != dim && part[d] != shape[d]) {
                    throw TorchError.runtime("Sizes of tensors must match except in dimension " + dim
                            + ". Expected size " + shape[d] + " but got size " + part[d] + " for tensor number " + i
                            + " in the list.");
                }
            }
            shape[dim] += part[dim];
        }
        return new Meta(shape, Promotion.of(in));
    }

    private static Meta stacked(Attrs attrs, Meta[] in) {
        if (in.length == 0) {
            throw TorchError.runtime("stack expects a non-empty TensorList");
        }
        int dim = Shapes.dim((int) attrs.integer("dim"), in[0].shape().length + 1);
        for (int i = 1; i < in.length; i++) {
            if (!Arrays.equals(in[i].shape(), in[0].shape())) {
                throw TorchError.runtime("stack expects each tensor to be equal size, but got "
                        + Arrays.toString(in[0].shape()) + " at entry 0 and " + Arrays.toString(in[i].shape())
                        + " at entry " + i);
            }
        }
        return new Meta(Shapes.with(in[0].shape(), dim, in.length), Promotion.of(in));
    }

    private static int[] sizes(Attrs attrs, int[] shape) {
        if (shape.length == 0) {
            throw TorchError.runtime("split expects at least a 1-dimensional tensor");
        }
        int dim = Shapes.dim((int) attrs.integer("dim"), shape.length);
        int[] sizes = attrs.ints("split_size_or_sections");
        int extent = shape[dim];
        if (attrs.get("split_size_or_sections") instanceof List) {
            if (Arrays.stream(sizes).anyMatch(size -> size < 0)) {
                throw TorchError.runtime("split_with_sizes expects split_sizes have only non-negative entries, but got "
                        + "split_sizes=" + Arrays.toString(sizes));
            }
            if (Arrays.stream(sizes).sum() != extent) {
                throw TorchError.runtime("split_with_sizes expects split_sizes to sum exactly to " + extent
                        + " (input tensor's size at dimension " + dim + "), but got split_sizes="
                        + Arrays.toString(sizes));
            }
            return sizes;
        }
        int size = sizes[0];
        if (size < 0) {
            throw TorchError.runtime("split expects split_size be non-negative, but got split_size=" + size);
        }
        if (size == 0 && extent != 0) {
            throw TorchError.runtime("split_size can only be 0 if dimension size is 0, but got dimension size of "
                    + extent);
        }
        int[] pieces = new int[size == 0 ? 1 : Math.max(1, (extent + size - 1) / size)];
        Arrays.fill(pieces, size);
        pieces[pieces.length - 1] = extent - size * (pieces.length - 1);
        return pieces;
    }

    private static Attrs pieces(Attrs attrs, int[] shape) {
        if (shape.length == 0) {
            throw TorchError.runtime("chunk expects at least a 1-dimensional tensor");
        }
        long chunks = attrs.integer("chunks");
        if (chunks <= 0) {
            throw TorchError.runtime("chunk expects `chunks` to be greater than 0, got: " + chunks);
        }
        int extent = shape[Shapes.dim((int) attrs.integer("dim"), shape.length)];
        // Of nothing there are as many pieces as are asked for, of one size only as many as it takes.
        Object pieces = extent == 0 ? java.util.Collections.nCopies((int) chunks, 0L) : (extent + chunks - 1) / chunks;
        return Attrs.of("split_size_or_sections", pieces, "dim", attrs.get("dim"));
    }
}

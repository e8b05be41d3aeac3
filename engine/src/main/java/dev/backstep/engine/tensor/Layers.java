package dev.backstep.engine.tensor;

import static dev.backstep.engine.tensor.AttrSpec.Kind.FLAG;
import static dev.backstep.engine.tensor.AttrSpec.Kind.INT;
import static dev.backstep.engine.tensor.AttrSpec.Kind.NUMBER;
import static dev.backstep.engine.tensor.OpBuilder.op;
import static dev.backstep.engine.tensor.OpBuilder.rule;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.View;
import java.util.Arrays;
import java.util.List;

/** Layers of networks that are not convolutions or normalizations. */
final class Layers {
    /** {@code x Aᵀ + b}, put together as PyTorch does it. The bias may be left out. */
    static final Op LINEAR = op("linear", "input", "weight", "bias").optionalInputs(1)
            .torch("torch.nn.functional.linear")
            .palette(Group.LAYER, "x·Aᵀ+b")
            .compose((_, in) -> new Meta[] {inferLinear(in)}, "∂L/∂x = G A,  ∂L/∂A = Gᵀ x,  ∂L/∂b = Σ G",
                    (_, in) -> new Tensor[] {linear(in)})
            .samples(() -> List.of(Sample.of(Samples.data(2, 3), Samples.uniform(4, -1, 1, 4, 3), Samples.data(4)),
                    Sample.of(Samples.data(3), Samples.uniform(4, -1, 1, 4, 3), Samples.data(4)),
                    Sample.of(Samples.data(2, 2, 3), Samples.uniform(4, -1, 1, 4, 3), Samples.data(4)),
                    Sample.of(Samples.data(2, 2, 1, 3), Samples.uniform(4, -1, 1, 4, 3), Samples.data(4)),
                    Sample.of(Samples.data(2, 3), Samples.uniform(4, -1, 1, 4, 3)),
                    Sample.of(Samples.data(3, 2, 2).permute(1, 2, 0), Samples.uniform(4, -1, 1, 4, 3),
                            Samples.data(4))))
            .build();

    /** The rows of a table that the input names; the row {@code padding_idx} gets no gradient. */
    static final Op EMBEDDING = op("embedding", "input", "weight").torch("torch.nn.functional.embedding")
            .savedInputs("indices", "weight").attr("padding_idx", INT, null).palette(Group.LAYER, "E[i]")
            .compute((attrs, in) -> new Meta[] {embedded(attrs, in)}, (attrs, in) -> {
                embedded(attrs, Op.metas(in));
                int rows = in[1].view().shape()[0];
                Backends.current().made(() -> checked(in[0], rows), in[0].view());
                return new Tensor[] {Layout.inOrder(Indexing.TENSORS.call(in[1], in[0]))};
            })
            .vjp(null, rule("∂L/∂E[i] = Σ G, else 0", (g, s) -> Indexing.INDEX_BACKWARD.call(
                    Attrs.of("size", s.shape(1)), s.attrs().has("padding_idx") ? unpadded(g, s) : g, s.in(0)), 0))
            .samples(() -> List.of(Sample.of(Samples.integers(1, 0, 1), Samples.data(3, 2)),
                    Sample.of(Samples.integers(2, 0, 1, 2).reshape(2, 2), Samples.data(3, 2)),
                    Sample.of(Samples.integers(2).reshape(), Samples.data(3, 2)),
                    Sample.of(Attrs.of("padding_idx", 1), Samples.integers(2, 1, 1, 0), Samples.data(3, 2)).notSmooth(),
                    Sample.of(Attrs.of("padding_idx", -1), Samples.integers(2, 0), Samples.data(3, 2)).notSmooth()))
            .build();

    /**
     * Puts elements to 0 with probability {@code p} and scales the others by 1 / (1 − p). The mask is what PyTorch
     * draws after {@code torch.manual_seed(seed)}.
     */
    static final Op DROPOUT = op("dropout", "input").torch("torch.nn.functional.dropout").attr("p", NUMBER, 0.5)
            .attr("training", FLAG, true).attr("seed", INT, 0L).palette(Group.LAYER, "drop")
            .compose((attrs, in) -> {
                checkDropout(attrs.number("p"), attrs.flag("training"), in[0]);
                return new Meta[] {in[0]};
            }, "∂L/∂x = G · mask / (1 − p)", (attrs, in) -> new Tensor[] {dropout(in[0], attrs.number("p"),
                    attrs.flag("training"), new Generator().manualSeed(attrs.integer("seed")))})
            .samples(() -> List.of(Sample.of(Attrs.of("seed", 3), Samples.data(3, 4)),
                    Sample.of(Attrs.of("p", 0.2, "seed", 5), Samples.data(5)),
                    Sample.of(Attrs.of("p", 0.2, "training", false), Samples.data(5)),
                    Sample.of(Attrs.of("p", 1.0), Samples.data(5)), Sample.of(Attrs.of("p", 0.0), Samples.data(5))))
            .build();

    static final List<Op> ALL = List.of(LINEAR, EMBEDDING, DROPOUT);

    private Layers() {
    }

    private static Tensor linear(Tensor[] in) {
        Tensor x = in[0];
        checkLinear(x.dim(), in[1].dim());
        if (in.length < 3) {
            return x.matmul(in[1].t());
        }
        if (x.dim() == 2) {
            return Linalg.ADDMM.call(in[2], x, in[1].t());
        }
        if (x.isContiguous()) {
            int[] shape = x.shape();
            int inner = shape[shape.length - 1];
            Tensor rows = x.reshape(Shapes.numel(Arrays.copyOf(shape, shape.length - 1)), inner);
            Tensor result = Linalg.ADDMM.call(in[2], rows, in[1].t());
            shape[shape.length - 1] = result.view().shape()[1];
            return result.viewAs(shape);
        }
        return x.matmul(in[1].t()).add_(in[2]);
    }

    private static Meta inferLinear(Meta[] in) {
        checkLinear(in[0].shape().length, in[1].shape().length);
        Meta turned = Movement.T.infer(Attrs.NONE, in[1])[0];
        if (in.length < 3) {
            return Matmul.infer(in[0], turned);
        }
        int[] shape = in[0].shape().clone();
        int inner = shape[shape.length - 1];
        int[] rows = {Shapes.numel(Arrays.copyOf(shape, shape.length - 1)), inner};
        Meta product = ProductShapes.addmm(in[2], new Meta(rows, in[0].dtype()), turned);
        shape[shape.length - 1] = product.shape()[1];
        return new Meta(shape, product.dtype());
    }

    private static void checkLinear(int input, int weight) {
        if (input == 0 || weight == 0) {
            throw TorchError.runtime("both arguments to linear need to be at least 1D, but they are " + input + "D and "
                    + weight + "D");
        }
    }

    /** The gradient without that of the padding. */
    private static Tensor unpadded(Tensor g, Saved s) {
        Tensor counts = s.in(0).ne(Tensor.number(padding(s.attrs(), s.shape(1)[0])));
        return counts.unsqueeze(-1).where(g, Tensor.scalar(0, g.dtype()));
    }

    /** Which row is the padding; a negative number counts from the end. */
    private static long padding(Attrs attrs, int rows) {
        long row = attrs.integer("padding_idx");
        if (row >= Math.max(rows, 1) || row < -rows) {
            throw TorchError.assertion("Padding_idx must be within num_embeddings");
        }
        return row < 0 ? row + rows : row;
    }

    private static Meta embedded(Attrs attrs, Meta[] in) {
        if (in[1].shape().length != 2) {
            throw TorchError.runtime("'weight' must be 2-D");
        }
        if (in[0].dtype() != DType.INT64) {
            throw TorchError.runtime("Expected tensor for argument #1 'indices' to have one of the following scalar "
                    + "types: Long, Int; but got " + in[0].dtype().tensorType()
                    + " instead (while checking arguments for embedding)");
        }
        if (attrs.has("padding_idx")) {
            padding(attrs, in[1].shape()[0]);
        }
        int[] index = in[0].shape();
        int[] shape = Arrays.copyOf(index, index.length + 1);
        shape[index.length] = in[1].shape()[1];
        return new Meta(shape, in[1].dtype());
    }

    static Tensor dropout(Tensor x, double p, boolean training, Generator generator) {
        checkDropout(p, training, x.meta());
        if (p == 0 || !training || x.numel() == 0) {
            return x;
        }
        if (p == 1) {
            return x.mul(Tensor.scalar(0, x.dtype()));
        }
        // Drawn in the order in which the elements lie.
        Tensor noise = new Tensor(new View(Backends.current().drawn(x.dtype(),
                generator.bernoulli(x.numel(), 1 - p)), x.shape(), Layout.like(x.view()), 0));
        return x.mul(noise.div(1 - p));
    }

    private static long[] checked(Tensor indices, int rows) {
        for (long index : indices.toLongs()) {
            if (index < 0 || index >= rows) {
                throw TorchError.index("index out of range in self");
            }
        }
        return new long[0];
    }

    private static void checkDropout(double p, boolean training, Meta x) {
        if (!(p >= 0 && p <= 1)) {
            throw TorchError.runtime("dropout probability has to be between 0 and 1, but got " + p);
        }
        if (training && p > 0 && p < 1 && !x.dtype().isFloat() && Shapes.numel(x.shape()) > 0) {
            throw TorchError.runtime("result type Float can't be cast to the desired output type "
                    + x.dtype().scalarName());
        }
    }
}

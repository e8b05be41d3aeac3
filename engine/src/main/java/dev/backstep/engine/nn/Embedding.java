package dev.backstep.engine.nn;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.tensor.Generator;
import dev.backstep.engine.tensor.Tensor;
import dev.backstep.engine.tensor.TorchError;

/** A table of vectors, one for each of so many things: int64 (*) to (*, embedding_dim). */
public final class Embedding extends Module {
    private final Tensor weight;
    /** The row that gets no gradient, or null. */
    private final Integer padding;

    /** The vectors are drawn from the standard normal distribution. */
    public Embedding(int count, int dim, DType type, Generator generator) {
        weight = parameter("weight", generator.randn(type, count, dim));
        padding = null;
    }

    /**
     * The same, but the row {@code padding} is zeros and gets no gradient; a negative number counts from the end.
     *
     * @throws TorchError where there is no such row
     */
    public Embedding(int count, int dim, int padding, DType type, Generator generator) {
        if (padding >= count || padding < -count) {
            throw TorchError.assertion("Padding_idx must be within num_embeddings");
        }
        this.padding = padding < 0 ? padding + count : padding;
        Tensor drawn = generator.randn(type, count, dim);
        drawn.select(0, this.padding).zero_();
        weight = parameter("weight", drawn);
    }

    @Override
    public Tensor forward(Tensor... inputs) {
        return padding == null ? Functional.embedding(inputs[0], weight)
                : Functional.embedding(inputs[0], weight, padding);
    }

    public Tensor weight() {
        return weight;
    }

    @Override
    protected String settings() {
        return weight.shape()[0] + ", " + weight.shape()[1] + (padding == null ? "" : ", padding_idx=" + padding);
    }
}

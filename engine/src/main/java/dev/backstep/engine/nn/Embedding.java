package dev.backstep.engine.nn;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.tensor.Generator;
import dev.backstep.engine.tensor.Tensor;

/** A table of vectors, one for each of so many things: int64 (*) to (*, embedding_dim). */
public final class Embedding extends Module {
    private final Tensor weight;

    /** The vectors are drawn from the standard normal distribution. */
    public Embedding(int count, int dim, DType type, Generator generator) {
        weight = parameter("weight", generator.randn(type, count, dim));
    }

    @Override
    public Tensor forward(Tensor... inputs) {
        return Functional.embedding(inputs[0], weight);
    }

    public Tensor weight() {
        return weight;
    }

    @Override
    protected String settings() {
        return weight.shape()[0] + ", " + weight.shape()[1];
    }
}

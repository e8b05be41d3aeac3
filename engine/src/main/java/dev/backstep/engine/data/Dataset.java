package dev.backstep.engine.data;

import dev.backstep.engine.tensor.Tensor;

/** Samples by number, each of one or more tensors: what a {@link DataLoader} makes batches of. */
public interface Dataset {
    int size();

    /** The samples of those numbers together: of each of the tensors, one with the samples along dimension 0. */
    Tensor[] batch(int... indices);
}

package dev.backstep.engine.data;

import dev.backstep.engine.tensor.Op;
import dev.backstep.engine.tensor.Ops;
import dev.backstep.engine.tensor.Tensor;
import dev.backstep.engine.tensor.TorchError;

/** Tensors of as many rows as there are samples: a sample is a row of each. */
public final class TensorDataset implements Dataset {
    private static final Op INDEX = Ops.find("index");

    private final Tensor[] tensors;

    public TensorDataset(Tensor... tensors) {
        if (tensors.length == 0) {
            throw TorchError.index("tuple index out of range");
        }
        for (Tensor tensor : tensors) {
            if (tensor.dim() == 0) {
                throw TorchError.index("Dimension specified as 0 but tensor has no dimensions");
            }
            if (tensor.shape()[0] != tensors[0].shape()[0]) {
                throw TorchError.value("Size mismatch between tensors");
            }
        }
        this.tensors = tensors.clone();
    }

    @Override
    public int size() {
        return tensors[0].shape()[0];
    }

    @Override
    public Tensor[] batch(int... indices) {
        long[] rows = new long[indices.length];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = indices[i];
        }
        Tensor index = Tensor.of(rows, rows.length);
        Tensor[] batch = new Tensor[tensors.length];
        for (int i = 0; i < batch.length; i++) {
            batch[i] = INDEX.call(tensors[i], index);
        }
        return batch;
    }
}

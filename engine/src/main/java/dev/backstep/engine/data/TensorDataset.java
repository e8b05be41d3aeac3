package dev.backstep.engine.data;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.tensor.Op;
import dev.backstep.engine.tensor.Ops;
import dev.backstep.engine.tensor.Tensor;
import dev.backstep.engine.tensor.TorchError;

/** Tensors of as many rows as there are samples: a sample is a row of each. */
public final class TensorDataset implements Dataset {
    private static final Op INDEX = Ops.find("index");

    private final Tensor[] tensors;
    /** The elements of each in row-major order, read once: a batch is then no more than some copying. */
    private final Object[] elements;
    private final int[] versions;

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
        elements = new Object[tensors.length];
        versions = new int[tensors.length];
    }

    @Override
    public int size() {
        return tensors[0].shape()[0];
    }

    @Override
    public Tensor[] batch(int... indices) {
        Tensor[] batch = new Tensor[tensors.length];
        for (int i = 0; i < batch.length; i++) {
            // A gradient goes back through the op, and how other rows lie is the op's to say.
            batch[i] = tensors[i].requiresGrad() || !tensors[i].isContiguous() ? indexed(tensors[i], indices)
                    : copied(i, indices);
        }
        return batch;
    }

    private static Tensor indexed(Tensor tensor, int[] indices) {
        long[] rows = new long[indices.length];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = indices[i];
        }
        return INDEX.call(tensor, Tensor.of(rows, rows.length));
    }

    private Tensor copied(int which, int[] indices) {
        Tensor tensor = tensors[which];
        if (elements[which] == null || versions[which] != tensor.version()) {
            // Not by ?:, of which TeaVM makes no valid WebAssembly where the arrays are of different types.
            if (tensor.dtype() == DType.INT64) {
                elements[which] = tensor.toLongs();
            } else {
                elements[which] = tensor.toDoubles();
            }
            versions[which] = tensor.version();
        }
        int[] shape = tensor.shape();
        int width = shape[0] == 0 ? 0 : tensor.numel() / shape[0];
        shape[0] = indices.length;
        if (elements[which] instanceof long[] all) {
            long[] rows = new long[indices.length * width];
            for (int i = 0; i < indices.length; i++) {
                System.arraycopy(all, indices[i] * width, rows, i * width, width);
            }
            return Tensor.of(rows, shape);
        }
        double[] all = (double[]) elements[which];
        double[] rows = new double[indices.length * width];
        for (int i = 0; i < indices.length; i++) {
            System.arraycopy(all, indices[i] * width, rows, i * width, width);
        }
        return Tensor.of(rows, shape, tensor.dtype());
    }
}

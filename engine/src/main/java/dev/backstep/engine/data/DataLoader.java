package dev.backstep.engine.data;

import dev.backstep.engine.tensor.Generator;
import dev.backstep.engine.tensor.Tensor;
import dev.backstep.engine.tensor.TorchError;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * Makes batches of a dataset, each pass over it in an order of its own where it shuffles. What is drawn, and when, is
 * what Python's {@code DataLoader} draws from the default generator when it is given none: at the start of a pass one
 * number, meant for worker processes, shuffling or not; at the first batch the seed of the generator that makes the
 * permutation. So the order and all that is drawn afterwards are those of a notebook.
 */
public final class DataLoader implements Iterable<Tensor[]> {
    private final Dataset dataset;
    private final int batchSize;
    private final boolean shuffle;
    private final boolean dropLast;
    private final Generator generator;

    /**
     * @param dropLast whether a last batch that is not full is left out
     * @param generator stands for PyTorch's default generator
     */
    public DataLoader(Dataset dataset, int batchSize, boolean shuffle, boolean dropLast, Generator generator) {
        if (batchSize <= 0) {
            throw TorchError.value("batch_size should be a positive integer value, but got batch_size=" + batchSize);
        }
        this.dataset = dataset;
        this.batchSize = batchSize;
        this.shuffle = shuffle;
        this.dropLast = dropLast;
        this.generator = generator;
    }

    /** How many batches a pass has. */
    public int size() {
        int whole = dataset.size() / batchSize;
        return dropLast || dataset.size() % batchSize == 0 ? whole : whole + 1;
    }

    /** Begins a pass. */
    @Override
    public Pass iterator() {
        generator.random();
        return new Pass();
    }

    /** Goes on with a pass of which {@code taken} batches are over; draws nothing. */
    public Pass resume(long seed, int taken) {
        Pass pass = new Pass();
        pass.next = taken;
        pass.seed = seed;
        pass.order = shuffle ? order(seed) : null;
        return pass;
    }

    private long[] order(long seed) {
        return new Generator().manualSeed(seed).randperm(dataset.size()).toLongs();
    }

    /** One pass over the dataset. */
    public final class Pass implements Iterator<Tensor[]> {
        private final int batches = size();
        private int next;
        private long seed;
        /** Null until the first batch, and where the order is the dataset's own. */
        private long[] order;

        /** What the order was made of, once the first batch was taken; 0 where nothing is shuffled. */
        public long seed() {
            return seed;
        }

        @Override
        public boolean hasNext() {
            return next < batches;
        }

        @Override
        public Tensor[] next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            if (shuffle && order == null) {
                seed = generator.random();
                order = order(seed);
            }
            int from = next++ * batchSize;
            int[] indices = new int[Math.min(batchSize, dataset.size() - from)];
            for (int i = 0; i < indices.length; i++) {
                indices[i] = order == null ? from + i : (int) order[from + i];
            }
            return dataset.batch(indices);
        }
    }
}

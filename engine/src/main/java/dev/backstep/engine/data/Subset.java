package dev.backstep.engine.data;

import dev.backstep.engine.tensor.Generator;
import dev.backstep.engine.tensor.Tensor;
import dev.backstep.engine.tensor.TorchError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Some samples of a dataset. */
public final class Subset implements Dataset {
    private final Dataset whole;
    private final int[] indices;

    public Subset(Dataset whole, int... indices) {
        this.whole = whole;
        this.indices = indices.clone();
    }

    /** Which samples of the whole these are, in order; a copy. */
    public int[] indices() {
        return indices.clone();
    }

    @Override
    public int size() {
        return indices.length;
    }

    @Override
    public Tensor[] batch(int... which) {
        int[] there = new int[which.length];
        for (int i = 0; i < which.length; i++) {
            there[i] = indices[which[i]];
        }
        return whole.batch(there);
    }

    /**
     * {@code random_split}: parts of those sizes, drawn with one permutation.
     *
     * @throws TorchError where the sizes do not add up to the dataset's
     */
    public static List<Subset> randomSplit(Dataset dataset, Generator generator, int... lengths) {
        if (Arrays.stream(lengths).sum() != dataset.size()) {
            throw TorchError.value("Sum of input lengths does not equal the length of the input dataset!");
        }
        long[] order = generator.randperm(dataset.size()).toLongs();
        List<Subset> parts = new ArrayList<>();
        int at = 0;
        for (int length : lengths) {
            int[] part = new int[length];
            for (int i = 0; i < length; i++) {
                part[i] = (int) order[at++];
            }
            parts.add(new Subset(dataset, part));
        }
        return parts;
    }

    /** The same with shares that add up to 1; what rounding leaves goes to the first parts, one each in turn. */
    public static List<Subset> randomSplit(Dataset dataset, Generator generator, double... shares) {
        double sum = Arrays.stream(shares).sum();
        if (!(Math.abs(sum - 1) <= 1e-9)) {
            throw TorchError.value("Sum of input lengths does not equal the length of the input dataset!");
        }
        int[] lengths = new int[shares.length];
        int rest = dataset.size();
        for (int i = 0; i < shares.length; i++) {
            if (!(shares[i] >= 0 && shares[i] <= 1)) {
                throw TorchError.value("Fraction at index " + i + " is not between 0 and 1");
            }
            lengths[i] = (int) Math.floor(dataset.size() * shares[i]);
            rest -= lengths[i];
        }
        for (int i = 0; i < rest; i++) {
            lengths[i % lengths.length]++;
        }
        return randomSplit(dataset, generator, lengths);
    }
}

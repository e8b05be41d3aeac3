package dev.backstep.engine.data;

import dev.backstep.engine.tensor.Tensor;
import java.util.List;

/**
 * A data set in memory.
 *
 * @param x the features, float32 (N, F)
 * @param y the targets: class numbers, int64 (N), or values, float32 (N, 1)
 * @param features the name of each of the F columns
 * @param classes the name of each class, in the order of their numbers; empty where y holds values
 */
public record Samples(Tensor x, Tensor y, List<String> features, List<String> classes) {
    public Samples {
        features = List.copyOf(features);
        classes = List.copyOf(classes);
    }

    /** How many samples there are. */
    public int size() {
        return x.shape()[0];
    }
}

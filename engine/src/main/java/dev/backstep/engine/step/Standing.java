package dev.backstep.engine.step;

import dev.backstep.engine.graph.Mode;
import dev.backstep.engine.optim.Optimizer;
import dev.backstep.engine.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where a training stands between two batches, as {@link Playback} takes it up.
 *
 * @param leaves the outputs by box: parameters with their {@code .grad}, what ops have written in place, and the next
 *     batch; the tensors go on from here
 * @param mode how the layers run that know two ways
 * @param optimizers the state of each by box
 */
public record Standing(Map<String, Tensor[]> leaves, Mode mode, Map<String, Optimizer.State> optimizers) {
    public Standing {
        leaves = Collections.unmodifiableMap(new LinkedHashMap<>(leaves));
        optimizers = Collections.unmodifiableMap(new LinkedHashMap<>(optimizers));
    }
}

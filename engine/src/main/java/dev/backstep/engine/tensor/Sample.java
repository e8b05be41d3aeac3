package dev.backstep.engine.tensor;

import dev.backstep.engine.backend.Attrs;
import java.util.List;

/**
 * A call of an op that tests make: against LibTorch, against finite differences, against its own shape rule.
 *
 * @param smooth whether the op is differentiable around these inputs, so that finite differences make sense
 * @param constants the numbers of the inputs that get no gradient though they count: weights of classes ...
 */
public record Sample(Attrs attrs, List<Tensor> inputs, boolean smooth, List<Integer> constants) {
    static Sample of(Attrs attrs, Tensor... inputs) {
        return new Sample(attrs, List.of(inputs), true, List.of());
    }

    static Sample of(Tensor... inputs) {
        return of(Attrs.NONE, inputs);
    }

    Sample notSmooth() {
        return new Sample(attrs, inputs, false, constants);
    }

    Sample constant(Integer... which) {
        return new Sample(attrs, inputs, smooth, List.of(which));
    }

    Sample with(Attrs other) {
        return new Sample(other, inputs, smooth, constants);
    }

    /** Whether input {@code i} is one that a derivative is asked for. */
    public boolean wantsGradient(int i) {
        return inputs.get(i).dtype().isFloat() && !constants.contains(i);
    }
}

package dev.backstep.engine.tensor;

import dev.backstep.engine.backend.Attrs;
import java.util.List;

/**
 * A call of an op that tests make: against LibTorch, against finite differences, against its own shape rule.
 *
 * @param smooth whether the op is differentiable around these inputs, so that finite differences make sense
 */
public record Sample(Attrs attrs, List<Tensor> inputs, boolean smooth) {
    static Sample of(Attrs attrs, Tensor... inputs) {
        return new Sample(attrs, List.of(inputs), true);
    }

    static Sample of(Tensor... inputs) {
        return of(Attrs.NONE, inputs);
    }

    Sample notSmooth() {
        return new Sample(attrs, inputs, false);
    }
}

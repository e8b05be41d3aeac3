package dev.backstep.engine.nn;

import dev.backstep.engine.tensor.Generator;
import dev.backstep.engine.tensor.Tensor;
import dev.backstep.engine.tensor.TorchError;

/** While training, puts elements to 0 with probability {@code p} and scales the others by 1 / (1 - p). */
public final class Dropout extends Module {
    private final double p;
    private final Generator generator;

    /** @param generator what the masks are drawn from, at each call */
    public Dropout(double p, Generator generator) {
        if (!(p >= 0 && p <= 1)) {
            throw TorchError.value("dropout probability has to be between 0 and 1, but got " + p);
        }
        this.p = p;
        this.generator = generator;
    }

    @Override
    public Tensor forward(Tensor... inputs) {
        return inputs[0].dropout(p, isTraining(), generator);
    }

    @Override
    protected String settings() {
        return "p=" + p + ", inplace=False";
    }
}

package dev.backstep.engine.nn;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.tensor.Op;
import dev.backstep.engine.tensor.Ops;
import dev.backstep.engine.tensor.Tensor;

/** How far a prediction is off; {@code forward} takes the prediction and the target. */
public final class Loss extends Module {
    /** What becomes of the losses of the elements. */
    public enum Reduction { NONE, MEAN, SUM }

    private final String name;
    private final Op op;
    private final Attrs attrs;

    private Loss(String name, String op, Reduction reduction) {
        this.name = name;
        this.op = Ops.find(op);
        this.attrs = Attrs.of("reduction", switch (reduction) {
            case NONE -> "none";
            case MEAN -> "mean";
            case SUM -> "sum";
        });
    }

    public static Loss mse(Reduction reduction) {
        return new Loss("MSELoss", "mse_loss", reduction);
    }

    public static Loss l1(Reduction reduction) {
        return new Loss("L1Loss", "l1_loss", reduction);
    }

    public static Loss bce(Reduction reduction) {
        return new Loss("BCELoss", "binary_cross_entropy", reduction);
    }

    public static Loss bceWithLogits(Reduction reduction) {
        return new Loss("BCEWithLogitsLoss", "binary_cross_entropy_with_logits", reduction);
    }

    public static Loss nll(Reduction reduction) {
        return new Loss("NLLLoss", "nll_loss", reduction);
    }

    public static Loss crossEntropy(Reduction reduction) {
        return new Loss("CrossEntropyLoss", "cross_entropy", reduction);
    }

    @Override
    public Tensor forward(Tensor... inputs) {
        return op.call(attrs, inputs);
    }

    @Override
    protected String name() {
        return name;
    }
}

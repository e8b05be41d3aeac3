package dev.backstep.engine.nn;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.tensor.Op;
import dev.backstep.engine.tensor.Ops;
import dev.backstep.engine.tensor.Tensor;
import java.util.Arrays;

/** How far a prediction is off; {@code forward} takes the prediction and the target. */
public final class Loss extends Module {
    /** What becomes of the losses of the elements. */
    public enum Reduction { NONE, MEAN, SUM }

    private static final long NONE_IGNORED = -100;

    private final String name;
    private final Op op;
    private final Attrs attrs;
    private final Tensor[] weights;

    private Loss(String name, String op, Attrs attrs, Reduction reduction, Tensor... weights) {
        this.name = name;
        this.op = Ops.find(op);
        this.attrs = attrs.with("reduction", switch (reduction) {
            case NONE -> "none";
            case MEAN -> "mean";
            case SUM -> "sum";
        });
        this.weights = weights;
    }

    public static Loss mse(Reduction reduction) {
        return new Loss("MSELoss", "mse_loss", Attrs.NONE, reduction);
    }

    public static Loss l1(Reduction reduction) {
        return new Loss("L1Loss", "l1_loss", Attrs.NONE, reduction);
    }

    public static Loss bce(Reduction reduction) {
        return bce(reduction, null);
    }

    /** @param weight what each element counts, broadcast to them; may be null */
    public static Loss bce(Reduction reduction, Tensor weight) {
        return new Loss("BCELoss", "binary_cross_entropy", Attrs.NONE, reduction, given(weight))
                .keeping("weight", weight);
    }

    public static Loss bceWithLogits(Reduction reduction) {
        return bceWithLogits(reduction, null, null);
    }

    /**
     * @param weight what each element counts, broadcast to them; may be null
     * @param posWeight what a yes counts, likewise
     */
    public static Loss bceWithLogits(Reduction reduction, Tensor weight, Tensor posWeight) {
        Tensor yes = weight != null && posWeight == null ? Tensor.scalar(1, weight.dtype()) : posWeight;
        return new Loss("BCEWithLogitsLoss", "binary_cross_entropy_with_logits", Attrs.NONE, reduction,
                weight == null ? given(yes) : given(yes, weight))
                .keeping("weight", weight).keeping("pos_weight", posWeight);
    }

    public static Loss nll(Reduction reduction) {
        return nll(reduction, null, NONE_IGNORED);
    }

    /**
     * @param weight what a sample of each class counts; may be null
     * @param ignored the class whose samples do not count
     */
    public static Loss nll(Reduction reduction, Tensor weight, long ignored) {
        return new Loss("NLLLoss", "nll_loss", Attrs.of("ignore_index", ignored), reduction, given(weight))
                .keeping("weight", weight);
    }

    public static Loss crossEntropy(Reduction reduction) {
        return crossEntropy(reduction, null, NONE_IGNORED, 0);
    }

    /**
     * @param weight what a sample of each class counts; may be null
     * @param ignored the class whose samples do not count
     * @param smoothing how much of the target is spread over all classes, from 0 to 1
     */
    public static Loss crossEntropy(Reduction reduction, Tensor weight, long ignored, double smoothing) {
        return new Loss("CrossEntropyLoss", "cross_entropy", Attrs.of("ignore_index", ignored, "label_smoothing",
                smoothing), reduction, given(weight)).keeping("weight", weight);
    }

    private static Tensor[] given(Tensor... weights) {
        return weights[0] == null ? new Tensor[0] : weights;
    }

    private Loss keeping(String name, Tensor weight) {
        if (weight != null) {
            buffer(name, weight);
        }
        return this;
    }

    @Override
    public Tensor forward(Tensor... inputs) {
        Tensor[] all = Arrays.copyOf(inputs, inputs.length + weights.length);
        System.arraycopy(weights, 0, all, inputs.length, weights.length);
        return op.call(attrs, all);
    }

    @Override
    protected String name() {
        return name;
    }
}

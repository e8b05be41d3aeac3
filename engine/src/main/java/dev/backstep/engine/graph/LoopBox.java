package dev.backstep.engine.graph;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.tensor.AttrSpec;
import dev.backstep.engine.tensor.AttrSpec.Kind;
import dev.backstep.engine.tensor.Group;
import dev.backstep.engine.tensor.Meta;
import dev.backstep.engine.tensor.Tensor;
import dev.backstep.engine.tensor.TorchError;
import java.util.List;

/**
 * The training loop of a document, as a box: it computes nothing in a single forward, and says what is done with each
 * batch when the document is trained. Its attributes are the switches of the program; one left out is the loop that
 * everybody writes: {@code zero_grad}, forward, backward, step.
 */
public final class LoopBox extends BoxType {
    /** How the parameters change: the optimizer's {@code step}, by hand under {@code no_grad}, or not at all. */
    public static final String UPDATE = "update";
    public static final String OPTIMIZER = "optimizer";
    public static final String BY_HAND = "by_hand";

    /** What changes the learning rate after each epoch; PyTorch's names, or {@link #NONE}. */
    public static final String SCHEDULE = "schedule";
    public static final String STEP_LR = "StepLR";
    public static final String COSINE = "CosineAnnealingLR";

    public static final String NONE = "none";

    public static final LoopBox TYPE = new LoopBox();

    private LoopBox() {
        super("loop", "for batch in loader", List.of(), List.of(), List.of(
                new AttrSpec("epochs", Kind.INT, 20L),
                new AttrSpec("seed", Kind.INT, 0L),
                new AttrSpec("zero_grad", Kind.FLAG, true),
                new AttrSpec("accumulate", Kind.INT, 1L),
                new AttrSpec("loss_scale", Kind.NUMBER, 1.0),
                new AttrSpec("penalty", Kind.NUMBER, null),
                new AttrSpec("clip_norm", Kind.NUMBER, null),
                new AttrSpec("clip_value", Kind.NUMBER, null),
                new AttrSpec(UPDATE, Kind.TEXT, OPTIMIZER, List.of(OPTIMIZER, BY_HAND, NONE)),
                new AttrSpec("lr", Kind.NUMBER, 0.01),
                new AttrSpec(SCHEDULE, Kind.TEXT, NONE, List.of(NONE, STEP_LR, COSINE)),
                new AttrSpec("step_size", Kind.INT, 10L),
                new AttrSpec("gamma", Kind.NUMBER, 0.1),
                new AttrSpec("t_max", Kind.INT, 50L)), Group.LOOP, "⟳");
    }

    /** Refuses settings that no loop can have. */
    @Override
    public Meta[] infer(Attrs given, Meta... in) {
        for (String count : List.of("epochs", "accumulate", "step_size", "t_max")) {
            if (given.integer(count) < 1) {
                throw TorchError.value(count + " must be at least 1, but got " + given.integer(count));
            }
        }
        return new Meta[0];
    }

    @Override
    public Tensor[] apply(Attrs given, Tensor... in) {
        infer(given);
        return new Tensor[0];
    }
}

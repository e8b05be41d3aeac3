package dev.backstep.engine.train;

import dev.backstep.engine.graph.LoopBox;
import dev.backstep.engine.optim.Optimizer;
import dev.backstep.engine.optim.ParamGroup;
import dev.backstep.engine.step.Health;
import dev.backstep.engine.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Notices what goes wrong in a training, and says each thing once, or again when it has become much worse. */
final class Warnings {
    /** A total norm above this is worth a warning. */
    static final double LARGE_NORM = 100;
    /** So many of the units of a ReLU that are 0 for every sample, likewise. */
    static final double DEAD_SHARE = 0.5;
    /** How much worse it must be to be said again. */
    private static final double MUCH = 10;

    private final Trainer trainer;
    private final Consumer<RunEvent> listener;
    private final Map<String, Double> said = new HashMap<>();
    private final int[] versions;
    private boolean stepped;

    Warnings(Trainer trainer, Consumer<RunEvent> listener) {
        this.trainer = trainer;
        this.listener = listener;
        versions = trainer.setup().parameters.values().stream().mapToInt(Tensor::version).toArray();
    }

    /** Forgets what was said, because the training has gone elsewhere. */
    void forget() {
        said.clear();
    }

    private void say(String code, String node, double value) {
        Double before = said.get(code + node);
        if (before == null || value > MUCH * before) {
            said.put(code + node, value);
            listener.accept(new RunEvent.Warning(trainer.answered(), code, node, value));
        }
    }

    /** After each batch. */
    void batch() {
        if (trainer.trouble() != null) {
            say("not_finite", trainer.trouble().box(), Double.NaN);
        } else if (trainer.norm() > LARGE_NORM) {
            say("grad_norm", null, trainer.norm());
        }
        Loop loop = trainer.loop();
        if (!loop.zeroGrad() && trainer.answered() > 1 && !loop.update().equals(LoopBox.NONE)) {
            say("not_cleared", loop.box(), trainer.norm());
        }
        if (!stepped) {
            first(loop);
        }
    }

    /** When parameters should have changed for the first time. */
    private void first(Loop loop) {
        if (trainer.answered() < Math.min(loop.accumulate(), trainer.batches())) {
            return;
        }
        stepped = true;
        trainer.settle();
        boolean changed = false;
        int i = 0;
        for (Tensor parameter : trainer.setup().parameters.values()) {
            changed |= parameter.version() != versions[i++];
        }
        boolean moves = loop.update().equals(LoopBox.BY_HAND) && loop.lr() != 0;
        for (Optimizer optimizer : trainer.setup().optimizers.values()) {
            for (ParamGroup group : optimizer.paramGroups()) {
                moves |= group.number("lr") != 0;
            }
        }
        if (!changed || !moves || trainer.norm() == 0) {
            say("not_updated", loop.box(), Double.NaN);
        }
    }

    /** @param shares what share of the units of each relu box is 0 for all samples */
    void relus(Map<String, Double> shares) {
        shares.forEach((box, share) -> {
            if (share >= DEAD_SHARE) {
                say("dead_relu", box, share);
            }
        });
    }

    /** What the gradients of a batch say by depth. */
    void depths(Health health) {
        if (health.trend() == Health.Trend.EXPLODING) {
            for (Health.Layer layer : health.layers()) {
                if (layer.norm() > Health.HUGE) {
                    say("exploding", layer.ports().getFirst().node(), layer.norm());
                    return;
                }
            }
        }
        // Where all gradients are small the training is over; on the way down they vanish.
        if (health.trend() == Health.Trend.VANISHING && health.ratio() < Health.SHRUNK) {
            say("vanishing", health.layers().getLast().ports().getFirst().node(), health.ratio());
        }
    }
}

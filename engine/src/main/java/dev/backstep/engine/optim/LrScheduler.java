package dev.backstep.engine.optim;

import java.util.ArrayList;
import java.util.List;

/** Changes the learning rates of an optimizer, usually once an epoch, after {@code optimizer.step()}. */
public abstract class LrScheduler {
    private final Optimizer optimizer;
    private final List<Double> baseRates = new ArrayList<>();
    private int epoch;

    LrScheduler(Optimizer optimizer) {
        this.optimizer = optimizer;
        for (ParamGroup group : optimizer.paramGroups()) {
            baseRates.add(group.lr());
            group.set("initial_lr", group.lr());
        }
    }

    /** The rate of a group in an epoch from 1 on, from the one before, {@code lr}, and the first, {@code base}. */
    abstract double rate(int epoch, double lr, double base);

    /** Ends an epoch. */
    public final void step() {
        epoch++;
        List<ParamGroup> groups = optimizer.paramGroups();
        for (int i = 0; i < baseRates.size(); i++) {
            groups.get(i).set("lr", rate(epoch, groups.get(i).lr(), baseRates.get(i)));
        }
    }

    /** Goes on as if {@link #step()} had been called so often; the optimizer has the rates of then already. */
    public final void resume(int lastEpoch) {
        epoch = lastEpoch;
    }

    /** The rate of a group that the next {@link #step()} will set. */
    public final double next(int group) {
        return rate(epoch + 1, optimizer.paramGroups().get(group).lr(), baseRates.get(group));
    }

    /** How often {@link #step()} was called. */
    public final int lastEpoch() {
        return epoch;
    }

    /** The rate of each group as it is now. */
    public final List<Double> lastLr() {
        return optimizer.paramGroups().stream().map(ParamGroup::lr).toList();
    }

    /** {@code StepLR}: multiplies the rates by gamma every so many epochs. */
    public static LrScheduler steps(Optimizer optimizer, int stepSize, double gamma) {
        return new LrScheduler(optimizer) {
            @Override
            double rate(int epoch, double lr, double base) {
                return epoch % stepSize == 0 ? lr * gamma : lr;
            }
        };
    }

    /**
     * {@code CosineAnnealingLR}: down to {@code etaMin} in {@code tMax} epochs and up again, along a cosine; from one
     * epoch to the next as PyTorch computes it, so that a rate set between is kept in proportion.
     */
    public static LrScheduler cosine(Optimizer optimizer, int tMax, double etaMin) {
        return new LrScheduler(optimizer) {
            @Override
            double rate(int epoch, double lr, double base) {
                if ((epoch - 1 - tMax) % (2 * tMax) == 0) {
                    return lr + (base - etaMin) * (1 - Math.cos(Math.PI / tMax)) / 2;
                }
                return (1 + Math.cos(Math.PI * epoch / tMax)) / (1 + Math.cos(Math.PI * (epoch - 1) / tMax))
                        * (lr - etaMin) + etaMin;
            }
        };
    }
}

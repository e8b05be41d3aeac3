package dev.backstep.engine.train;

import dev.backstep.engine.compile.CompiledStep;
import dev.backstep.engine.optim.Optimizer;
import dev.backstep.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/** Batches that one compiled step is for: of the same shapes, and with the same done before and after. */
final class BatchKind {
    private static final Optimizer.Pace[] NONE = {};

    final boolean clears;
    final boolean steps;
    private final int[][] shapes;
    /** How many were taken eagerly before one is recorded. */
    int seen;
    CompiledStep step;
    /** Whether the step was compared with the eager one. */
    boolean trusted;
    /** Of which parameters there is a gradient afterwards. */
    boolean[] graded;
    /** How often the step writes each tensor. */
    int[] writes;
    /** How many were taken since all was brought back. */
    int taken;
    private Optimizer.Pace[] paces = NONE;
    /** The step that each counts as when nothing was replayed yet. */
    private double[] first;
    /** For each pace a parameter that goes by it. */
    private Tensor[] paced;
    private Optimizer[] pacers;

    /**
     * Batches like one.
     *
     * @param clears whether gradients are cleared before
     * @param steps whether parameters change after
     */
    BatchKind(boolean clears, boolean steps, Tensor[] batch) {
        this.clears = clears;
        this.steps = steps;
        shapes = new int[batch.length][];
        for (int i = 0; i < batch.length; i++) {
            shapes[i] = batch[i].shape();
        }
    }

    boolean isOf(boolean batchClears, boolean batchSteps, Tensor[] batch) {
        if (clears != batchClears || steps != batchSteps) {
            return false;
        }
        for (int i = 0; i < shapes.length; i++) {
            if (!Arrays.equals(shapes[i], batch[i].view().shape())) {
                return false;
            }
        }
        return true;
    }

    // The optimizers' own count of steps

    /** Finds by which counts the parameters with a gradient go. */
    void follow(Collection<Optimizer> optimizers, List<Tensor> parameters) {
        List<Optimizer.Pace> found = new ArrayList<>();
        List<Tensor> by = new ArrayList<>();
        List<Optimizer> of = new ArrayList<>();
        for (Optimizer optimizer : steps ? optimizers : List.<Optimizer>of()) {
            for (Tensor parameter : parameters) {
                Optimizer.Pace pace = optimizer.pace(parameter);
                if (pace != null && parameter.grad() != null && !found.contains(pace)) {
                    found.add(pace);
                    by.add(parameter);
                    of.add(optimizer);
                }
            }
        }
        paces = found.toArray(Optimizer.Pace[]::new);
        first = new double[paces.length];
        paced = by.toArray(Tensor[]::new);
        pacers = of.toArray(Optimizer[]::new);
    }

    /** Nothing was replayed yet: the counts begin where the optimizers are. */
    void begin() {
        for (int i = 0; i < paces.length; i++) {
            Tensor count = pacers[i].memory(paced[i]).get("step");
            first[i] = count == null ? 1 : count.item() + 1;
        }
    }

    /** @param changes how often parameters changed since {@link #begin} */
    void count(int changes) {
        for (int i = 0; i < paces.length; i++) {
            paces[i].count(first[i] + changes);
        }
    }
}

package dev.backstep.server.cuda;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.View;
import dev.backstep.engine.backend.device.Device.Slot;
import dev.backstep.engine.backend.device.Operand;
import dev.backstep.engine.backend.device.Work;
import java.util.ArrayList;
import java.util.List;

/** Works as the steps that do them, and the scratch memory these need. */
final class Plan {
    private final List<Slot> slots;
    private final int given;
    private final boolean tf32;
    private final List<Step> steps = new ArrayList<>();

    /** @param tf32 whether products of matrices may round their factors */
    Plan(List<Work> works, List<Slot> slots, boolean tf32) {
        this.slots = new ArrayList<>(slots);
        this.tf32 = tf32;
        given = slots.size();
        for (Work work : works) {
            switch (work) {
                case Work.Pointwise p -> Elementwise.pointwise(p, this);
                case Work.Run r -> run(r);
            }
        }
    }

    private void run(Work.Run run) {
        Operand out = run.outs().getFirst();
        Operand in = run.ins().getFirst();
        switch (run.kernel()) {
            case COPY -> Elementwise.copy(out, in, this);
            case SUM -> Folds.fold(false, out, in, this);
            case PROD -> Folds.fold(true, out, in, this);
            case FOLD -> WindowSums.fold(out, in, this);
            case MAX -> Extremes.find(out, in, true, false, this);
            case MIN -> Extremes.find(out, in, false, false, this);
            case ARGMAX -> Extremes.find(out, in, true, true, this);
            case ARGMIN -> Extremes.find(out, in, false, true, this);
            case CUMSUM -> RunningSums.sum(out, in, this);
            case SOFTMAX -> Softmaxes.take(false, out, in, this);
            case LOG_SOFTMAX -> Softmaxes.take(true, out, in, this);
            case SOFTMAX_BACKWARD -> Softmaxes.back(false, out, in, run.ins().get(1), this);
            case LOG_SOFTMAX_BACKWARD -> Softmaxes.back(true, out, in, run.ins().get(1), this);
            case MATMUL -> Products.multiply(out, in, run.ins().get(1), this);
            case GATHER -> Elementwise.gather(out, in, run.ins().get(1), this);
            case SCATTER -> Elementwise.scatter(out, in, run.ins().get(1), this);
            case SCATTER_ADD -> Elementwise.scatterAdd(out, in, run.ins().get(1), this);
            case TWIST -> Draws.twist(out, in, this);
            case BERNOULLI -> Draws.bernoulli(out, in, run.ins().get(1), this);
        }
    }

    void add(Step step) {
        steps.add(step);
    }

    /** Another piece of scratch memory, as an operand in row-major order. */
    Operand scratch(DType type, int... shape) {
        slots.add(new Slot(type, View.numel(shape)));
        return new Operand(slots.size() - 1, type, shape, View.rowMajor(shape), 0);
    }

    DType type(int slot) {
        return slots.get(slot).type();
    }

    int size(int slot) {
        return slots.get(slot).size();
    }

    boolean tf32() {
        return tf32;
    }

    List<Step> steps() {
        return steps;
    }

    /** The scratch memory, whose slots come after those that were given. */
    List<Slot> scratch() {
        return slots.subList(given, slots.size());
    }
}

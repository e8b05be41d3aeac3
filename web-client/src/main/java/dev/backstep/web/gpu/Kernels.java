package dev.backstep.web.gpu;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.device.Device.Slot;
import dev.backstep.engine.backend.device.Dims;
import dev.backstep.engine.backend.device.Operand;
import dev.backstep.engine.backend.device.Work;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Works as dispatches. */
final class Kernels {
    /** Up to so many elements a sum by places is made place by place, always in the same order. */
    private static final int FEW = 1 << 10;

    private Kernels() {}

    /** How many different slots a work has; each is a binding of the shader. */
    static int slots(Work work) {
        Set<Integer> different = new HashSet<>();
        work.outs().forEach(o -> different.add(o.slot()));
        work.ins().forEach(o -> different.add(o.slot()));
        return different.size();
    }

    /**
     * The dispatches of a work.
     *
     * @param slots those of the executable, to which scratch memory is added
     */
    static void plan(Work work, Tuning tuning, List<Slot> slots, List<Dispatch> to) {
        switch (work) {
            case Work.Pointwise p -> Elementwise.pointwise(p, slots, to);
            case Work.Run r -> run(r, tuning, slots, to);
        }
    }

    private static void run(Work.Run run, Tuning tuning, List<Slot> slots, List<Dispatch> to) {
        Operand out = run.outs().getFirst();
        Operand in = run.ins().getFirst();
        switch (run.kernel()) {
            case COPY -> Elementwise.copy(out, in, slots, to);
            case SUM -> Folds.fold(false, out, in, tuning, slots, to);
            case PROD -> Folds.fold(true, out, in, tuning, slots, to);
            case FOLD -> WindowSums.fold(out, in, slots, to);
            case MAX -> Extremes.find(out, in, true, false, slots, to);
            case MIN -> Extremes.find(out, in, false, false, slots, to);
            case ARGMAX -> Extremes.find(out, in, true, true, slots, to);
            case ARGMIN -> Extremes.find(out, in, false, true, slots, to);
            case CUMSUM -> RunningSums.sum(out, in, slots, to);
            case SOFTMAX -> Softmaxes.take(false, out, in, tuning, slots, to);
            case LOG_SOFTMAX -> Softmaxes.take(true, out, in, tuning, slots, to);
            case SOFTMAX_BACKWARD -> Softmaxes.back(false, out, in, run.ins().get(1), tuning, slots, to);
            case LOG_SOFTMAX_BACKWARD -> Softmaxes.back(true, out, in, run.ins().get(1), tuning, slots, to);
            case MATMUL -> Matmul.multiply(out, in, run.ins().get(1), tuning, slots, to);
            case GATHER -> Elementwise.gather(out, in, run.ins().get(1), slots, to);
            case SCATTER -> Elementwise.scatter(out, in, run.ins().get(1), slots, to);
            case SCATTER_ADD -> scatterAdd(out, in, run.ins().get(1), slots, to);
            case TWIST -> Draws.twist(out, in, tuning, slots, to);
            case BERNOULLI -> Draws.bernoulli(out, in, run.ins().get(1), slots, to);
        }
    }

    private static void scatterAdd(Operand out, Operand values, Operand places, List<Slot> slots, List<Dispatch> to) {
        Dims targets = Dims.of(List.of(out));
        Dims dims = Dims.of(List.of(values, places));
        if (dims.numel > FEW || (long) targets.numel * dims.numel > FEW * FEW) {
            Elementwise.fill(out.slot(), out.offset(), targets.numel, out.type() == DType.FLOAT32 ? "0.0" : "0", slots,
                    to);
            Elementwise.scatterAdd(out, values, places, slots, to);
            return;
        }
        if (targets.numel == 0) {
            return;
        }
        Shader shader = new Shader(slots);
        shader.add("var total = ", out.type() == DType.FLOAT32 ? "0.0" : "0", ";\nfor (var j = 0u; j < ",
                shader.word(dims.numel), "; j++) {");
        String place = Folds.places(shader, dims, 1, "j", places.offset(), "p");
        shader.add("if (u32(", shader.read(places.slot()), "[", place, "]) == id) {");
        shader.add("total += ", Elementwise.convert(shader.read(values.slot()) + "["
                + Folds.places(shader, dims, 0, "j", values.offset(), "v") + "]", values.type(), out.type()),
                ";\n}\n}");
        shader.add(shader.write(out.slot()), "[", shader.word(out.offset()), " + id] = total;");
        to.add(shader.dispatch(targets.numel));
    }
}

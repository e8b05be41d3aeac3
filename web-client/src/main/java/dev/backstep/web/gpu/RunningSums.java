package dev.backstep.web.gpu;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.device.Device.Slot;
import dev.backstep.engine.backend.device.Dims;
import dev.backstep.engine.backend.device.Operand;
import java.util.Arrays;
import java.util.List;

/**
 * Running sums along the last dimension, in float32 with what each sum lost carried along. A long row is cut: the sums
 * of its parts, the running sums of those, and then each part from where it begins.
 */
final class RunningSums {
    private static final int PART = 256;
    private static final int MANY = 1024;

    private final Operand out;
    private final Operand in;
    private final Dims dims;
    private final int length;
    private final List<Slot> slots;

    private RunningSums(Operand out, Operand in, Dims dims, int length, List<Slot> slots) {
        this.out = out;
        this.in = in;
        this.dims = dims;
        this.length = length;
        this.slots = slots;
    }

    static void sum(Operand out, Operand in, List<Slot> slots, List<Dispatch> to) {
        int last = in.shape().length - 1;
        if (last < 0) {
            Elementwise.copy(out, in, slots, to);
            return;
        }
        int length = in.shape()[last];
        int[] rows = Arrays.copyOf(in.shape(), last);
        Dims dims = Dims.of(List.of(
                new Operand(out.slot(), out.type(), rows, Arrays.copyOf(out.strides(), last), out.offset()),
                new Operand(in.slot(), in.type(), rows, Arrays.copyOf(in.strides(), last), in.offset())));
        if (dims.numel * length == 0) {
            return;
        }
        RunningSums sums = new RunningSums(out, in, dims, length, slots);
        if (dims.numel >= MANY || length <= 2 * PART) {
            to.add(sums.walk(length, -1, true));
            return;
        }
        int part = Math.max(PART, (length + MANY - 1) / MANY);
        int parts = (length + part - 1) / part;
        slots.add(new Slot(out.type(), dims.numel * parts));
        int scratch = slots.size() - 1;
        int[] shape = {dims.numel, parts};
        Operand totals = new Operand(scratch, out.type(), shape, new int[] {parts, 1}, 0);
        to.add(sums.walk(part, scratch, false));
        sum(totals, totals, slots, to);
        to.add(sums.walk(part, scratch, true));
    }

    /** @param writes whether the sums are written, each part from the sum before it, or only the part's whole sum */
    private Dispatch walk(int part, int scratch, boolean writes) {
        Shader shader = new Shader(slots);
        int last = in.shape().length - 1;
        int parts = (length + part - 1) / part;
        String count = shader.word(parts);
        String size = shader.word(part);
        boolean floats = out.type() == DType.FLOAT32;
        shader.add("let row = id / ", count, ";\nlet first = (id % ", count, ") * ", size, ";\nlet end = min(first + ",
                size, ", ", shader.word(length), ");");
        shader.add("let base = ", Folds.places(shader, dims, 1, "row", in.offset(), "r"), ";");
        shader.add("var total: ", Shader.element(out.type()), " = ", floats ? "0.0" : "0", ";");
        if (writes) {
            shader.add("let sums = ", Folds.places(shader, dims, 0, "row", out.offset(), "o"), ";");
            if (parts > 1) {
                shader.add("if (first > 0u) { total = ", shader.read(scratch), "[id - 1u]; }");
            }
        }
        shader.add(floats ? "var lost = 0.0;\n" : "", "for (var j = first; j < end; j++) {");
        shader.add("let x = ", Elementwise.convert(shader.read(in.slot()) + "[base + j * "
                + shader.word(in.strides()[last]) + "]", in.type(), out.type()), ";");
        if (floats) {
            // What is lost of an infinite sum is not a number and would spoil it.
            shader.add("let y = x - lost;\nlet t = total + y;\nlet l = (t - total) - y;\n"
                    + "lost = select(l, 0.0, is_nan(l));\ntotal = t;");
        } else {
            shader.add("total += x;");
        }
        if (writes) {
            shader.add(shader.write(out.slot()), "[sums + j * ", shader.word(out.strides()[last]), "] = total;\n}");
        } else {
            shader.add("}\n", shader.write(scratch), "[id] = total;");
        }
        return shader.dispatch(dims.numel * parts);
    }
}

package dev.backstep.web.gpu;

import dev.backstep.engine.backend.device.Device.Slot;
import dev.backstep.engine.backend.device.Dims;
import dev.backstep.engine.backend.device.Operand;
import dev.backstep.web.gpu.Sharing.Fold;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Softmaxes along the last dimension, their logarithms, and the gradients of both, a dispatch each. An invocation does
 * a row by itself, or a workgroup of them does, whichever suits the device.
 */
final class Softmaxes {
    /** Shorter rows are an invocation's everywhere. */
    private static final int SHORT = 32;
    /** Longer ones, where there are not many, are a workgroup's everywhere. */
    private static final int LONG = 2048;
    private static final int MANY = 256;
    /** Elements summed in a row before the result is put to the others, so that errors stay small. */
    private static final int RUN = 32;

    private final Shader shader;
    private final boolean log;
    private final Dims rows;
    private final List<Operand> operands;
    private final Sharing sharing;
    private final String length;
    private final String first;
    private final String step;

    private Softmaxes(boolean log, Sharing suits, List<Slot> slots, List<Operand> operands) {
        this.log = log;
        this.operands = operands;
        shader = new Shader(slots);
        int last = Math.max(0, operands.getFirst().shape().length - 1);
        List<Operand> starts = new ArrayList<>();
        for (Operand o : operands) {
            starts.add(new Operand(o.slot(), o.type(), Arrays.copyOf(o.shape(), last),
                    Arrays.copyOf(o.strides(), last), o.offset()));
        }
        rows = Dims.of(starts);
        int size = last < operands.getFirst().shape().length ? operands.getFirst().shape()[last] : 1;
        boolean vast = size > LONG && rows.numel < MANY;
        sharing = size < SHORT ? Sharing.ALONE : vast && suits == Sharing.ALONE ? Sharing.TREE : suits;
        boolean alone = sharing == Sharing.ALONE;
        length = shader.word(size);
        first = alone ? "0u" : "local";
        step = alone ? "1u" : Shader.GROUP + "u";
        shader.add("let row = ", alone ? "id" : "block", ";");
        for (int i = 0; i < operands.size(); i++) {
            shader.add("let start" + i + " = ", Folds.places(shader, rows, i, "row", operands.get(i).offset(), "r" + i),
                    ";");
        }
    }

    static void take(boolean log, Operand out, Operand in, Tuning tuning, List<Slot> slots, List<Dispatch> to) {
        if (Dims.of(List.of(out)).numel > 0) {
            to.add(new Softmaxes(log, tuning.rows(), slots, List.of(out, in)).take());
        }
    }

    static void back(boolean log, Operand out, Operand gradient, Operand result, Tuning tuning, List<Slot> slots,
            List<Dispatch> to) {
        if (Dims.of(List.of(out)).numel > 0) {
            to.add(new Softmaxes(log, tuning.rows(), slots, List.of(out, gradient, result)).back());
        }
    }

    private Dispatch take() {
        shader.declare("fn order(x: f32) -> i32 { return select(rank(x), 2147483647, is_nan(x)); }\n");
        shader.declare("fn ranked(place: i32) -> f32 { return bitcast<f32>(select(u32(place), "
                + "u32(-place) | 0x80000000u, place < 0)); }\n");
        String x = element(1);
        shader.add("var most = ", Fold.MAX.neutral("i32"), ";\nfor (var j = ", first, "; j < ", length, "; j += ", step,
                ") { most = max(most, order(", x, ")); }");
        shader.add("let top = ranked(", together(Fold.MAX, "i32", "most"), ");");
        String power = "fn_exp(" + x + " - top)";
        String target = target();
        sum(log ? "run += " + power + ";" : "let power = " + power + ";\n" + target + " = power;\nrun += power;");
        if (log) {
            shader.add("let lower = fn_log(sum);");
        }
        return each(target, log ? "(" + x + " - top) - lower" : "fn_div(" + target + ", sum)");
    }

    private Dispatch back() {
        String g = element(1);
        String y = element(2);
        sum("run += " + (log ? g : g + " * " + y) + ";");
        return each(target(), log ? g + " - fn_exp(" + y + ") * sum" : y + " * (" + g + " - sum)");
    }

    /** The code of element {@code j} of the row. */
    private String element(int operand) {
        return shader.read(operands.get(operand).slot()) + place(operand);
    }

    private String target() {
        return shader.write(operands.getFirst().slot()) + place(0);
    }

    private String place(int operand) {
        int[] strides = operands.get(operand).strides();
        int stride = strides.length == 0 ? 0 : strides[strides.length - 1];
        return "[start" + operand + " + j" + (stride == 1 ? "" : " * " + shader.word(stride)) + "]";
    }

    private String together(Fold fold, String element, String value) {
        if (sharing == Sharing.ALONE) {
            return value;
        }
        sharing.declare(shader, fold, element);
        return fold.together() + "(" + value + ", local)";
    }

    /** Declares {@code sum} of what the code for each element adds to {@code run}. */
    private void sum(String add) {
        shader.add("var total = 0.0;\nvar j = ", first, ";\nloop {\nif (j >= ", length, ") { break; }\nvar run = 0.0;");
        shader.add("for (var r = 0u; r < " + RUN + "u && j < ", length, "; r++) {\n", add, "\nj += ", step,
                ";\n}\ntotal += run;\n}");
        shader.add("let sum = ", together(Fold.SUM, "f32", "total"), ";");
    }

    private Dispatch each(String target, String value) {
        shader.add("for (var j = ", first, "; j < ", length, "; j += ", step, ") { ", target, " = ", value, "; }");
        return sharing == Sharing.ALONE ? shader.dispatch(rows.numel) : shader.blocks(rows.numel);
    }
}

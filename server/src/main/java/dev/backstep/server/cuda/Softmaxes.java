package dev.backstep.server.cuda;

import dev.backstep.engine.backend.device.Dims;
import dev.backstep.engine.backend.device.Operand;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Softmaxes along the last dimension, their logarithms, and the gradients of both: a few threads, a warp or a block for
 * a row. Functions are float32's, sums are in float64.
 */
final class Softmaxes {
    private final Source source;
    private final boolean log;
    private final List<Operand> operands;
    private final Dims rows;
    private final Lanes lanes;
    private final String each;

    private Softmaxes(boolean log, Plan plan, Operand... operands) {
        this.log = log;
        this.operands = List.of(operands);
        source = new Source(plan);
        int last = Math.max(0, operands[0].shape().length - 1);
        List<Operand> starts = new ArrayList<>();
        for (Operand o : operands) {
            starts.add(new Operand(o.slot(), o.type(), Arrays.copyOf(o.shape(), last),
                    Arrays.copyOf(o.strides(), last), o.offset()));
        }
        rows = Dims.of(starts);
        int length = operands[0].shape().length == 0 ? 1 : operands[0].shape()[last];
        boolean across = rows.rank() > 0 && rows.last(1) == 1 && stride(1) != 1;
        lanes = Lanes.of(rows.numel, length, across);
        lanes.begin(source, "1u");
        String row = "(result < " + source.word(rows.numel) + " ? result : 0u)";
        for (int i = 0; i < operands.length; i++) {
            source.add("const unsigned start" + i + " = ", source.places(rows, i, row, operands[i].offset(), "r" + i),
                    ";");
        }
        // Threads behind the last row take part where all must.
        source.add("const unsigned end = result < ", source.word(rows.numel), " ? ", source.word(length), " : 0u;");
        each = "for (unsigned j = lane; j < end; j += " + lanes.each() + "u) ";
    }

    static void take(boolean log, Operand out, Operand in, Plan plan) {
        if (Dims.of(List.of(out)).numel > 0) {
            new Softmaxes(log, plan, out, in).take();
        }
    }

    static void back(boolean log, Operand out, Operand gradient, Operand result, Plan plan) {
        if (Dims.of(List.of(out)).numel > 0) {
            new Softmaxes(log, plan, out, gradient, result).back();
        }
    }

    private void take() {
        String x = element(1);
        source.add("float top;\n{\nfloat total = -__int_as_float(0x7f800000);\n", each, "total = fn_max(", x,
                ", total);");
        lanes.all(source, "float", "total = fn_max(other, total);");
        source.add("top = total;\n}");
        String target = target();
        sum(log ? "total += (double) expf(" + x + " - top);"
                : "{ const float power = expf(" + x + " - top); " + target + " = power; total += (double) power; }");
        source.add("const float ", log ? "lower = (float) log(sum);" : "whole = (float) sum;");
        finish(target, log ? "(" + x + " - top) - lower" : target + " / whole");
    }

    private void back() {
        String g = element(1);
        String y = element(2);
        sum("total += (double) " + g + (log ? ";" : " * (double) " + y + ";"));
        source.add("const float whole = (float) sum;");
        finish(target(), log ? g + " - expf(" + y + ") * whole" : y + " * (" + g + " - whole)");
    }

    private int stride(int operand) {
        int[] strides = operands.get(operand).strides();
        return strides.length == 0 ? 0 : strides[strides.length - 1];
    }

    /** The code of element {@code j} of the row. */
    private String element(int operand) {
        return source.read(operands.get(operand).slot()) + place(operand);
    }

    private String target() {
        return source.write(operands.getFirst().slot()) + place(0);
    }

    private String place(int operand) {
        return "[start" + operand + " + j" + (stride(operand) == 1 ? "" : " * " + source.word(stride(operand))) + "]";
    }

    /** Declares {@code sum} of what the code for each element adds to {@code total}. */
    private void sum(String add) {
        source.add("double sum;\n{\ndouble total = 0;\n", each, add);
        lanes.all(source, "double", "total += other;");
        source.add("sum = total;\n}");
    }

    private void finish(String target, String value) {
        source.add(each, target, " = ", value, ";");
        source.perBlock((rows.numel + lanes.results() - 1) / lanes.results());
    }
}

package dev.backstep.web.gpu;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.View;
import dev.backstep.engine.backend.device.Device.Slot;
import dev.backstep.engine.backend.device.Dims;
import dev.backstep.engine.backend.device.Operand;
import java.util.Arrays;
import java.util.List;

/**
 * Sums and products. Each invocation folds its part, in runs that are folded again, so that errors stay small; where
 * there are few results the parts go to scratch memory, which is folded likewise. Invocations work alone, or a
 * workgroup of them folds one part, whichever suits the device.
 */
final class Folds {
    /** What one invocation folds at most where few results make many parts: so many loads. */
    private static final int PART = 64;
    /** With so many results each is folded by one invocation, however long it is. */
    private static final int MANY = 4096;
    /** Elements folded in a row before the result is put to the others. */
    private static final int RUN = 32;

    private final boolean product;
    private final Sharing sharing;
    private final List<Slot> slots;
    private final List<Dispatch> to;

    private Folds(boolean product, Sharing sharing, List<Slot> slots, List<Dispatch> to) {
        this.product = product;
        this.sharing = sharing;
        this.slots = slots;
        this.to = to;
    }

    /** @param slots those of the executable, to which scratch memory is added */
    static void fold(boolean product, Operand out, Operand in, Tuning tuning, List<Slot> slots, List<Dispatch> to) {
        new Folds(product, tuning.sums(), slots, to).fold(out, in);
    }

    private String neutral(DType type) {
        return (product ? "1" : "0") + (type == DType.FLOAT32 ? ".0" : "");
    }

    private void fold(Operand out, Operand in) {
        int rank = in.shape().length;
        int[] kept = new int[rank];
        int[] folded = new int[rank];
        int results = 1;
        int each = 1;
        int k = 0;
        int f = 0;
        for (int d = 0; d < rank; d++) {
            if (out.strides()[d] == 0) {
                folded[f++] = d;
                each *= in.shape()[d];
            } else {
                kept[k++] = d;
                results *= in.shape()[d];
            }
        }
        if (each == 0) {
            Elementwise.fill(out.slot(), out.offset(), results, neutral(out.type()), slots, to);
        } else if (results > 0) {
            step(out, in, Dims.of(List.of(out, in), Arrays.copyOf(kept, k)),
                    Dims.of(List.of(out, in), Arrays.copyOf(folded, f)));
        }
    }

    /** @param kept the dimensions of the results, with strides of out and in; folded likewise, out's are 0 */
    private void step(Operand out, Operand in, Dims kept, Dims folded) {
        int results = kept.numel;
        int length = folded.numel;
        boolean quads = folded.rank() == 1 && folded.last(1) == 1 && (length & 3) == 0 && (in.offset() & 3) == 0
                && (in.type() != DType.FLOAT32 || out.type() == DType.FLOAT32);
        for (int d = 0; d < kept.rank(); d++) {
            quads &= (kept.strides[1][d] & 3) == 0;
        }
        int loads = quads ? length / 4 : length;
        boolean tree = sharing != Sharing.ALONE && results < MANY && loads > 2 * PART;
        int each = PART * (tree ? Shader.GROUP : 1);
        int parts = results >= MANY || loads <= 2 * each ? 1 : (loads + each - 1) / each;
        while (parts > 1 && (long) parts * results > 4 * MANY && parts > MANY / results) {
            parts = (parts + 1) / 2;
        }
        Operand target = parts == 1 ? out : scratch(out.type(), results, parts);
        emit(target, in, kept, folded, loads, parts, quads, tree);
        if (parts > 1) {
            int last = kept.rank();
            int[] shape = Arrays.copyOf(kept.extents, last + 1);
            shape[last] = parts;
            int[] which = new int[last];
            for (int d = 0; d < last; d++) {
                which[d] = d;
            }
            Operand whole = new Operand(out.slot(), out.type(), shape, Arrays.copyOf(kept.strides[0], last + 1),
                    out.offset());
            Operand parted = new Operand(target.slot(), target.type(), shape, View.rowMajor(shape), 0);
            step(whole, parted, Dims.of(List.of(whole, parted), which),
                    Dims.of(List.of(whole, parted), new int[] {last}));
        }
    }

    private Operand scratch(DType type, int results, int parts) {
        slots.add(new Slot(type, results * parts));
        return new Operand(slots.size() - 1, type, new int[] {results, parts}, new int[] {parts, 1}, 0);
    }

    private void emit(Operand target, Operand in, Dims kept, Dims folded, int loads, int parts, boolean quads,
            boolean tree) {
        Shader shader = new Shader(slots);
        DType type = target.type();
        String element = Shader.element(type);
        String neutral = neutral(type);
        Sharing.Fold fold = product ? Sharing.Fold.PROD : Sharing.Fold.SUM;
        // Neighbours read neighbouring elements: of one result's, or of neighbouring results'.
        boolean across = parts == 1 || kept.rank() > 0 && kept.last(1) == 1;
        String results = shader.word(kept.numel);
        String count = shader.word(parts);
        if (tree) {
            sharing.declare(shader, fold, element);
            shader.add("let result = block / ", count, ";\nlet part = block % ", count, ";");
        } else if (parts == 1) {
            shader.add("let result = id;\nlet part = 0u;");
        } else if (across) {
            shader.add("let result = id % ", results, ";\nlet part = id / ", results, ";");
        } else {
            shader.add("let result = id / ", count, ";\nlet part = id % ", count, ";");
        }
        String from = places(shader, kept, 1, "result", in.offset(), "k");
        shader.add("let base = ", from, ";");
        String vector = quads ? "vec4<" + element + ">" : element;
        String start = quads ? vector + "(" + neutral + ")" : neutral;
        shader.add("var total: ", vector, " = ", start, ";");
        String step = tree ? count + " * " + Shader.GROUP + "u" : count;
        shader.add("var j = part", tree ? " * " + Shader.GROUP + "u + local" : "", ";\nlet loads = ",
                shader.word(loads), ";\nloop {\nif (j >= loads) { break; }");
        shader.add("var run: ", vector, " = ", start, ";");
        shader.add("for (var r = 0u; r < " + RUN + "u && j < loads; r++) {");
        String op = product ? " * " : " + ";
        String value = quads ? shader.readQuads(in.slot()) + "[(base >> 2u) + j]"
                : shader.read(in.slot()) + "[base + " + places(shader, folded, 1, "j", 0, "f") + "]";
        value = quads ? vector + "(" + value + ")" : Elementwise.convert(value, in.type(), type);
        shader.add("run = run", op, value, ";\nj += ", step, ";\n}\ntotal = total", op, "run;\n}");
        String sum = quads ? "((total.x" + op + "total.y)" + op + "(total.z" + op + "total.w))" : "total";
        if (tree) {
            shader.add("let whole = ", fold.together(), "(", sum, ", local);\nif (local > 0u) { return; }");
            sum = "whole";
        }
        String place = parts == 1 ? places(shader, kept, 0, "result", target.offset(), "t")
                : "result * " + count + " + part";
        shader.add(shader.write(target.slot()), "[", place, "] = ", type == DType.BOOL ? "select(0, 1, " + sum
                + " != 0)" : sum, ";");
        int runs = kept.numel * parts;
        to.add(tree ? shader.blocks(runs) : shader.dispatch(runs));
    }

    /** The code of the place of a number in these dimensions; declares what it needs under names with that prefix. */
    static String places(Shader shader, Dims dims, int operand, String number, int offset, String prefix) {
        int rank = dims.rank();
        StringBuilder code = new StringBuilder(offset == 0 ? "0u" : shader.word(offset));
        String rest = number;
        for (int d = rank - 1; d >= 0; d--) {
            String index = rest;
            if (d > 0) {
                String extent = shader.word(dims.extents[d]);
                index = prefix + d;
                shader.add("let ", index, " = ", rest, " % ", extent, ";\nlet ", prefix, "r" + d, " = ", rest, " / ",
                        extent, ";");
                rest = prefix + "r" + d;
            }
            int stride = dims.strides[operand][d];
            if (stride != 0) {
                code.append(" + ").append(index);
                if (stride != 1) {
                    code.append(" * ").append(shader.word(stride));
                }
            }
        }
        return code.toString();
    }
}

package dev.backstep.server.cuda;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.device.Dims;
import dev.backstep.engine.backend.device.Operand;
import java.util.Arrays;
import java.util.List;

/**
 * Sums and products, of floats in float64 and rounded once, as the CPU does it. Where there are few results they are
 * made in parts, which are folded again.
 */
final class Folds {
    private Folds() {
    }

    static void fold(boolean product, Operand out, Operand in, Plan plan) {
        int rank = in.shape().length;
        int[] kept = new int[rank];
        int[] folded = new int[rank];
        int k = 0;
        int f = 0;
        for (int d = 0; d < rank; d++) {
            if (out.strides()[d] == 0) {
                folded[f++] = d;
            } else {
                kept[k++] = d;
            }
        }
        Dims results = Dims.of(List.of(out, in), Arrays.copyOf(kept, k));
        Dims elements = Dims.of(List.of(out, in), Arrays.copyOf(folded, f));
        if (elements.numel == 0 && results.numel > 0) {
            Elementwise.fill(new Operand(out.slot(), out.type(), results.extents, results.strides[0], out.offset()),
                    product ? 1 : 0, plan);
        } else if (results.numel > 0) {
            fold(product, out, in, results, elements, plan);
        }
    }

    /** @param kept the dimensions of the results, with strides of out and in; those of {@code folded} are in's */
    private static void fold(boolean product, Operand out, Operand in, Dims kept, Dims folded, Plan plan) {
        boolean quads = in.type() != DType.FLOAT64 && folded.rank() == 1 && folded.isInQuads(1, in.offset())
                && (folded.numel & 3) == 0 && Arrays.stream(kept.strides[1]).allMatch(stride -> (stride & 3) == 0);
        int loads = quads ? folded.numel / 4 : folded.numel;
        boolean across = kept.rank() > 0 && kept.last(1) == 1 && !(folded.rank() > 0 && folded.last(1) == 1);
        Lanes lanes = Lanes.of(kept.numel, loads, across);
        boolean wide = out.type() == DType.FLOAT32 || in.type() == DType.FLOAT32;
        int parts = wide ? lanes.parts(kept.numel, loads) : 1;
        Operand target = parts == 1 ? out : plan.scratch(DType.FLOAT64, kept.numel, parts);
        Source source = new Source(plan);
        String count = source.word(parts);
        lanes.begin(source, count);
        String type = wide ? "double" : "long long";
        String op = product ? " * " : " + ";
        source.add(type, " total = ", product ? "1" : "0", ";\nif (result < ", source.word(kept.numel), ") {");
        source.add("const unsigned base = ", source.places(kept, 1, "result", in.offset(), "k"), ";");
        source.add("for (unsigned j = part * " + lanes.each() + "u + lane; j < ", source.word(loads), "; j += ", count,
                " * " + lanes.each() + "u) {");
        String memory = source.read(in.slot());
        if (quads) {
            String element = Source.element(in.type());
            source.add("const ", element, "4 x = ((const ", element, "4*) ", memory, ")[base / 4u + j];");
            String value = "((" + type + ") x.";
            source.add("total = total", op, "(", value, "x", op, "x.y)", op, value, "z", op, "x.w));");
        } else {
            String place = source.places(folded, 1, "j", 0, "f");
            source.add("total = total", op, "(", type, ") ", memory, "[base + ", place, "];");
        }
        source.add("}\n}");
        lanes.end(source, type, "total = total" + op + "other;");
        source.add("if (lane == 0u && result < ", source.word(kept.numel), ") {");
        String place = parts == 1 ? source.places(kept, 0, "result", out.offset(), "t") : "result * " + count + " + part";
        source.add(source.write(target.slot()), "[", place, "] = ",
                Source.convert("total", wide ? DType.FLOAT64 : DType.INT64, target.type()), ";\n}");
        source.perBlock((kept.numel + lanes.results() - 1) / lanes.results() * parts);
        if (parts > 1) {
            again(product, out, target, kept, plan);
        }
    }

    /** Folds the parts of each result. */
    private static void again(boolean product, Operand out, Operand parts, Dims kept, Plan plan) {
        int last = kept.rank();
        int[] shape = Arrays.copyOf(kept.extents, last + 1);
        shape[last] = parts.shape()[1];
        int[] strides = new int[last + 1];
        int stride = 1;
        for (int d = last; d >= 0; d--) {
            strides[d] = stride;
            stride *= shape[d];
        }
        fold(product, new Operand(out.slot(), out.type(), shape, Arrays.copyOf(kept.strides[0], last + 1),
                out.offset()), new Operand(parts.slot(), parts.type(), shape, strides, 0), plan);
    }
}

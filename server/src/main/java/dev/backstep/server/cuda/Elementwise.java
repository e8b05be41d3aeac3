package dev.backstep.server.cuda;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.View;
import dev.backstep.engine.backend.device.Dims;
import dev.backstep.engine.backend.device.Operand;
import dev.backstep.engine.backend.device.Work;
import dev.backstep.engine.expr.Cuda;
import dev.backstep.engine.expr.Expr;
import java.util.ArrayList;
import java.util.List;

/** Works whose every element is computed by itself: formulas, copies, picking and putting by places. */
final class Elementwise {
    private final Plan plan;
    private final Source source;
    private final List<Operand> outs;
    private final List<Operand> ins;
    private final Dims dims;
    private final boolean quads;

    private Elementwise(Plan plan, List<Operand> outs, List<Operand> ins, boolean mayQuad) {
        this.plan = plan;
        this.outs = outs;
        this.ins = ins;
        source = new Source(plan);
        List<Operand> all = new ArrayList<>(outs);
        all.addAll(ins);
        dims = Dims.of(all);
        quads = mayQuad && areQuads(all);
    }

    /** Formulas, all outputs in one run. */
    static void pointwise(Work.Pointwise work, Plan plan) {
        Elementwise e = new Elementwise(plan, work.outs(), work.ins(), true);
        if (e.dims.numel == 0) {
            return;
        }
        e.load();
        Cuda code = new Cuda(work.formulas(), i -> "a" + i,
                name -> e.source.number(work.firstNumber() + work.params().indexOf(name)));
        int count = e.quads ? 4 : 1;
        for (int o = 0; o < work.outs().size(); o++) {
            e.source.add("float y" + o, count > 1 ? "[4];" : "[1];");
        }
        for (int c = 0; c < count; c++) {
            e.source.add("{");
            for (int i = 0; i < work.ins().size(); i++) {
                e.source.add("const float a" + i, " = ", Source.convert(e.component(i, c), work.ins().get(i).type(),
                        DType.FLOAT32), ";");
            }
            e.source.add(code.statements());
            for (int o = 0; o < work.outs().size(); o++) {
                e.source.add("y" + o + "[" + c + "] = ", code.results().get(o), ";");
            }
            e.source.add("}");
        }
        for (int o = 0; o < work.outs().size(); o++) {
            String[] values = new String[count];
            for (int c = 0; c < count; c++) {
                values[c] = Source.convert("y" + o + "[" + c + "]", DType.FLOAT32, work.outs().get(o).type());
            }
            e.store(o, values);
        }
        e.finish();
    }

    static void copy(Operand out, Operand in, Plan plan) {
        Elementwise e = new Elementwise(plan, List.of(out), List.of(in), in.type() != DType.FLOAT64);
        if (e.dims.numel > 0) {
            e.load();
            String[] values = new String[e.quads ? 4 : 1];
            for (int c = 0; c < values.length; c++) {
                values[c] = Source.convert(e.component(0, c), in.type(), out.type());
            }
            e.store(0, values);
            e.finish();
        }
    }

    /** Every element of the output is this number. */
    static void fill(Operand out, double value, Plan plan) {
        pointwise(new Work.Pointwise(List.of(Expr.of(value)), List.of(out), List.of(), List.of(), 0), plan);
    }

    /** out[i] = values[places[i]]. */
    static void gather(Operand out, Operand values, Operand places, Plan plan) {
        Elementwise e = new Elementwise(plan, List.of(out), List.of(places), false);
        if (e.dims.numel > 0) {
            e.load();
            e.store(0, Source.convert(e.source.read(values.slot()) + "[" + e.source.word(values.offset()) + " + p0]",
                    values.type(), out.type()));
            e.finish();
        }
    }

    /** out[places[i]] = values[i]. */
    static void scatter(Operand out, Operand values, Operand places, Plan plan) {
        Elementwise e = new Elementwise(plan, List.of(), List.of(values, places), false);
        if (e.dims.numel > 0) {
            e.load();
            e.source.add(e.source.write(out.slot()), "[", e.source.word(out.offset()), " + p1] = ",
                    Source.convert("p0", values.type(), out.type()), ";");
            e.finish();
        }
    }

    /**
     * out = 0, then out[places[i]] += values[i], by whoever comes first. Floats are summed in float64, so that the
     * order hardly ever shows once the sum is rounded.
     */
    static void scatterAdd(Operand out, Operand values, Operand places, Plan plan) {
        int size = View.numel(out.shape());
        if (size == 0) {
            return;
        }
        boolean floats = out.type() == DType.FLOAT32;
        Operand sums = floats ? plan.scratch(DType.FLOAT64, size) : flat(out, size);
        fill(sums, 0, plan);
        Elementwise e = new Elementwise(plan, List.of(), List.of(values, places), false);
        if (e.dims.numel > 0) {
            e.load();
            e.source.add("atomicAdd(", e.source.write(sums.slot()), " + ", e.source.word(sums.offset()), " + p1, ",
                    Source.convert("p0", values.type(), sums.type()), ");");
            e.finish();
        }
        if (floats) {
            copy(flat(out, size), sums, plan);
        }
    }

    /** An operand that lies in row-major order as one dimension. */
    private static Operand flat(Operand operand, int size) {
        return new Operand(operand.slot(), operand.type(), new int[] {size}, new int[] {1}, operand.offset());
    }

    /** Whether every operand's last dimension is one element again and again, or runs of fours. */
    private boolean areQuads(List<Operand> all) {
        int rank = dims.rank();
        if (rank == 0) {
            return false;
        }
        boolean whole = (dims.extents[rank - 1] & 3) == 0;
        for (int o = 0; o < all.size(); o++) {
            Operand operand = all.get(o);
            boolean repeats = o >= outs.size() && dims.last(o) == 0;
            if (!repeats && !dims.isInQuads(o, operand.offset()) || operand.type() == DType.FLOAT64) {
                return false;
            }
            // What lies behind the last element may be overwritten only where the memory ends.
            if (!whole && (rank > 1 || o < outs.size()
                    && operand.offset() + dims.numel != plan.size(operand.slot()))) {
                return false;
            }
        }
        return true;
    }

    /** Writes the code of an element's place in each dimension, and reads the inputs there as p0, p1 and so on. */
    private void load() {
        int rank = dims.rank();
        source.add("unsigned rest = id;");
        for (int d = rank - 1; d > 0; d--) {
            String extent = source.word(quads && d == rank - 1 ? dims.extents[d] / 4 : dims.extents[d]);
            source.add("const unsigned i" + d, " = rest % ", extent, ";\nrest /= ", extent, ";");
        }
        for (int i = 0; i < ins.size(); i++) {
            int o = outs.size() + i;
            Operand in = ins.get(i);
            String element = Source.element(in.type());
            String memory = source.read(in.slot());
            if (quads && dims.last(o) == 1) {
                source.add("const ", element, "4 p" + i, " = ((const ", element, "4*) ", memory, ")[",
                        at(o, in.offset(), true), "];");
            } else {
                source.add("const ", element, " p" + i, " = ", memory, "[", at(o, in.offset(), false), "];");
            }
        }
    }

    private void store(int o, String... values) {
        Operand out = outs.get(o);
        String element = Source.element(out.type());
        String memory = source.write(out.slot());
        if (quads) {
            source.add("((", element, "4*) ", memory, ")[", at(o, out.offset(), true), "] = make_", element, "4(",
                    String.join(", ", values), ");");
        } else {
            source.add(memory, "[", at(o, out.offset(), false), "] = ", values[0], ";");
        }
    }

    /** Component {@code c} of input {@code i}. */
    private String component(int i, int c) {
        return quads && dims.last(outs.size() + i) == 1 ? "p" + i + "." + "xyzw".charAt(c) : "p" + i;
    }

    private String at(int operand, int offset, boolean byFours) {
        return dims.place(operand, offset, byFours, source::word);
    }

    private void finish() {
        source.perThread(quads ? (dims.numel + 3) / 4 : dims.numel);
    }
}

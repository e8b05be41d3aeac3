package dev.backstep.web.gpu;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.device.Device.Slot;
import dev.backstep.engine.backend.device.Dims;
import dev.backstep.engine.backend.device.Operand;
import dev.backstep.engine.backend.device.Work;
import dev.backstep.engine.expr.Wgsl;
import java.util.ArrayList;
import java.util.List;

/** Works whose every element is computed by itself: formulas, copies, picking and putting by places. */
final class Elementwise {
    private final Shader shader;
    private final List<Slot> slots;
    private final List<Operand> outs;
    private final List<Operand> ins;
    private final Dims dims;
    /** Whether four elements are loaded and stored at once, as they lie. */
    private final boolean quads;
    /** Whether an invocation computes four neighbours of the last dimension: their places are found once, by division. */
    private final boolean fours;

    /** @param mayFour whether elements may be taken four at a time where they lie so */
    private Elementwise(List<Slot> slots, List<Operand> outs, List<Operand> ins, boolean mayFour) {
        this.slots = slots;
        this.outs = outs;
        this.ins = ins;
        shader = new Shader(slots);
        List<Operand> all = new ArrayList<>(outs);
        all.addAll(ins);
        dims = Dims.of(all);
        quads = mayFour && areQuads(all);
        fours = quads || mayFour && dims.rank() > 1 && (dims.extents[dims.rank() - 1] & 3) == 0;
    }

    /** Formulas, all outputs in one run. */
    static void pointwise(Work.Pointwise work, List<Slot> slots, List<Dispatch> to) {
        Elementwise e = new Elementwise(slots, work.outs(), work.ins(), true);
        if (e.dims.numel == 0) {
            return;
        }
        e.load();
        e.storePlaces();
        // Numbers stand behind the words, so all places are written before the formulas.
        Wgsl code = new Wgsl(work.formulas(), i -> "a" + i,
                name -> e.shader.number(work.firstNumber() + work.params().indexOf(name)));
        StringBuilder function = new StringBuilder("struct Results { ");
        for (int i = 0; i < work.outs().size(); i++) {
            function.append('r').append(i).append(": f32, ");
        }
        function.append("}\nfn formulas(");
        for (int i = 0; i < work.ins().size(); i++) {
            function.append('a').append(i).append(": f32, ");
        }
        function.append(") -> Results {\n").append(code.statements()).append("return Results(")
                .append(String.join(", ", code.results())).append(");\n}\n");
        e.shader.declare(function.toString());
        for (int c = 0; c < (e.fours ? 4 : 1); c++) {
            StringBuilder call = new StringBuilder("let y" + c + " = formulas(");
            for (int i = 0; i < work.ins().size(); i++) {
                call.append(convert(e.component(i, c), work.ins().get(i).type(), DType.FLOAT32)).append(", ");
            }
            e.shader.add(call.append(");").toString());
        }
        for (int o = 0; o < work.outs().size(); o++) {
            String[] values = new String[e.fours ? 4 : 1];
            for (int c = 0; c < values.length; c++) {
                values[c] = convert("y" + c + ".r" + o, DType.FLOAT32, work.outs().get(o).type());
            }
            e.store(o, values);
        }
        to.add(e.dispatch());
    }

    static void copy(Operand out, Operand in, List<Slot> slots, List<Dispatch> to) {
        Elementwise e = new Elementwise(slots, List.of(out), List.of(in), true);
        if (e.dims.numel > 0) {
            e.load();
            e.storePlaces();
            String[] values = new String[e.fours ? 4 : 1];
            for (int c = 0; c < values.length; c++) {
                values[c] = convert(e.component(0, c), in.type(), out.type());
            }
            e.store(0, values);
            to.add(e.dispatch());
        }
    }

    /** out[i] = source[places[i]]. */
    static void gather(Operand out, Operand source, Operand places, List<Slot> slots, List<Dispatch> to) {
        Elementwise e = new Elementwise(slots, List.of(out), List.of(places), false);
        if (e.dims.numel > 0) {
            e.load();
            e.storePlaces();
            String value = e.shader.read(source.slot()) + "[" + e.shader.word(source.offset()) + " + u32(a0)]";
            e.store(0, convert(value, source.type(), out.type()));
            to.add(e.dispatch());
        }
    }

    /** out[places[i]] = values[i]. */
    static void scatter(Operand out, Operand values, Operand places, List<Slot> slots, List<Dispatch> to) {
        Elementwise e = new Elementwise(slots, List.of(), List.of(values, places), false);
        if (e.dims.numel > 0) {
            e.load();
            e.shader.add(e.shader.write(out.slot()), "[", e.shader.word(out.offset()), " + u32(a1)] = ",
                    convert("a0", values.type(), out.type()), ";");
            to.add(e.dispatch());
        }
    }

    /** out[places[i]] += values[i], by whoever comes first; float32 by trying until nobody came between. */
    static void scatterAdd(Operand out, Operand values, Operand places, List<Slot> slots, List<Dispatch> to) {
        Elementwise e = new Elementwise(slots, List.of(), List.of(values, places), false);
        if (e.dims.numel == 0) {
            return;
        }
        e.load();
        String target = "&" + e.shader.writeAtomic(out.slot()) + "[" + e.shader.word(out.offset()) + " + u32(a1)]";
        String value = convert("a0", values.type(), out.type());
        if (out.type() == DType.FLOAT32) {
            e.shader.add("var old = atomicLoad(", target, ");\nloop {\n",
                    "let tried = atomicCompareExchangeWeak(", target, ", old, bitcast<u32>(bitcast<f32>(old) + ", value,
                    "));\nif (tried.exchanged) { break; }\nold = tried.old_value;\n}");
        } else {
            e.shader.add("atomicAdd(", target, ", ", value, ");");
        }
        to.add(e.dispatch());
    }

    /** The first elements of a slot from {@code offset} on, each this number. */
    static void fill(int slot, int offset, int size, String value, List<Slot> slots, List<Dispatch> to) {
        if (size > 0) {
            Shader shader = new Shader(slots);
            shader.add(shader.write(slot), "[", shader.word(offset), " + id] = ", value, ";");
            to.add(shader.dispatch(size));
        }
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
            if (!repeats && !dims.isInQuads(o, operand.offset())) {
                return false;
            }
            // What lies behind the last element may be overwritten only where the memory ends.
            if (!whole && (rank > 1 || o < outs.size()
                    && operand.offset() + dims.numel != slots.get(operand.slot()).size())) {
                return false;
            }
        }
        return true;
    }

    /** Writes the code of an element's place in each dimension, and reads the inputs there. */
    private void load() {
        int rank = dims.rank();
        shader.add("var rest = id;");
        for (int d = rank - 1; d > 0; d--) {
            boolean grouped = fours && d == rank - 1;
            String extent = shader.word(grouped ? dims.extents[d] / 4 : dims.extents[d]);
            shader.add("let i", Integer.toString(d), " = (rest % ", extent, ")", grouped && !quads ? " * 4u" : "",
                    ";\nrest = rest / ", extent, ";");
        }
        for (int i = 0; i < ins.size(); i++) {
            int o = outs.size() + i;
            Operand in = ins.get(i);
            if (!fours) {
                shader.add("let a" + i, " = ", shader.read(in.slot()), "[", at(o, in.offset(), false), "];");
            } else if (!quads) {
                shader.add("let p" + i, " = ", at(o, in.offset(), false), ";");
                String step = dims.last(o) == 0 ? "" : step(o);
                for (int c = 0; c < (dims.last(o) == 0 ? 1 : 4); c++) {
                    shader.add("let a" + i + "_" + c, " = ", shader.read(in.slot()), "[p" + i, behind(c, step), "];");
                }
            } else if (dims.last(o) == 0) {
                shader.add("let p" + i, " = ", at(o, in.offset(), false), ";");
                shader.add("let a" + i, " = ", Shader.single(shader.readQuads(in.slot()), "p" + i), ";");
            } else {
                shader.add("let a" + i, " = ", shader.readQuads(in.slot()), "[", at(o, in.offset(), true), "];");
            }
        }
    }

    private void storePlaces() {
        for (int o = 0; o < outs.size(); o++) {
            shader.add("let to" + o, " = ", at(o, outs.get(o).offset(), quads), ";");
            if (fours && !quads) {
                shader.add("let step" + o, " = 1u", step(o), ";");
            }
        }
    }

    private void store(int o, String... values) {
        int slot = outs.get(o).slot();
        if (quads) {
            shader.add(shader.writeQuads(slot), "[to" + o, "] = vec4<", Shader.element(outs.get(o).type()), ">(",
                    String.join(", ", values), ");");
        } else {
            for (int c = 0; c < values.length; c++) {
                shader.add(shader.write(slot), "[to" + o, behind(c, " * step" + o), "] = ", values[c], ";");
            }
        }
    }

    /** The code of a factor: an operand's stride in the last dimension. */
    private String step(int operand) {
        return dims.last(operand) == 1 ? "" : " * " + shader.word(dims.last(operand));
    }

    /** The code of so many steps more. */
    private static String behind(int steps, String step) {
        return steps == 0 ? "" : " + " + steps + "u" + step;
    }

    /** Component {@code c} of input {@code i}. */
    private String component(int i, int c) {
        int last = dims.last(outs.size() + i);
        if (quads) {
            return last == 1 ? "a" + i + "." + "xyzw".charAt(c) : "a" + i;
        }
        return !fours ? "a" + i : "a" + i + "_" + (last == 0 ? 0 : c);
    }

    private String at(int operand, int offset, boolean byFours) {
        return dims.place(operand, offset, byFours, shader::word);
    }

    private Dispatch dispatch() {
        return shader.dispatch(fours ? (dims.numel + 3) / 4 : dims.numel);
    }

    /** An element of one type as another keeps it: integers drop the fraction, a truth says whether it is not zero. */
    static String convert(String value, DType from, DType to) {
        if (from == to) {
            return value;
        }
        return switch (to) {
            case FLOAT32 -> "f32(" + value + ")";
            case BOOL -> from == DType.FLOAT32 ? "select(1, 0, is_zero(" + value + "))" : "select(0, 1, " + value
                    + " != 0)";
            case INT64 -> from == DType.FLOAT32 ? "select(i32(" + value + "), 0, is_nan(" + value + "))" : value;
            case FLOAT64 -> throw new IllegalArgumentException("no float64 on a device");
        };
    }
}

package dev.backstep.engine.backend.device;

import dev.backstep.engine.backend.Buffer;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.Kernel;
import dev.backstep.engine.backend.View;
import dev.backstep.engine.expr.Expr;
import dev.backstep.engine.expr.Program;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The views of one call as operands over slots, each memory once; slot 0 is the output's. */
final class Arrangement {
    private final Program formula;
    private final Kernel kernel;
    private final View out;
    private final View[] in;
    private final List<Buffer> memories = new ArrayList<>();
    /** By input; -1 is a single number, which becomes a parameter. */
    private final int[] slotOf;
    private final double[] numbers;

    /**
     * @param formula and its parameters, or null where it is a kernel
     * @param single reads the number of a view of a single one
     */
    Arrangement(Program formula, double[] params, Kernel kernel, View out, View[] in, Numbers single) {
        this.formula = formula;
        this.kernel = kernel;
        this.out = out;
        this.in = in;
        memories.add(out.buffer());
        slotOf = new int[in.length];
        double[] found = params == null ? new double[0] : params;
        for (int i = 0; i < in.length; i++) {
            Buffer memory = in[i].buffer();
            if (formula != null && memory.size() == 1 && !(memory instanceof PlacedBuffer)) {
                slotOf[i] = -1;
                found = Arrays.copyOf(found, found.length + 1);
                found[found.length - 1] = DType.FLOAT32.round(single.of(in[i]));
            } else {
                slotOf[i] = slot(memory);
            }
        }
        numbers = found;
    }

    /** Reads the number of a view of a single one. */
    interface Numbers {
        double of(View view);
    }

    private int slot(Buffer memory) {
        for (int i = 0; i < memories.size(); i++) {
            if (memories.get(i).isSameMemory(memory)) {
                return i;
            }
        }
        memories.add(memory);
        return memories.size() - 1;
    }

    List<Buffer> memories() {
        return memories;
    }

    double[] numbers() {
        return numbers;
    }

    /** Whether an input lies in the memory of the output without being the very same view, or beside it. */
    boolean overlaps() {
        for (int i = 0; i < in.length; i++) {
            if (slotOf[i] == 0 && (kernel != null || !isSame(in[i], out)) && last(in[i]) >= out.offset()
                    && last(out) >= in[i].offset()) {
                return true;
            }
        }
        return false;
    }

    private static boolean isSame(View a, View b) {
        return a.offset() == b.offset() && Arrays.equals(a.shape(), b.shape())
                && Arrays.equals(a.strides(), b.strides());
    }

    /** The last place a view reaches. */
    private static int last(View view) {
        int last = view.offset();
        for (int i = 0; i < view.rank(); i++) {
            last += (view.shape()[i] - 1) * view.strides()[i];
        }
        return last;
    }

    Call.Key key() {
        int length = 0;
        for (View view : in) {
            length += 5 + 2 * view.rank();
        }
        int[] geometry = new int[length + 5 + 2 * out.rank()];
        int at = put(geometry, 0, out, 0);
        for (int i = 0; i < in.length; i++) {
            at = put(geometry, at, in[i], slotOf[i]);
        }
        return new Call.Key(formula == null ? kernel : formula, geometry);
    }

    private static int put(int[] to, int from, View view, int slot) {
        int at = from;
        to[at++] = slot;
        if (slot < 0) {
            return at;
        }
        to[at++] = view.dtype().ordinal();
        to[at++] = view.buffer().size();
        to[at++] = view.offset();
        to[at++] = view.rank();
        for (int i = 0; i < view.rank(); i++) {
            to[at++] = view.shape()[i];
            to[at++] = view.strides()[i];
        }
        return at;
    }

    Call call() {
        List<Device.Slot> slots = new ArrayList<>();
        for (Buffer memory : memories) {
            slots.add(new Device.Slot(memory.dtype(), memory.size()));
        }
        List<Operand> ins = new ArrayList<>();
        List<Expr> arguments = new ArrayList<>();
        List<String> params = new ArrayList<>(formula == null ? List.of() : formula.params());
        int given = params.size();
        for (int i = 0; i < in.length; i++) {
            if (slotOf[i] < 0) {
                String name = "scalar" + (params.size() - given);
                params.add(name);
                arguments.add(Expr.param(name));
            } else {
                arguments.add(Expr.arg(ins.size()));
                ins.add(operand(in[i], slotOf[i]));
            }
        }
        List<Operand> outs = List.of(operand(out, 0));
        if (formula == null) {
            return new Call(new Work.Run(kernel, outs, ins), slots);
        }
        Expr expr = formula.formula().replace(leaf -> leaf instanceof Expr.Arg a ? arguments.get(a.index()) : leaf);
        return new Call(new Work.Pointwise(List.of(expr), outs, ins, params, 0), slots);
    }

    private static Operand operand(View view, int slot) {
        return new Operand(slot, view.dtype(), view.shape(), view.strides(), view.offset());
    }
}

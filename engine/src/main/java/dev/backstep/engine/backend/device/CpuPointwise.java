package dev.backstep.engine.backend.device;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.Kernel;
import dev.backstep.engine.backend.View;
import dev.backstep.engine.backend.cpu.CpuBackend;
import dev.backstep.engine.backend.cpu.HostMemory;
import dev.backstep.engine.backend.device.CpuDevice.CpuMemory;
import dev.backstep.engine.expr.BlockProgram;
import dev.backstep.engine.expr.Expr;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Formulas bound to memory. Where all fits into one block, formulas read and write the memory itself; repeated elements
 * and rows are brought together by a table of places.
 */
final class CpuPointwise {
    private static final CpuBackend CPU = new CpuBackend();
    /** Elements at a time. */
    private static final int BLOCK = 2048;
    /** Up to so many elements it is worth knowing where each lies. */
    private static final int TABLE = 1 << 16;

    /** How the elements of an operand come to a register, or go from one. */
    private static final class Way {
        int register;
        float[] data;
        double[] wide;
        int offset;
        /** Whether the register is the memory. */
        boolean direct;
        boolean single;
        /** Where each element lies, or null where they lie in a row. */
        int[] table;
        /** What is copied before or after, where the memory is no float32 or too large for a table. */
        View staged;
        View own;
    }

    private final BlockProgram program;
    private final int n;
    private final int length;
    /** One of the two: float32 where that gives the same as float64 rounded where the formulas say. */
    private final float[][] floats;
    private final double[][] doubles;
    private final Way[] ins;
    private final Way[] outs;
    /** Registers of the parameters that are read, and their numbers. */
    private final int[] params;
    private final int[] numbers;

    CpuPointwise(Work.Pointwise work, Memory[] slots) {
        int args = work.ins().size();
        n = View.numel(work.outs().getFirst().shape());
        length = Math.min(n, BLOCK);
        List<Expr> plain = plain(work);
        program = new BlockProgram(plain == null ? work.formulas() : plain, args, work.params());
        floats = plain == null ? null : program.floats(length);
        doubles = plain == null ? program.doubles(length) : null;
        ins = new Way[args];
        for (int i = 0; i < args; i++) {
            ins[i] = way(work.ins().get(i), slots, i);
            if (ins[i].direct && floats != null) {
                floats[i] = ins[i].data;
            } else if (ins[i].direct) {
                doubles[i] = ins[i].wide;
            }
        }
        outs = new Way[work.outs().size()];
        for (int i = 0; i < outs.length; i++) {
            outs[i] = way(work.outs().get(i), slots, program.result(i));
        }
        for (int i = 0; i < outs.length; i++) {
            outs[i].direct &= program.isComputed(outs[i].register) && isAlone(i);
            if (outs[i].direct && floats != null) {
                floats[outs[i].register] = outs[i].data;
            } else if (outs[i].direct) {
                doubles[outs[i].register] = outs[i].wide;
            }
        }
        int[] read = new int[work.params().size()];
        int count = 0;
        for (int i = 0; i < read.length; i++) {
            if (program.reads(i)) {
                read[count++] = i;
            }
        }
        params = new int[count];
        numbers = new int[count];
        for (int i = 0; i < count; i++) {
            params[i] = args + read[i];
            numbers[i] = work.firstNumber() + read[i];
        }
    }

    private Way way(Operand operand, Memory[] slots, int register) {
        CpuMemory memory = (CpuMemory) slots[operand.slot()];
        Way way = new Way();
        way.register = register;
        View view = memory.view(operand);
        boolean row = view.isContiguous();
        way.single = isSingle(operand);
        boolean isFloat = memory.type == DType.FLOAT32 || memory.type == DType.FLOAT64 && doubles != null;
        if (!isFloat || !row && !way.single && n > TABLE) {
            way.data = new float[n];
            way.staged = View.contiguous(HostMemory.of(way.data), operand.shape());
            way.own = view;
            way.single = false;
            row = true;
        } else {
            way.data = memory.floats;
            way.wide = memory.doubles;
            way.offset = operand.offset();
        }
        way.direct = row && !way.single && way.offset == 0 && n <= BLOCK && (way.data != null) == (floats != null);
        if (!row && !way.single) {
            way.table = table(operand);
        }
        return way;
    }

    private static boolean isSingle(Operand operand) {
        boolean single = View.numel(operand.shape()) != 1;
        for (int d = 0; d < operand.shape().length; d++) {
            single &= operand.shape()[d] == 1 || operand.strides()[d] == 0;
        }
        return single;
    }

    private int[] table(Operand operand) {
        int[] table = new int[n];
        int rank = operand.shape().length;
        int[] index = new int[rank];
        int at = operand.offset();
        for (int i = 0; i < n; i++) {
            table[i] = at;
            for (int d = rank - 1; d >= 0; d--) {
                at += operand.strides()[d];
                if (++index[d] < operand.shape()[d]) {
                    break;
                }
                at -= index[d] * operand.strides()[d];
                index[d] = 0;
            }
        }
        return table;
    }

    /** Whether no other operand has the memory of an output, and no other output its register. */
    private boolean isAlone(int out) {
        for (Way in : ins) {
            if (isSame(in, outs[out])) {
                return false;
            }
        }
        for (int i = 0; i < outs.length; i++) {
            if (i != out && (isSame(outs[i], outs[out]) || outs[i].register == outs[out].register)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isSame(Way a, Way b) {
        return a.data != null && a.data == b.data || a.wide != null && a.wide == b.wide;
    }

    // Float32 where it is the same

    /** The formulas without the roundings that float32 does anyway, or null where float64 is another thing. */
    private static List<Expr> plain(Work.Pointwise work) {
        List<Expr> plain = new ArrayList<>();
        for (Operand in : work.ins()) {
            if (in.type() == DType.FLOAT64) {
                return null;
            }
        }
        for (int i = 0; i < work.formulas().size(); i++) {
            Expr formula = plain(work.formulas().get(i));
            if (formula == null || work.outs().get(i).type() == DType.FLOAT64) {
                return null;
            }
            plain.add(formula);
        }
        return plain;
    }

    private static Expr plain(Expr e) {
        return switch (e) {
            case Expr.Arg _ -> e;
            case Expr.Const c -> DType.FLOAT32.round(c.value()) == c.value() ? e : null;
            case Expr.Param _ -> null;
            case Expr.Call c when BlockProgram.isRounding(c) ->
                c.arg(0) instanceof Expr.Call inner ? steps(inner) : c.arg(0);
            case Expr.Call c -> isWhole(c) ? steps(c) : null;
        };
    }

    /** Whether a function of float32 numbers is one without rounding. */
    private static boolean isWhole(Expr.Call c) {
        return c.fn().isTruth() || switch (c.fn()) {
            case NEG, ABS, SIGN, FLOOR, ROUND, MIN, MAX, SELECT -> true;
            default -> false;
        };
    }

    private static Expr steps(Expr.Call c) {
        List<Expr> args = new ArrayList<>();
        for (Expr arg : c.args()) {
            Expr plain = plain(arg);
            if (plain == null) {
                return null;
            }
            args.add(plain);
        }
        return new Expr.Call(c.fn(), args);
    }

    // Running

    private void fill(int register, double value) {
        if (floats != null) {
            Arrays.fill(floats[register], (float) value);
        } else {
            Arrays.fill(doubles[register], value);
        }
    }

    void run(double[] values) {
        for (int i = 0; i < params.length; i++) {
            fill(params[i], values[numbers[i]]);
        }
        for (Way in : ins) {
            if (in.staged != null) {
                CPU.run(Kernel.COPY, in.staged, in.own);
            } else if (in.single) {
                fill(in.register, in.data != null ? in.data[in.offset] : in.wide[in.offset]);
            }
        }
        for (int from = 0; from < n; from += length) {
            block(from, Math.min(length, n - from));
        }
        for (Way out : outs) {
            if (out.staged != null) {
                CPU.run(Kernel.COPY, out.own, out.staged);
            }
        }
    }

    private void block(int from, int count) {
        for (Way in : ins) {
            if (!in.direct && !in.single) {
                load(in, from, count);
            }
        }
        if (floats != null) {
            program.run(floats, count);
        } else {
            program.run(doubles, count);
        }
        for (Way out : outs) {
            if (!out.direct) {
                store(out, from, count);
            }
        }
    }

    private void load(Way in, int from, int count) {
        if (floats == null) {
            loadDoubles(in, from, count);
            return;
        }
        float[] to = floats[in.register];
        if (in.table == null) {
            System.arraycopy(in.data, in.offset + from, to, 0, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            to[i] = in.data[in.table[from + i]];
        }
    }

    private void loadDoubles(Way in, int from, int count) {
        double[] to = doubles[in.register];
        for (int i = 0; i < count; i++) {
            int at = in.table == null ? in.offset + from + i : in.table[from + i];
            to[i] = in.data != null ? in.data[at] : in.wide[at];
        }
    }

    private void store(Way out, int from, int count) {
        if (floats == null) {
            storeDoubles(out, from, count);
            return;
        }
        float[] values = floats[out.register];
        if (out.table == null) {
            System.arraycopy(values, 0, out.data, out.offset + from, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            out.data[out.table[from + i]] = values[i];
        }
    }

    private void storeDoubles(Way out, int from, int count) {
        double[] values = doubles[out.register];
        for (int i = 0; i < count; i++) {
            int at = out.table == null ? out.offset + from + i : out.table[from + i];
            if (out.data != null) {
                out.data[at] = (float) values[i];
            } else {
                out.wide[at] = values[i];
            }
        }
    }
}

package dev.backstep.engine.backend.device;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.Kernel;
import dev.backstep.engine.backend.View;
import dev.backstep.engine.backend.cpu.CpuBackend;
import dev.backstep.engine.backend.cpu.HostMemory;
import dev.backstep.engine.backend.device.CpuDevice.CpuMemory;
import dev.backstep.engine.expr.FloatProgram;
import java.util.Arrays;

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

    private final FloatProgram program;
    private final int n;
    private final int length;
    private final float[][] registers;
    private final Way[] ins;
    private final Way[] outs;
    /** Registers of the parameters that are read, and their numbers. */
    private final int[] params;
    private final int[] numbers;

    CpuPointwise(Work.Pointwise work, Memory[] slots) {
        int args = work.ins().size();
        program = new FloatProgram(work.formulas(), args, work.params());
        n = View.numel(work.outs().getFirst().shape());
        length = Math.min(n, BLOCK);
        registers = program.registers(length);
        ins = new Way[args];
        for (int i = 0; i < args; i++) {
            ins[i] = way(work.ins().get(i), slots, i);
            if (ins[i].direct) {
                registers[i] = ins[i].data;
            }
        }
        outs = new Way[work.outs().size()];
        for (int i = 0; i < outs.length; i++) {
            outs[i] = way(work.outs().get(i), slots, program.result(i));
        }
        for (int i = 0; i < outs.length; i++) {
            outs[i].direct &= program.isComputed(outs[i].register) && isAlone(i);
            if (outs[i].direct) {
                registers[outs[i].register] = outs[i].data;
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
        if (memory.type != DType.FLOAT32 || !row && !way.single && n > TABLE) {
            way.data = new float[n];
            way.staged = View.contiguous(HostMemory.of(way.data), operand.shape());
            way.own = view;
            way.single = false;
            row = true;
        } else {
            way.data = memory.floats;
            way.offset = operand.offset();
        }
        way.direct = row && !way.single && way.offset == 0 && n <= BLOCK;
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
            if (in.data == outs[out].data) {
                return false;
            }
        }
        for (int i = 0; i < outs.length; i++) {
            if (i != out && (outs[i].data == outs[out].data || outs[i].register == outs[out].register)) {
                return false;
            }
        }
        return true;
    }

    void run(double[] values) {
        for (int i = 0; i < params.length; i++) {
            Arrays.fill(registers[params[i]], (float) values[numbers[i]]);
        }
        for (Way in : ins) {
            if (in.staged != null) {
                CPU.run(Kernel.COPY, in.staged, in.own);
            } else if (in.single) {
                Arrays.fill(registers[in.register], in.data[in.offset]);
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
        program.run(registers, count);
        for (Way out : outs) {
            if (!out.direct) {
                store(out, from, count);
            }
        }
    }

    private void load(Way in, int from, int count) {
        float[] to = registers[in.register];
        if (in.table == null) {
            System.arraycopy(in.data, in.offset + from, to, 0, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            to[i] = in.data[in.table[from + i]];
        }
    }

    private void store(Way out, int from, int count) {
        float[] values = registers[out.register];
        if (out.table == null) {
            System.arraycopy(values, 0, out.data, out.offset + from, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            out.data[out.table[from + i]] = values[i];
        }
    }
}

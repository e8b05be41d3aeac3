package dev.backstep.engine.backend.device;

import dev.backstep.engine.backend.Buffer;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.Kernel;
import dev.backstep.engine.backend.View;
import dev.backstep.engine.backend.cpu.CpuBackend;
import dev.backstep.engine.backend.cpu.HostMemory;
import java.util.List;

/**
 * The CPU as a device: what the others must answer, and a compiled step where there is no other. Kernels are those of
 * {@link CpuBackend}; formulas run in float32, each function rounded, as those of exactly rounded functions do there.
 */
public final class CpuDevice implements Device {
    private static final CpuBackend CPU = new CpuBackend();

    /** Memory in Java arrays. */
    static final class CpuMemory implements Memory {
        final DType type;
        final int size;
        final Buffer buffer;
        /** The elements, where they are float32; likewise float64. */
        final float[] floats;
        final double[] doubles;

        CpuMemory(DType type, int size) {
            this.type = type;
            this.size = size;
            floats = type == DType.FLOAT32 ? new float[size] : null;
            buffer = floats != null ? HostMemory.of(floats) : CPU.allocate(type, size);
            doubles = type == DType.FLOAT64 ? CpuBackend.doubles(buffer) : null;
        }

        @Override
        public DType type() {
            return type;
        }

        @Override
        public int size() {
            return size;
        }

        View view(Operand operand) {
            return new View(buffer, operand.shape(), operand.strides(), operand.offset());
        }
    }

    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public boolean isExact() {
        return true;
    }

    /** Numbers that the generator itself draws need not be sent far. */
    @Override
    public boolean draws() {
        return false;
    }

    @Override
    public boolean takes(Work work) {
        return true;
    }

    @Override
    public Memory allocate(DType type, int size) {
        return new CpuMemory(type, size);
    }

    @Override
    public void free(Memory memory) {
        // The collector does.
    }

    @Override
    public void write(Memory to, float[] values) {
        System.arraycopy(values, 0, ((CpuMemory) to).floats, 0, values.length);
    }

    @Override
    public void write(Memory to, int[] values) {
        int[] shape = {values.length};
        CPU.run(Kernel.COPY, View.contiguous(((CpuMemory) to).buffer, shape),
                View.contiguous(HostMemory.of(to.type(), values), shape));
    }

    @Override
    public void read(Memory from, float[] values) {
        System.arraycopy(((CpuMemory) from).floats, 0, values, 0, values.length);
    }

    @Override
    public void read(Memory from, int[] values) {
        System.arraycopy(HostMemory.ints(((CpuMemory) from).buffer), 0, values, 0, values.length);
    }

    @Override
    public Pending readLater(Memory from) {
        return Pending.of(((CpuMemory) from).floats.clone());
    }

    @Override
    public Executable prepare(List<Work> works, List<Slot> slots) {
        return new CpuExecutable(List.copyOf(works));
    }

    /** A work bound to its memory. */
    private interface Bound {
        void run(double[] numbers);
    }

    private static final class CpuExecutable implements Executable {
        private final List<Work> works;
        private final Bound[] bound;
        private Memory[] memories;

        CpuExecutable(List<Work> works) {
            this.works = works;
            bound = new Bound[works.size()];
        }

        @Override
        public void run(Memory[] slots, double[] numbers) {
            if (!isBound(slots)) {
                memories = slots.clone();
                for (int i = 0; i < bound.length; i++) {
                    bound[i] = bind(works.get(i), slots);
                }
            }
            for (Bound work : bound) {
                work.run(numbers);
            }
        }

        private boolean isBound(Memory[] slots) {
            if (memories == null || memories.length != slots.length) {
                return false;
            }
            for (int i = 0; i < slots.length; i++) {
                if (memories[i] != slots[i]) {
                    return false;
                }
            }
            return true;
        }

        private static Bound bind(Work work, Memory[] slots) {
            if (work instanceof Work.Pointwise pointwise) {
                return new CpuPointwise(pointwise, slots)::run;
            }
            Work.Run run = (Work.Run) work;
            Operand to = run.outs().getFirst();
            View out = ((CpuMemory) slots[to.slot()]).view(to);
            View[] in = new View[run.ins().size()];
            for (int i = 0; i < in.length; i++) {
                in[i] = ((CpuMemory) slots[run.ins().get(i).slot()]).view(run.ins().get(i));
            }
            return _ -> CPU.run(run.kernel(), out, in);
        }

        @Override
        public void close() {
            memories = null;
        }
    }
}

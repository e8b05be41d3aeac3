package dev.backstep.engine.backend.cpu;

import dev.backstep.engine.backend.Buffer;
import dev.backstep.engine.backend.DType;

/** What goes between this backend's memory and a device's: float32 as it lies, bool and int64 as ints. */
public final class HostMemory {
    private HostMemory() {
    }

    /** The elements of float32 memory, not copied where they lie in an array. */
    public static float[] floats(Buffer memory) {
        return memory instanceof CpuBuffer.Floats floats ? floats.data
                : new float[] {(float) ((CpuBuffer) memory).get(0)};
    }

    /** The elements of bool or int64 memory, or null where one does not fit an int. */
    public static int[] ints(Buffer memory) {
        CpuBuffer from = (CpuBuffer) memory;
        int[] values = new int[from.size()];
        for (int i = 0; i < values.length; i++) {
            long value = from.getLong(i);
            if ((int) value != value) {
                return null;
            }
            values[i] = (int) value;
        }
        return values;
    }

    /** Float32 memory in this very array. */
    public static Buffer of(float[] values) {
        return new CpuBuffer.Floats(values);
    }

    /** Bool or int64 memory of these numbers. */
    public static Buffer of(DType type, int[] values) {
        CpuBuffer memory = CpuBuffer.allocate(type, values.length);
        for (int i = 0; i < values.length; i++) {
            memory.setLong(i, values[i]);
        }
        return memory;
    }
}

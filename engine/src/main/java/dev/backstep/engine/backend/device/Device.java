package dev.backstep.engine.backend.device;

import dev.backstep.engine.backend.DType;
import java.util.List;

/**
 * A place that computes in memory of its own, in float32 only: WebGPU, WebAssembly with SIMD, CUDA. It knows no ops,
 * only {@link Work}. The {@link dev.backstep.engine.backend.cpu.CpuBackend} defines what it must answer.
 */
public interface Device {
    /** A slot of an executable: what memory it takes. */
    record Slot(DType type, int size) {
    }

    /** The name users see and documents keep: {@code webgpu}, {@code simd}, {@code cuda}. */
    String name();

    /**
     * Whether it gives what {@link dev.backstep.engine.backend.cpu.CpuBackend} gives to the bit. It has float64, and
     * computes formulas in it; where a number is rounded to float32, they multiply it with the constant 1.
     */
    default boolean isExact() {
        return false;
    }

    /** How far a step of a training may be from the CPU's, relative to the largest number of the tensor. */
    default double tolerance() {
        return 1e-6;
    }

    /**
     * Which share of the numbers that an optimizer makes may be further off: where it divides gradients by their size,
     * the last digits of small ones count in full.
     */
    default double strays() {
        return 0;
    }

    /**
     * Whether it makes random words ({@link dev.backstep.engine.backend.Kernel#TWIST}) sooner than the CPU draws numbers
     * and sends them.
     */
    default boolean draws() {
        return true;
    }

    /** Whether it does that work at all; what it does not goes to the CPU. */
    boolean takes(Work work);

    /**
     * Zeroed memory.
     *
     * @throws DeviceException where there is none left or the device is lost
     */
    Memory allocate(DType type, int size);

    void free(Memory memory);

    /** Overwrites the first elements of float32 memory. */
    void write(Memory to, float[] values);

    /** Overwrites the first elements of int64 or bool memory. */
    void write(Memory to, int[] values);

    /** The elements of float32 memory from the first on; waits for the device. */
    void read(Memory from, float[] values);

    /** The elements of int64 or bool memory from the first on; waits for the device. */
    void read(Memory from, int[] values);

    /** Float32 memory as it will be when all that was asked so far is done, without waiting. */
    Pending readLater(Memory from);

    /**
     * Makes works ready.
     *
     * @throws DeviceException where a kernel cannot be made
     */
    Executable prepare(List<Work> works, List<Slot> slots);
}

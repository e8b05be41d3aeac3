package dev.backstep.engine.compile;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.device.Device;
import dev.backstep.engine.backend.device.Memory;

/** What of a training lives on a device from step to step: rows of float32 that all its steps share. */
public final class Arenas {
    final Device device;
    final Memory[] memories;
    final int[] sizes;

    /** @param sizes how many elements each has */
    public Arenas(Device device, int[] sizes) {
        this.device = device;
        this.sizes = sizes.clone();
        memories = new Memory[sizes.length];
        for (int i = 0; i < sizes.length; i++) {
            memories[i] = device.allocate(DType.FLOAT32, sizes[i]);
        }
    }

    public int size(int arena) {
        return sizes[arena];
    }

    public void write(int arena, float[] values) {
        device.write(memories[arena], values);
    }

    public void read(int arena, float[] values) {
        device.read(memories[arena], values);
    }

    /** Whether numbers come without waiting for the browser to work. */
    public boolean answersAtOnce() {
        return device.readLater(memories[0]).isReady();
    }

    /** Gives the memory back. */
    public void close() {
        for (Memory memory : memories) {
            device.free(memory);
        }
    }

    /** Where the next row begins behind one of that size, so that each begins at a multiple of four. */
    public static int padded(int size) {
        return Plan.padded(size);
    }
}

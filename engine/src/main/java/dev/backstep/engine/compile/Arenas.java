package dev.backstep.engine.compile;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.Kernel;
import dev.backstep.engine.backend.device.Device;
import dev.backstep.engine.backend.device.Executable;
import dev.backstep.engine.backend.device.Memory;
import dev.backstep.engine.backend.device.Operand;
import dev.backstep.engine.backend.device.Work;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What of a training lives on a device from step to step: rows of float32 that all its steps share. */
public final class Arenas {
    final Device device;
    final Memory[] memories;
    final int[] sizes;
    private final boolean atOnce;
    /** The rows, and memory for all of them one behind the other; null as long as nobody asked. */
    private Memory[] gathered;
    private Executable gathering;
    /** Null as long as no step draws. */
    private Words words;

    /** @param sizes how many elements each has */
    public Arenas(Device device, int[] sizes) {
        this.device = device;
        this.sizes = sizes.clone();
        memories = new Memory[sizes.length];
        for (int i = 0; i < sizes.length; i++) {
            memories[i] = device.allocate(DType.FLOAT32, sizes[i]);
        }
        atOnce = device.readLater(memories[0]).isReady();
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
        return atOnce;
    }

    /** All rows. A device that lets one wait brings them together first, so that one waits once. */
    public float[][] read() {
        float[][] rows = new float[sizes.length][];
        if (answersAtOnce()) {
            for (int i = 0; i < rows.length; i++) {
                rows[i] = new float[sizes[i]];
                device.read(memories[i], rows[i]);
            }
            return rows;
        }
        int all = Arrays.stream(sizes).sum();
        if (gathered == null) {
            gather(all);
        }
        gathering.run(gathered, new double[0]);
        float[] values = new float[all];
        device.read(gathered[sizes.length], values);
        int at = 0;
        for (int i = 0; i < rows.length; i++) {
            rows[i] = Arrays.copyOfRange(values, at, at + sizes[i]);
            at += sizes[i];
        }
        return rows;
    }

    /** Where the steps of this training draw from. */
    Words words() {
        words = words == null ? new Words(device) : words;
        return words;
    }

    private void gather(int all) {
        gathered = Arrays.copyOf(memories, memories.length + 1);
        gathered[memories.length] = device.allocate(DType.FLOAT32, all);
        List<Work> works = new ArrayList<>();
        List<Device.Slot> slots = new ArrayList<>();
        int at = 0;
        for (int i = 0; i < sizes.length; i++) {
            slots.add(new Device.Slot(DType.FLOAT32, sizes[i]));
            works.add(new Work.Run(Kernel.COPY, List.of(row(sizes.length, sizes[i], at)),
                    List.of(row(i, sizes[i], 0))));
            at += sizes[i];
        }
        slots.add(new Device.Slot(DType.FLOAT32, all));
        gathering = device.prepare(works, slots);
    }

    private static Operand row(int slot, int size, int offset) {
        return new Operand(slot, DType.FLOAT32, new int[] {size}, new int[] {1}, offset);
    }

    /** Gives the memory back. */
    public void close() {
        if (gathered != null) {
            gathering.close();
            device.free(gathered[sizes.length]);
        }
        if (words != null) {
            device.free(words.memory);
        }
        for (Memory memory : memories) {
            device.free(memory);
        }
    }

    /** Where the next row begins behind one of that size, so that each begins at a multiple of four. */
    public static int padded(int size) {
        return Plan.padded(size);
    }
}

package dev.backstep.web.simd;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.device.Device;
import dev.backstep.engine.backend.device.DeviceException;
import dev.backstep.engine.backend.device.Executable;
import dev.backstep.engine.backend.device.Memory;
import dev.backstep.engine.backend.device.Pending;
import dev.backstep.engine.backend.device.Work;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The CPU by WebAssembly with SIMD: a list of works becomes one module, made for its shapes, over linear memory. A
 * module is kept and serves all lists that differ only in where their operands lie and in their numbers.
 */
public final class SimdDevice implements Device {
    /** So many modules are kept; the one used longest ago goes first. */
    private static final int KEPT = 1_000;

    /** Why there is no such device. */
    public enum Missing { SIMD, MEMORY }

    /** A device, or why there is none; the other is null. */
    public record Opened(SimdDevice device, Missing missing) {
    }

    private final Machine machine;
    private final Heap heap;
    private final Map<WorkKey, Prepared> modules = new LinkedHashMap<>(64, 0.75f, true);
    private int scratch;
    private int scratchBytes;

    SimdDevice(Machine machine) {
        this.machine = machine;
        heap = new Heap(machine);
    }

    /** The device of this browser. */
    public static Opened open() {
        if (!BrowserMachine.isThere()) {
            return new Opened(null, Missing.SIMD);
        }
        BrowserMachine machine = BrowserMachine.open();
        return machine == null ? new Opened(null, Missing.MEMORY) : new Opened(new SimdDevice(machine), null);
    }

    @Override
    public String name() {
        return "simd";
    }

    @Override
    public boolean takes(Work work) {
        return Kernels.takes(work);
    }

    @Override
    public Memory allocate(DType type, int size) {
        if (type == DType.FLOAT64) {
            throw new IllegalArgumentException("there is no float64 in memory of a device");
        }
        if (size > Integer.MAX_VALUE / 4) {
            throw new DeviceException(DeviceException.Kind.OUT_OF_MEMORY, "linear memory ends at 2 GB");
        }
        return new SimdMemory(type, size, heap.allocate(4 * size));
    }

    @Override
    public void free(Memory memory) {
        heap.free(address(memory), 4 * memory.size());
    }

    private static int address(Memory memory) {
        return ((SimdMemory) memory).address();
    }

    @Override
    public void write(Memory to, float[] values) {
        machine.write(address(to), values);
    }

    @Override
    public void write(Memory to, int[] values) {
        machine.write(address(to), values);
    }

    @Override
    public void read(Memory from, float[] values) {
        machine.read(address(from), values);
    }

    @Override
    public void read(Memory from, int[] values) {
        machine.read(address(from), values);
    }

    @Override
    public Pending readLater(Memory from) {
        float[] values = new float[from.size()];
        read(from, values);
        return Pending.of(values);
    }

    @Override
    public Executable prepare(List<Work> works, List<Slot> slots) {
        Arguments.Places places = new Arguments.Places();
        WorkKey key = new WorkKey(works, places);
        Prepared prepared = modules.get(key);
        if (prepared == null) {
            prepared = compile(works, places);
            modules.put(key, prepared);
            if (modules.size() > KEPT) {
                var oldest = modules.entrySet().iterator();
                Prepared dropped = oldest.next().getValue();
                oldest.remove();
                dropped.kept = false;
                drop(dropped);
            }
        }
        return new Bound(prepared, places);
    }

    /** Gives back what a module holds that nobody can run any more. */
    private void drop(Prepared prepared) {
        if (!prepared.kept && prepared.users == 0) {
            heap.free(prepared.address, 4 * prepared.words.length);
        }
    }

    private Prepared compile(List<Work> works, Arguments.Places places) {
        int numbers = places.numbers.size();
        int address = heap.allocate(4 * (places.found.size() + 1 + numbers));
        Arguments arguments = new Arguments(address, places.found.size());
        Machine.Entry entry = machine.compile(Kernels.write(works, arguments, places, machine.isRelaxed()));
        if (entry == null) {
            throw new DeviceException(DeviceException.Kind.KERNEL, "WebAssembly refused a module");
        }
        return new Prepared(entry, address, places.found.size(), numbers, arguments.scratchBytes());
    }

    /** A module with the slots, offsets and numbers of one list of works. */
    private final class Bound implements Executable {
        private final Prepared prepared;
        private final int[] slots;
        private final int[] offsets;
        private final int[] numbers;
        private boolean open = true;

        Bound(Prepared prepared, Arguments.Places places) {
            this.prepared = prepared;
            prepared.users++;
            slots = new int[prepared.places];
            offsets = new int[prepared.places];
            for (int i = 0; i < slots.length; i++) {
                slots[i] = places.found.get(i)[0];
                offsets[i] = 4 * places.found.get(i)[1];
            }
            numbers = new int[places.numbers.size()];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = places.numbers.get(i);
            }
        }

        @Override
        public void run(Memory[] memories, double[] given) {
            for (int i = 0; i < slots.length; i++) {
                prepared.set(machine, i, address(memories[slots[i]]) + offsets[i]);
            }
            prepared.set(machine, slots.length, prepared.scratchBytes == 0 ? 0 : scratch(prepared.scratchBytes));
            for (int i = 0; i < numbers.length; i++) {
                prepared.set(machine, slots.length + 1 + i, Float.floatToRawIntBits((float) given[numbers[i]]));
            }
            prepared.entry.run();
        }

        @Override
        public void close() {
            if (open) {
                open = false;
                prepared.users--;
                drop(prepared);
            }
        }
    }

    private int scratch(int bytes) {
        if (bytes > scratchBytes) {
            if (scratchBytes > 0) {
                heap.free(scratch, scratchBytes);
                scratchBytes = 0;
            }
            scratch = heap.allocate(bytes);
            scratchBytes = bytes;
        }
        return scratch;
    }
}

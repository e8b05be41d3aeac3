package dev.backstep.engine.backend.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backstep.engine.backend.Buffer;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.cpu.CpuBackend;
import dev.backstep.engine.backend.cpu.HostMemory;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A device that is the CPU's loops over memory of its own, fails where it is told to, and holds its users to what
 * {@link Device} asks of them. A computation that fails leaves rubbish in the memory it was to write.
 */
public final class FaultyDevice implements Device {
    private record Held(Buffer buffer) implements Memory {
        @Override
        public DType type() {
            return buffer.dtype();
        }

        @Override
        public int size() {
            return buffer.size();
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    private final CpuBackend cpu = new CpuBackend();
    private final Random random;
    private final double rate;
    private final Set<DeviceException.Kind> kinds;
    private final Set<Memory> alive = new HashSet<>();
    private boolean lost;
    /** The most elements it holds. */
    private final long room;
    private long used;
    private int runs;
    private int faults;

    /** One that never fails. */
    public FaultyDevice() {
        this(0, 0, Set.of(), Long.MAX_VALUE);
    }

    /** @param rate how often a call fails, in one of these ways; {@code room} the most elements it holds */
    public FaultyDevice(long seed, double rate, Set<DeviceException.Kind> kinds, long room) {
        random = new Random(seed);
        this.rate = rate;
        this.kinds = kinds;
        this.room = room;
    }

    /** How many computations it did. */
    public int runs() {
        return runs;
    }

    /** How often it failed by chance. */
    public int faults() {
        return faults;
    }

    public int memories() {
        return alive.size();
    }

    /** From here on every call fails. */
    public void lose() {
        lost = true;
    }

    private void mayFail(DeviceException.Kind kind) {
        if (!lost && kinds.contains(kind) && random.nextDouble() < rate) {
            faults++;
            lost = kind == DeviceException.Kind.LOST;
            if (!lost) {
                throw new DeviceException(kind, "by chance");
            }
        }
        if (lost) {
            throw new DeviceException(DeviceException.Kind.LOST, "gone");
        }
    }

    @Override
    public String name() {
        return "faulty";
    }

    @Override
    public boolean takes(Work work) {
        return true;
    }

    @Override
    public Memory allocate(DType type, int size) {
        assertNotEquals(DType.FLOAT64, type);
        assertTrue(size > 0, "memory without elements");
        mayFail(DeviceException.Kind.LOST);
        mayFail(DeviceException.Kind.OUT_OF_MEMORY);
        if (used + size > room) {
            throw new DeviceException(DeviceException.Kind.OUT_OF_MEMORY, "full");
        }
        Memory memory = new Held(cpu.allocate(type, size));
        used += size;
        alive.add(memory);
        return memory;
    }

    @Override
    public void free(Memory memory) {
        assertTrue(alive.remove(memory), "freed twice");
        used -= memory.size();
    }

    private Buffer buffer(Memory memory) {
        assertTrue(alive.contains(memory), "memory that was freed");
        return ((Held) memory).buffer;
    }

    @Override
    public void write(Memory to, float[] values) {
        mayFail(DeviceException.Kind.LOST);
        assertEquals(DType.FLOAT32, to.type());
        System.arraycopy(values, 0, HostMemory.floats(buffer(to)), 0, values.length);
    }

    @Override
    public void write(Memory to, int[] values) {
        mayFail(DeviceException.Kind.LOST);
        assertNotEquals(DType.FLOAT32, to.type());
        Value.copy(cpu, HostMemory.of(to.type(), values), buffer(to));
    }

    @Override
    public void read(Memory from, float[] values) {
        mayFail(DeviceException.Kind.LOST);
        System.arraycopy(HostMemory.floats(buffer(from)), 0, values, 0, values.length);
    }

    @Override
    public void read(Memory from, int[] values) {
        mayFail(DeviceException.Kind.LOST);
        System.arraycopy(HostMemory.ints(buffer(from)), 0, values, 0, values.length);
    }

    @Override
    public Pending readLater(Memory from) {
        return Pending.of(HostMemory.floats(buffer(from)).clone());
    }

    /** A work for each of its outputs. */
    private static Stream<Work> single(Work work) {
        return work instanceof Work.Pointwise p ? IntStream.range(0, p.outs().size()).mapToObj(i -> new Work.Pointwise(
                p.formulas().subList(i, i + 1), p.outs().subList(i, i + 1), p.ins(), p.params(), p.firstNumber()))
                : Stream.of(work);
    }

    @Override
    public Executable prepare(List<Work> works, List<Slot> slots) {
        mayFail(DeviceException.Kind.KERNEL);
        List<Call> calls = works.stream().flatMap(FaultyDevice::single).map(work -> new Call(work, slots)).toList();
        return new Executable() {
            @Override
            public void run(Memory[] memories, double[] numbers) {
                Buffer[] buffers = new Buffer[memories.length];
                for (int i = 0; i < memories.length; i++) {
                    buffers[i] = buffer(memories[i]);
                    assertEquals(slots.get(i), new Slot(memories[i].type(), memories[i].size()));
                }
                try {
                    for (DeviceException.Kind kind : DeviceException.Kind.values()) {
                        mayFail(kind);
                    }
                } catch (DeviceException failure) {
                    Value.copy(cpu, cpu.upload(buffers[0].dtype(), random.doubles(buffers[0].size()).toArray()),
                            buffers[0]);
                    throw failure;
                }
                runs++;
                calls.forEach(call -> call.onCpu(cpu, buffers, numbers));
            }

            @Override
            public void close() {
                // Nothing is held.
            }
        };
    }
}

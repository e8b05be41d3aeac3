package dev.backstep.server.runs;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.device.Device;
import dev.backstep.engine.backend.device.Executable;
import dev.backstep.engine.backend.device.ForwardingDevice;
import dev.backstep.engine.backend.device.Memory;
import dev.backstep.engine.backend.device.Work;
import java.util.List;

/** A device whose memory counts as that of one run, what its executables hold for themselves too. */
final class MeteredDevice extends ForwardingDevice {
    private final Meter meter;
    private final boolean isCpu;

    private MeteredDevice(Device device, Meter meter) {
        super(device);
        this.meter = meter;
        isCpu = device.isExact();
    }

    /** The devices for one run. */
    static List<Device> of(List<Device> devices, Meter meter) {
        return devices.stream().<Device>map(device -> new MeteredDevice(device, meter)).toList();
    }

    private long bytes(DType type, int size) {
        return (long) size * (isCpu ? type.bytes() : Float.BYTES);
    }

    private void took(long bytes) {
        if (isCpu) {
            meter.tookHere(bytes);
        } else {
            meter.tookOnDevice(bytes);
        }
    }

    /** @throws TooMuchMemory where that is more than the run may hold */
    @Override
    public Memory allocate(DType type, int size) {
        long bytes = bytes(type, size);
        meter.wants(bytes);
        Memory memory = super.allocate(type, size);
        took(bytes);
        return memory;
    }

    @Override
    public void free(Memory memory) {
        super.free(memory);
        took(-bytes(memory.type(), memory.size()));
    }

    /** @throws TooMuchMemory where the run may not hold what the executable does */
    @Override
    public Executable prepare(List<Work> works, List<Slot> slots) {
        Executable executable = super.prepare(works, slots);
        try {
            meter.wants(executable.bytes());
        } catch (TooMuchMemory refused) {
            executable.close();
            throw refused;
        }
        took(executable.bytes());
        return new MeteredExecutable(executable);
    }

    private final class MeteredExecutable implements Executable {
        private final Executable executable;

        MeteredExecutable(Executable executable) {
            this.executable = executable;
        }

        @Override
        public void run(Memory[] slots, double[] numbers) {
            executable.run(slots, numbers);
        }

        @Override
        public long bytes() {
            return executable.bytes();
        }

        @Override
        public void close() {
            took(-bytes());
            executable.close();
        }
    }
}

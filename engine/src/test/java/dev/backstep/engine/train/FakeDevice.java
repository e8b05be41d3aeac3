package dev.backstep.engine.train;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.Kernel;
import dev.backstep.engine.backend.device.CpuDevice;
import dev.backstep.engine.backend.device.Device;
import dev.backstep.engine.backend.device.DeviceException;
import dev.backstep.engine.backend.device.Executable;
import dev.backstep.engine.backend.device.Memory;
import dev.backstep.engine.backend.device.Pending;
import dev.backstep.engine.backend.device.Work;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** A device as those of a browser are: float32 only, answers late where it is told to, and fails when it is told to. */
final class FakeDevice implements Device {
    private final CpuDevice cpu = new CpuDevice();
    private final String name;
    private final int delay;
    private final boolean exact;
    /** Fails at the run of that number; negative is never. */
    private long failsAt = -1;
    private DeviceException.Kind kind;
    private long runs;
    private boolean lost;
    int open;
    /** The kernels it was asked for, and how many whole numbers it was sent, each time. */
    final Set<Kernel> kernels = EnumSet.noneOf(Kernel.class);
    final List<Integer> sent = new ArrayList<>();

    /**
     * @param delay how often a number is asked for before it has come
     * @param exact whether it computes as the CPU does, so that results can be told to the bit
     */
    FakeDevice(String name, int delay, boolean exact) {
        this.name = name;
        this.delay = delay;
        this.exact = exact;
    }

    FakeDevice fail(long run, DeviceException.Kind how) {
        failsAt = run;
        kind = how;
        return this;
    }

    long runs() {
        return runs;
    }

    private void check() {
        if (lost) {
            throw new DeviceException(DeviceException.Kind.LOST, "the fake device is gone");
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean isExact() {
        return exact;
    }

    @Override
    public boolean takes(Work work) {
        return true;
    }

    @Override
    public Memory allocate(DType type, int size) {
        check();
        open++;
        return cpu.allocate(type, size);
    }

    @Override
    public void free(Memory memory) {
        open--;
    }

    @Override
    public void write(Memory to, float[] values) {
        check();
        cpu.write(to, values);
    }

    @Override
    public void write(Memory to, int[] values) {
        check();
        sent.add(values.length);
        cpu.write(to, values);
    }

    @Override
    public void read(Memory from, float[] values) {
        check();
        cpu.read(from, values);
    }

    @Override
    public void read(Memory from, int[] values) {
        check();
        cpu.read(from, values);
    }

    @Override
    public Pending readLater(Memory from) {
        check();
        Pending now = cpu.readLater(from);
        return new Pending() {
            private int asked;

            @Override
            public boolean isReady() {
                return lost || asked++ >= delay;
            }

            @Override
            public float[] floats() {
                check();
                return now.floats();
            }
        };
    }

    @Override
    public Executable prepare(List<Work> works, List<Slot> slots) {
        check();
        for (Work work : works) {
            if (work instanceof Work.Run run) {
                kernels.add(run.kernel());
            }
        }
        Executable executable = cpu.prepare(works, slots);
        return new Executable() {
            @Override
            public void run(Memory[] memories, double[] numbers) {
                check();
                if (runs++ == failsAt) {
                    lost = kind == DeviceException.Kind.LOST;
                    throw new DeviceException(kind, "the fake device fails");
                }
                executable.run(memories, numbers);
            }

            @Override
            public void close() {
                executable.close();
            }
        };
    }
}

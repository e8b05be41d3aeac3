package dev.backstep.server.runs;

import dev.backstep.engine.backend.device.CpuDevice;
import dev.backstep.engine.backend.device.Executable;
import dev.backstep.engine.backend.device.ForwardingDevice;
import dev.backstep.engine.backend.device.Memory;
import dev.backstep.engine.backend.device.Work;
import java.util.List;

/** The CPU under the name of a device beside it, whose executables hold memory of their own. */
public class LikeCuda extends ForwardingDevice {
    private final long own;
    private int open;

    public LikeCuda() {
        this(0);
    }

    /** @param own bytes that each executable holds */
    public LikeCuda(long own) {
        super(new CpuDevice());
        this.own = own;
    }

    @Override
    public String name() {
        return "cuda";
    }

    @Override
    public boolean isExact() {
        return false;
    }

    /** How many executables were not closed. */
    int open() {
        return open;
    }

    @Override
    public Executable prepare(List<Work> works, List<Slot> slots) {
        Executable executable = super.prepare(works, slots);
        open++;
        return new Executable() {
            @Override
            public void run(Memory[] memories, double[] numbers) {
                executable.run(memories, numbers);
            }

            @Override
            public long bytes() {
                return own;
            }

            @Override
            public void close() {
                open--;
                executable.close();
            }
        };
    }
}

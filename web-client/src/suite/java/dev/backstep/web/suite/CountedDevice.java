package dev.backstep.web.suite;

import dev.backstep.engine.backend.device.Device;
import dev.backstep.engine.backend.device.Executable;
import dev.backstep.engine.backend.device.ForwardingDevice;
import dev.backstep.engine.backend.device.Memory;
import dev.backstep.engine.backend.device.Work;
import java.util.List;

/** A device that knows how often it computed. */
final class CountedDevice extends ForwardingDevice {
    private int runs;

    CountedDevice(Device device) {
        super(device);
    }

    int runs() {
        return runs;
    }

    @Override
    public Executable prepare(List<Work> works, List<Slot> slots) {
        Executable executable = super.prepare(works, slots);
        return new Executable() {
            @Override
            public void run(Memory[] memories, double[] numbers) {
                executable.run(memories, numbers);
                runs++;
            }

            @Override
            public void close() {
                executable.close();
            }
        };
    }
}

package dev.backstep.engine.backend.device;

import dev.backstep.engine.backend.DType;
import java.util.List;

/** Another device but for what a subclass does otherwise. */
public abstract class ForwardingDevice implements Device {
    final Device device;

    protected ForwardingDevice(Device device) {
        this.device = device;
    }

    @Override
    public String name() {
        return device.name();
    }

    @Override
    public boolean isExact() {
        return device.isExact();
    }

    @Override
    public double tolerance() {
        return device.tolerance();
    }

    @Override
    public double strays() {
        return device.strays();
    }

    @Override
    public boolean draws() {
        return device.draws();
    }

    @Override
    public boolean takes(Work work) {
        return device.takes(work);
    }

    @Override
    public Memory allocate(DType type, int size) {
        return device.allocate(type, size);
    }

    @Override
    public void free(Memory memory) {
        device.free(memory);
    }

    @Override
    public void write(Memory to, float[] values) {
        device.write(to, values);
    }

    @Override
    public void write(Memory to, int[] values) {
        device.write(to, values);
    }

    @Override
    public void read(Memory from, float[] values) {
        device.read(from, values);
    }

    @Override
    public void read(Memory from, int[] values) {
        device.read(from, values);
    }

    @Override
    public Pending readLater(Memory from) {
        return device.readLater(from);
    }

    @Override
    public Executable prepare(List<Work> works, List<Slot> slots) {
        return device.prepare(works, slots);
    }
}

package dev.backstep.engine.backend.device;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.expr.Expr;
import java.util.List;
import java.util.Set;

/** A device without some functions and kernels. */
final class Restricted implements Device {
    private final Device device;
    private final Set<String> failed;

    Restricted(Device device, Set<String> failed) {
        this.device = device;
        this.failed = failed;
    }

    @Override
    public String name() {
        return device.name();
    }

    @Override
    public boolean takes(Work work) {
        boolean fails = switch (work) {
            case Work.Run run -> failed.contains(run.kernel().name());
            case Work.Pointwise pointwise -> pointwise.formulas().stream().anyMatch(this::fails);
        };
        return !fails && device.takes(work);
    }

    private boolean fails(Expr formula) {
        return formula instanceof Expr.Call call
                && (failed.contains(SelfTest.name(call.fn())) || call.args().stream().anyMatch(this::fails));
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

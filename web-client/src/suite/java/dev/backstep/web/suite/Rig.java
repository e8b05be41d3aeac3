package dev.backstep.web.suite;

import dev.backstep.engine.backend.Buffer;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.Kernel;
import dev.backstep.engine.backend.View;
import dev.backstep.engine.backend.cpu.CpuBackend;
import dev.backstep.engine.backend.device.Device;
import dev.backstep.engine.backend.device.Memory;
import dev.backstep.engine.backend.device.Operand;
import dev.backstep.engine.backend.device.Work;
import dev.backstep.engine.expr.Expr;
import dev.backstep.engine.expr.Program;
import java.util.ArrayList;
import java.util.List;

/** The same work done by the CPU backend and by a device, from the same memory. */
public final class Rig {
    private final CpuBackend cpu = new CpuBackend();
    private final Device device;
    private final List<Device.Slot> slots = new ArrayList<>();
    private final List<Buffer> buffers = new ArrayList<>();
    private final List<Memory> memories = new ArrayList<>();

    public Rig(Device device) {
        this.device = device;
    }

    /** A slot with these numbers, in both places. */
    public int slot(DType type, double... values) {
        slots.add(new Device.Slot(type, values.length));
        buffers.add(cpu.upload(type, values));
        Memory memory = device.allocate(type, values.length);
        if (type == DType.FLOAT32) {
            float[] floats = new float[values.length];
            for (int i = 0; i < floats.length; i++) {
                floats[i] = (float) values[i];
            }
            device.write(memory, floats);
        } else {
            int[] ints = new int[values.length];
            for (int i = 0; i < ints.length; i++) {
                ints[i] = (int) type.round(values[i]);
            }
            device.write(memory, ints);
        }
        memories.add(memory);
        return slots.size() - 1;
    }

    public Operand operand(int slot, int[] shape, int[] strides, int offset) {
        return new Operand(slot, slots.get(slot).type(), shape, strides, offset);
    }

    public Operand contiguous(int slot, int... shape) {
        return operand(slot, shape, View.rowMajor(shape), 0);
    }

    public View view(Operand operand) {
        return new View(buffers.get(operand.slot()), operand.shape(), operand.strides(), operand.offset());
    }

    public void run(Kernel kernel, Operand out, Operand... in) {
        View[] views = new View[in.length];
        for (int i = 0; i < in.length; i++) {
            views[i] = view(in[i]);
        }
        cpu.run(kernel, view(out), views);
        onDevice(List.of(new Work.Run(kernel, List.of(out), List.of(in))));
    }

    public void pointwise(Expr formula, Operand out, Operand... in) {
        View[] views = new View[in.length];
        for (int i = 0; i < in.length; i++) {
            views[i] = view(in[i]);
        }
        cpu.pointwise(new Program(formula, in.length), new double[0], DType.FLOAT32, view(out), views);
        onDevice(List.of(new Work.Pointwise(List.of(formula), List.of(out), List.of(in), List.of(), 0)));
    }

    public void onDevice(List<Work> works, double... numbers) {
        device.prepare(works, slots).run(memories.toArray(Memory[]::new), numbers);
    }

    /** All of a slot as the CPU left it. */
    public double[] expected(int slot) {
        return cpu.download(View.contiguous(buffers.get(slot), new int[] {slots.get(slot).size()}));
    }

    /** All of a slot as the device left it. */
    public double[] actual(int slot) {
        double[] values = new double[slots.get(slot).size()];
        if (slots.get(slot).type() == DType.FLOAT32) {
            float[] floats = new float[values.length];
            device.read(memories.get(slot), floats);
            for (int i = 0; i < values.length; i++) {
                values[i] = floats[i];
            }
        } else {
            int[] ints = new int[values.length];
            device.read(memories.get(slot), ints);
            for (int i = 0; i < values.length; i++) {
                values[i] = ints[i];
            }
        }
        return values;
    }

    public void free() {
        memories.forEach(device::free);
    }
}

package dev.backstep.web.suite;

import dev.backstep.engine.backend.Buffer;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.Kernel;
import dev.backstep.engine.backend.View;
import dev.backstep.engine.backend.cpu.CpuBackend;
import dev.backstep.engine.backend.device.Device;
import dev.backstep.engine.backend.device.Device.Slot;
import dev.backstep.engine.backend.device.Executable;
import dev.backstep.engine.backend.device.Memory;
import dev.backstep.engine.backend.device.Operand;
import dev.backstep.engine.backend.device.Pending;
import dev.backstep.engine.backend.device.Work;
import dev.backstep.engine.expr.Expr;
import dev.backstep.engine.expr.Program;
import java.util.ArrayList;
import java.util.List;

/** One work, done on a device and by the CPU, whose results are compared. */
final class Trial {
    private static final CpuBackend CPU = new CpuBackend();
    /** Below this a float32 is a denormal, which a device may take for zero. */
    private static final double NORMAL = 0x1p-126;

    private final List<Slot> slots = new ArrayList<>();
    private final List<double[]> contents = new ArrayList<>();
    private double relative;
    private double absolute;
    /** Errors count beside the sum of absolute values, for what is a sum. */
    private boolean besideSize;
    private boolean mayFlush;
    private double[][] expected;
    /** What is expected where denormals are taken for zeros. */
    private double[][] flushed;
    private double[][] sizes;
    private Work work;
    private Memory[] memories;
    private Pending[] pending;

    /** A new slot that holds these numbers, looked at in row-major order. */
    Operand in(DType type, double[] values, int... shape) {
        return in(type, values, shape, View.rowMajor(shape), 0);
    }

    Operand in(DType type, double[] values, int[] shape, int[] strides, int offset) {
        slots.add(new Slot(type, values.length));
        contents.add(values);
        return new Operand(slots.size() - 1, type, shape, strides, offset);
    }

    /** A new slot for results, in row-major order. */
    Operand out(DType type, int... shape) {
        slots.add(new Slot(type, View.numel(shape)));
        contents.add(null);
        return new Operand(slots.size() - 1, type, shape, View.rowMajor(shape), 0);
    }

    Trial within(double relative, double absolute) {
        this.relative = relative;
        this.absolute = absolute;
        return this;
    }

    /** Denormals among the inputs may count as zeros. */
    Trial mayFlush() {
        mayFlush = true;
        return this;
    }

    /** Results are sums of products: errors are measured beside the same sum of absolute values. */
    Trial besideSize(double relative) {
        this.relative = relative;
        besideSize = true;
        return this;
    }

    Trial start(Device device, Kernel kernel, Operand out, Operand... in) {
        return start(device, new Work.Run(kernel, List.of(out), List.of(in)), new double[0]);
    }

    /** Does the work in both places; the device's numbers come later. */
    Trial start(Device device, Work work, double[] numbers) {
        expected = onCpu(work, contents, numbers);
        if (mayFlush) {
            List<double[]> zeros = new ArrayList<>();
            for (double[] values : contents) {
                zeros.add(values == null ? null : flushed(values));
            }
            flushed = onCpu(work, zeros, numbers);
        }
        if (besideSize) {
            List<double[]> absolutes = new ArrayList<>();
            for (double[] values : contents) {
                absolutes.add(values == null ? null : absolute(values));
            }
            sizes = onCpu(work, absolutes, numbers);
        }
        memories = new Memory[slots.size()];
        for (int i = 0; i < memories.length; i++) {
            memories[i] = device.allocate(slots.get(i).type(), slots.get(i).size());
            if (contents.get(i) != null && contents.get(i).length > 0) {
                write(device, memories[i], contents.get(i));
            }
        }
        Executable executable = device.prepare(List.of(work), slots);
        executable.run(memories, numbers);
        executable.close();
        pending = new Pending[work.outs().size()];
        for (int i = 0; i < pending.length; i++) {
            Memory memory = memories[work.outs().get(i).slot()];
            if (memory.type() == DType.FLOAT32 && memory.size() > 0) {
                pending[i] = device.readLater(memory);
            }
        }
        this.work = work;
        return this;
    }

    static void write(Device device, Memory memory, double[] values) {
        if (memory.type() == DType.FLOAT32) {
            float[] floats = new float[values.length];
            for (int i = 0; i < floats.length; i++) {
                floats[i] = (float) values[i];
            }
            device.write(memory, floats);
        } else {
            int[] ints = new int[values.length];
            for (int i = 0; i < ints.length; i++) {
                ints[i] = (int) values[i];
            }
            device.write(memory, ints);
        }
    }

    private static double[] flushed(double[] values) {
        double[] flushed = values.clone();
        for (int i = 0; i < values.length; i++) {
            if (Math.abs(values[i]) < NORMAL) {
                flushed[i] *= 0;
            }
        }
        return flushed;
    }

    private static double[] absolute(double[] values) {
        double[] absolute = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            absolute[i] = Math.abs(values[i]);
        }
        return absolute;
    }

    private double[][] onCpu(Work work, List<double[]> values, double[] numbers) {
        Buffer[] buffers = new Buffer[slots.size()];
        for (int i = 0; i < buffers.length; i++) {
            Slot slot = slots.get(i);
            buffers[i] = values.get(i) == null ? CPU.allocate(slot.type(), slot.size())
                    : CPU.upload(slot.type(), values.get(i));
        }
        View[] in = new View[work.ins().size()];
        for (int i = 0; i < in.length; i++) {
            in[i] = view(buffers, work.ins().get(i));
        }
        double[][] results = new double[work.outs().size()][];
        for (int o = 0; o < results.length; o++) {
            View out = view(buffers, work.outs().get(o));
            switch (work) {
                case Work.Run run -> CPU.run(run.kernel(), out, in);
                case Work.Pointwise p -> {
                    Expr formula = p.formulas().get(o);
                    Program program = new Program(formula, in.length);
                    double[] params = new double[program.params().size()];
                    for (int i = 0; i < params.length; i++) {
                        params[i] = numbers[p.firstNumber() + p.params().indexOf(program.params().get(i))];
                    }
                    CPU.pointwise(program, params, DType.FLOAT32, out, in);
                }
            }
            results[o] = CPU.download(View.contiguous(out.buffer(), new int[] {out.buffer().size()}));
        }
        return results;
    }

    private static View view(Buffer[] buffers, Operand operand) {
        return new View(buffers[operand.slot()], operand.shape(), operand.strides(), operand.offset());
    }

    boolean isReady() {
        for (Pending p : pending) {
            if (p != null && !p.isReady()) {
                return false;
            }
        }
        return true;
    }

    /** What is wrong with the device's results, or empty; frees them. */
    String verdict(Device device) {
        String wrong = "";
        for (int o = 0; o < pending.length && wrong.isEmpty(); o++) {
            wrong = compare(o, numbers(device, o));
        }
        for (Memory memory : memories) {
            device.free(memory);
        }
        return wrong;
    }

    private double[] numbers(Device device, int o) {
        Memory memory = memories[work.outs().get(o).slot()];
        double[] numbers = new double[memory.size()];
        if (pending[o] != null) {
            float[] floats = pending[o].floats();
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = floats[i];
            }
        } else if (numbers.length > 0) {
            int[] ints = new int[numbers.length];
            device.read(memory, ints);
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = ints[i];
            }
        }
        return numbers;
    }

    private String compare(int o, double[] have) {
        for (int i = 0; i < have.length; i++) {
            double want = expected[o][i];
            if (!isFine(o, i, want, have[i]) && !(mayFlush && isFine(o, i, flushed[o][i], have[i]))) {
                StringBuilder text = new StringBuilder("result " + o + " element " + i + ": " + have[i] + " and not "
                        + want + " of");
                for (Operand in : work.ins()) {
                    double[] values = contents.get(in.slot());
                    text.append(' ').append(values.length > i ? Double.toString(values[i]) : "-");
                }
                return text.toString();
            }
        }
        return "";
    }

    private boolean isFine(int o, int i, double want, double have) {
        if (want != want || want == have) {
            return want == have || have != have;
        }
        double slack = besideSize ? relative * sizes[o][i] : relative * Math.abs(want) + absolute;
        return Double.isFinite(have) && Math.abs(want - have) <= slack + NORMAL;
    }
}

package dev.backstep.engine.backend.device;

import dev.backstep.engine.backend.Buffer;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.Kernel;
import dev.backstep.engine.backend.View;
import dev.backstep.engine.backend.cpu.CpuBackend;
import dev.backstep.engine.backend.cpu.HostMemory;
import dev.backstep.engine.expr.Expr;
import dev.backstep.engine.expr.Fn;
import dev.backstep.engine.expr.Program;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Measures how fast a device is, or the CPU, in steps of a few milliseconds. The device is done when a number of the
 * result can be read, so the time of such a reading is taken off.
 */
public final class Calibrator {
    private static final int LARGE = 1 << 17;
    private static final int SIDE = 192;
    private static final int ROUNDS = 3;
    private static final long ENOUGH_NANOS = 2_000_000;
    private static final int MOST_RUNS = 10_000;
    /** Of what was timed, so much is not known better: what seems to take nothing beside a reading takes that. */
    private static final double NOISE = 0.05;
    private static final Expr ARITHMETIC = Expr.arg(0).times(Expr.arg(1)).plus(Expr.arg(1)).minus(Expr.arg(0));
    private static final Expr FUNCTIONS = Expr.call(Fn.TANH, Expr.arg(0).plus(Expr.call(Fn.TANH, Expr.arg(1))));

    /** What is timed, in the order of {@link #times}. */
    private enum Part { READ, READ_LARGE, WRITE, WRITE_LARGE, CALL, ARITHMETIC, FUNCTIONS, PRODUCT, OTHER }

    /** Does a part once, to its end. */
    private interface Doer {
        void run(Part part);
    }

    private final LongSupplier nanos;
    private final Doer doer;
    private final Runnable end;
    private final boolean isDevice;
    private final double[] times = new double[Part.values().length];
    private int part;
    private int round;

    private Calibrator(LongSupplier nanos, Doer doer, Runnable end, boolean isDevice) {
        this.nanos = nanos;
        this.doer = doer;
        this.end = end;
        this.isDevice = isDevice;
    }

    /**
     * A measurement of a device.
     *
     * @throws DeviceException here and in each step, where the device fails
     */
    public static Calibrator of(Device device, LongSupplier nanos) {
        OnDevice there = new OnDevice(device);
        return new Calibrator(nanos, there::run, there::close, true);
    }

    /** A measurement of the CPU's loops. */
    public static Calibrator ofCpu(LongSupplier nanos) {
        return new Calibrator(nanos, new OnCpu()::run, () -> { }, false);
    }

    /** Measures a little; false once all is measured. */
    public boolean step() {
        if (part == Part.values().length) {
            end.run();
            return false;
        }
        long start = nanos.getAsLong();
        long now = start;
        int runs = 0;
        // A browser's clock shows tenths of a millisecond.
        while (runs < MOST_RUNS && now - start < ENOUGH_NANOS) {
            doer.run(Part.values()[part]);
            now = nanos.getAsLong();
            runs++;
        }
        double taken = (double) (now - start) / runs;
        // The first time is that of making it ready.
        if (round == 1 || round > 1 && taken < times[part]) {
            times[part] = taken;
        }
        if (++round == ROUNDS) {
            round = 0;
            part++;
        }
        return true;
    }

    /** What came out, once all is measured. */
    public Calibration result() {
        double read = time(Part.READ);
        double call = beyond(Part.CALL, read);
        // Two inputs, an output and three functions; two functions more than that.
        double step = each(Part.ARITHMETIC, read + call, LARGE) / 6;
        double function = beyond(Part.FUNCTIONS, read + call + 4 * step * LARGE) / LARGE / 2;
        return new Calibration(call, step, function, each(Part.PRODUCT, read + call, (double) SIDE * SIDE * SIDE),
                each(Part.OTHER, read + call, LARGE), time(Part.WRITE), each(Part.WRITE_LARGE, time(Part.WRITE), LARGE),
                isDevice ? read : 0, each(Part.READ_LARGE, read, LARGE));
    }

    private double time(Part of) {
        return times[of.ordinal()];
    }

    private double each(Part of, double less, double count) {
        return beyond(of, less) / count;
    }

    private double beyond(Part of, double less) {
        return Math.max(NOISE * time(of), time(of) - less);
    }

    private static float[] numbers(int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (i % 101 - 50) / 60f;
        }
        return numbers;
    }

    /** The parts on a device. */
    private static final class OnDevice {
        private final Device device;
        private final List<Executable> ready = new ArrayList<>();
        private final Memory[] large;
        private final Memory[] squares;
        private final Memory[] sum;
        private final Memory one;
        private final float[] numbers = numbers(LARGE);
        private final float[] single = new float[1];

        OnDevice(Device device) {
            this.device = device;
            large = memories(LARGE, LARGE, LARGE);
            squares = memories(SIDE * SIDE, SIDE * SIDE, SIDE * SIDE);
            one = device.allocate(DType.FLOAT32, 1);
            sum = new Memory[] {one, large[1]};
            for (Memory[] some : List.of(large, squares)) {
                for (Memory memory : some) {
                    device.write(memory, memory.size() == LARGE ? numbers : numbers(memory.size()));
                }
            }
        }

        private Memory[] memories(int... sizes) {
            Memory[] memories = new Memory[sizes.length];
            for (int i = 0; i < sizes.length; i++) {
                memories[i] = device.allocate(DType.FLOAT32, sizes[i]);
            }
            return memories;
        }

        void run(Part part) {
            switch (part) {
                case READ -> device.read(one, single);
                case READ_LARGE -> device.read(large[0], numbers);
                case WRITE -> device.write(one, single);
                case WRITE_LARGE -> device.write(large[1], numbers);
                case CALL -> run(part, pointwise(ARITHMETIC, 64), large);
                case ARITHMETIC -> run(part, pointwise(ARITHMETIC, LARGE), large);
                case FUNCTIONS -> run(part, pointwise(FUNCTIONS, LARGE), large);
                case PRODUCT -> run(part, new Work.Run(Kernel.MATMUL, List.of(operand(0, 1, SIDE, SIDE)),
                        List.of(operand(1, 1, SIDE, SIDE), operand(2, 1, SIDE, SIDE))), squares);
                case OTHER -> run(part, new Work.Run(Kernel.SUM,
                        List.of(new Operand(0, DType.FLOAT32, new int[] {LARGE}, new int[] {0}, 0)),
                        List.of(operand(1, LARGE))), sum);
            }
        }

        private void run(Part part, Work work, Memory[] memories) {
            while (ready.size() <= part.ordinal()) {
                ready.add(null);
            }
            if (ready.get(part.ordinal()) == null) {
                List<Device.Slot> slots = new ArrayList<>();
                for (Memory memory : memories) {
                    slots.add(new Device.Slot(memory.type(), memory.size()));
                }
                ready.set(part.ordinal(), device.prepare(List.of(work), slots));
            }
            ready.get(part.ordinal()).run(memories, new double[0]);
            // Reading waits for all that was asked before.
            device.read(one, single);
        }

        private static Work pointwise(Expr formula, int size) {
            return new Work.Pointwise(List.of(formula), List.of(operand(0, size)), List.of(operand(1, size),
                    operand(2, size)), List.of(), 0);
        }

        private static Operand operand(int slot, int... shape) {
            return new Operand(slot, DType.FLOAT32, shape, View.rowMajor(shape), 0);
        }

        void close() {
            for (Executable executable : ready) {
                if (executable != null) {
                    executable.close();
                }
            }
            for (Memory[] some : List.of(large, squares)) {
                for (Memory memory : some) {
                    device.free(memory);
                }
            }
            device.free(one);
        }
    }

    /** The parts in the CPU's memory. */
    private static final class OnCpu {
        private final CpuBackend cpu = new CpuBackend();
        private final Program arithmetic = new Program(ARITHMETIC, 2);
        private final Program functions = new Program(FUNCTIONS, 2);
        private final Buffer[] memories = new Buffer[3];

        OnCpu() {
            for (int i = 0; i < memories.length; i++) {
                memories[i] = HostMemory.of(numbers(LARGE));
            }
        }

        void run(Part part) {
            switch (part) {
                case READ, READ_LARGE, WRITE, WRITE_LARGE -> {
                    // It lies there already.
                }
                case CALL -> pointwise(arithmetic, 64);
                case ARITHMETIC -> pointwise(arithmetic, LARGE);
                case FUNCTIONS -> pointwise(functions, LARGE);
                case PRODUCT -> cpu.run(Kernel.MATMUL, view(0, 1, SIDE, SIDE), view(1, 1, SIDE, SIDE),
                        view(2, 1, SIDE, SIDE));
                case OTHER -> cpu.run(Kernel.SUM, new View(memories[0], new int[] {LARGE}, new int[] {0}, 0),
                        view(1, LARGE));
            }
        }

        private void pointwise(Program formula, int size) {
            cpu.pointwise(formula, new double[0], DType.FLOAT32, view(0, size), view(1, size), view(2, size));
        }

        private View view(int memory, int... shape) {
            return View.contiguous(memories[memory], shape);
        }
    }
}

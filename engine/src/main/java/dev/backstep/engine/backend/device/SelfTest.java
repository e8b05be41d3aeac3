package dev.backstep.engine.backend.device;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.Kernel;
import dev.backstep.engine.backend.cpu.HostMemory;
import dev.backstep.engine.expr.Expr;
import dev.backstep.engine.expr.Fn;
import dev.backstep.engine.expr.Program;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whether a device answers as the CPU does: every function with NaN, infinities, denormals and zeros in all pairs,
 * every kernel with odd shapes, strides and no elements at all. It goes in small steps, so that a page can do other things
 * between them, and waits for the device once, without blocking.
 */
public final class SelfTest {
    /** Numbers that make trouble, and some that do not. */
    private static final float[] NUMBERS = {0, -0f, 1, -1, 0.5f, -2.5f, 3, 1e-3f, 100.25f, -88.5f, 7e9f, -1e-7f,
        Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.MIN_NORMAL, 1e-42f, Float.MAX_VALUE};
    private static final int PAIRS = NUMBERS.length * NUMBERS.length;
    private static final int AT_ONCE = 6;

    private final Device device;
    private final ArrayDeque<Runnable> steps = new ArrayDeque<>();
    private final List<Trial> trials = new ArrayList<>();
    private final Set<String> failed = new TreeSet<>();
    private final List<Memory> held = new ArrayList<>();
    private Memory results;
    private int size;
    private Pending pending;
    private DeviceException lost;

    public SelfTest(Device device) {
        this.device = device;
        Fn[] fns = Fn.values();
        for (int i = 0; i < fns.length; i += AT_ONCE) {
            List<Fn> some = List.of(Arrays.copyOfRange(fns, i, Math.min(fns.length, i + AT_ONCE)));
            int at = size;
            size += some.size() * PAIRS;
            steps.add(() -> functions(some, at));
        }
        for (KernelTrials.Trial trial : KernelTrials.all()) {
            int at = size;
            size += trial.expected().length;
            steps.add(() -> kernel(trial, at));
        }
    }

    /** What was tried: its name, where its results are, and whether they are right. */
    private record Trial(String name, int at, Check check) {
    }

    /** Whether results, from a place on, are as they should be. */
    private interface Check {
        boolean isRight(float[] results, int at);
    }

    /** Does a little; false once all is known. Between two calls the caller must let the browser work. */
    public boolean step() {
        if (lost != null) {
            return false;
        }
        try {
            if (results == null) {
                results = hold(DType.FLOAT32, size);
            } else if (!steps.isEmpty()) {
                steps.poll().run();
            } else if (pending == null) {
                pending = device.readLater(results);
            } else if (pending.isReady()) {
                judge(pending.floats());
                held.forEach(device::free);
                return false;
            }
        } catch (DeviceException failure) {
            lost = failure;
        }
        return lost == null;
    }

    /** The names of what failed: functions in small letters, kernels in capitals, because there are two of MAX. */
    public Set<String> failed() {
        return failed;
    }

    static String name(Fn fn) {
        return fn.name().toLowerCase(Locale.ROOT);
    }

    /** What made the device useless as a whole, or null. */
    public DeviceException lost() {
        return lost;
    }

    /** The device without what it fails at. */
    public static Device without(Device device, Set<String> failed) {
        return failed.isEmpty() ? device : new Restricted(device, failed);
    }

    private void judge(float[] numbers) {
        for (Trial trial : trials) {
            if (!trial.check.isRight(numbers, trial.at)) {
                failed.add(trial.name);
            }
        }
    }

    private Memory hold(DType type, int elements) {
        Memory memory = device.allocate(type, elements);
        held.add(memory);
        return memory;
    }

    private static float[] first() {
        float[] x = new float[PAIRS];
        for (int i = 0; i < PAIRS; i++) {
            x[i] = NUMBERS[i / NUMBERS.length];
        }
        return x;
    }

    private static float[] second() {
        float[] y = new float[PAIRS];
        for (int i = 0; i < PAIRS; i++) {
            y[i] = NUMBERS[i % NUMBERS.length];
        }
        return y;
    }

    private void functions(List<Fn> fns, int at) {
        float[][] in = {first(), second(), second()};
        Memory[] memories = {results, hold(DType.FLOAT32, PAIRS), hold(DType.FLOAT32, PAIRS),
            hold(DType.FLOAT32, PAIRS)};
        for (int i = 0; i < in.length; i++) {
            device.write(memories[i + 1], in[i]);
        }
        for (int i = 0; i < fns.size(); i++) {
            Fn fn = fns.get(i);
            trials.add(new Trial(name(fn), at + i * PAIRS, (numbers, from) -> isRight(fn, in, numbers, from)));
        }
        try {
            run(fns, at, memories);
        } catch (DeviceException failure) {
            if (failure.kind() == DeviceException.Kind.LOST) {
                throw failure;
            }
            // One of them cannot be made; which one is found by making each alone.
            for (int i = 0; i < fns.size(); i++) {
                alone(fns.get(i), at + i * PAIRS, memories);
            }
        }
    }

    private void alone(Fn fn, int at, Memory[] memories) {
        try {
            run(List.of(fn), at, memories);
        } catch (DeviceException failure) {
            if (failure.kind() == DeviceException.Kind.LOST) {
                throw failure;
            }
            failed.add(name(fn));
        }
    }

    private void run(List<Fn> fns, int at, Memory[] memories) {
        List<Expr> formulas = new ArrayList<>();
        List<Operand> outs = new ArrayList<>();
        List<Operand> ins = new ArrayList<>();
        int[] shape = {PAIRS};
        int[] one = {1};
        for (int i = 0; i < fns.size(); i++) {
            List<Expr> arguments = List.of(Expr.arg(0), Expr.arg(1), Expr.arg(2)).subList(0, fns.get(i).arity());
            formulas.add(new Expr.Call(fns.get(i), arguments));
            outs.add(new Operand(0, DType.FLOAT32, shape, one, at + i * PAIRS));
        }
        for (int i = 1; i < memories.length; i++) {
            ins.add(new Operand(i, DType.FLOAT32, shape, one, 0));
        }
        Work work = new Work.Pointwise(formulas, outs, ins, List.of(), 0);
        if (!device.takes(work)) {
            throw new DeviceException(DeviceException.Kind.KERNEL, "not taken");
        }
        Executable executable = device.prepare(List.of(work), slots(memories));
        executable.run(memories, new double[0]);
        executable.close();
    }

    private static List<Device.Slot> slots(Memory[] memories) {
        List<Device.Slot> slots = new ArrayList<>();
        for (Memory memory : memories) {
            slots.add(new Device.Slot(memory.type(), memory.size()));
        }
        return slots;
    }

    private static boolean isRight(Fn fn, float[][] in, float[] numbers, int at) {
        for (int i = 0; i < PAIRS; i++) {
            float x = in[0][i];
            float y = in[1][i];
            float actual = numbers[at + i];
            if (Tolerance.isAsked(fn, x, y) && !Tolerance.agrees(actual, expected(fn, x, y), Tolerance.ulps(fn))
                    && !Tolerance.agrees(actual, expected(fn, flushed(x), flushed(y)), Tolerance.ulps(fn))) {
                return false;
            }
        }
        return true;
    }

    private static float expected(Fn fn, float x, float y) {
        return (float) DType.FLOAT32.round(Program.apply(fn, x, y, y));
    }

    /** The number as those see it who take denormals for zeros. */
    private static float flushed(float x) {
        return Math.abs(x) < Float.MIN_NORMAL ? x * 0f : x;
    }

    private void kernel(KernelTrials.Trial trial, int at) {
        String name = trial.kernel().name();
        Memory[] memories = new Memory[trial.inputs().size() + 2];
        memories[0] = results;
        List<Operand> ins = new ArrayList<>();
        for (int i = 0; i < trial.inputs().size(); i++) {
            KernelTrials.Input input = trial.inputs().get(i);
            memories[i + 1] = hold(input.memory().dtype(), input.memory().size());
            if (input.memory().dtype() == DType.FLOAT32) {
                device.write(memories[i + 1], HostMemory.floats(input.memory()));
            } else {
                device.write(memories[i + 1], HostMemory.ints(input.memory()));
            }
            ins.add(new Operand(i + 1, input.memory().dtype(), input.shape(), input.strides(), input.offset()));
        }
        int target = memories.length - 1;
        int[] all = {trial.expected().length};
        memories[target] = hold(trial.type(), Math.max(1, all[0]));
        Work work = new Work.Run(trial.kernel(),
                List.of(new Operand(target, trial.type(), trial.shape(), trial.strides(), 0)), ins);
        Work fetch = new Work.Run(Kernel.COPY, List.of(new Operand(0, DType.FLOAT32, all, new int[] {1}, at)),
                List.of(new Operand(target, trial.type(), all, new int[] {1}, 0)));
        trials.add(new Trial(name, at, (numbers, from) -> trial.isRight(numbers, from)));
        try {
            if (!device.takes(work)) {
                failed.add(name);
                return;
            }
            Executable executable = device.prepare(all[0] == 0 ? List.of(work) : List.of(work, fetch), slots(memories));
            executable.run(memories, new double[0]);
            executable.close();
        } catch (DeviceException failure) {
            if (failure.kind() == DeviceException.Kind.LOST) {
                throw failure;
            }
            failed.add(name);
        }
    }
}

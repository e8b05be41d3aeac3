package dev.backstep.web.gpu;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.Kernel;
import dev.backstep.engine.backend.View;
import dev.backstep.engine.backend.device.Device.Slot;
import dev.backstep.engine.backend.device.DeviceException;
import dev.backstep.engine.backend.device.Executable;
import dev.backstep.engine.backend.device.Memory;
import dev.backstep.engine.backend.device.Operand;
import dev.backstep.engine.backend.device.Work;
import java.util.List;
import java.util.function.DoubleConsumer;
import org.teavm.jso.browser.Performance;

/**
 * Finds what suits a device by trying it: few invocations that do much, as a program in the place of a graphics
 * processor likes it, or many; workgroups that share memory, which that program is slow at, or not.
 */
final class Calibration {
    private static final int RUNS = 3;
    /** A product of 256 x 256 that takes longer is no graphics processor's. */
    private static final double SLOW_MS = 5;

    private final WebGpuDevice device;
    private final Opening.Answer answer;
    private Tuning best = Tuning.FIRST;

    private Calibration(WebGpuDevice device, Opening.Answer answer) {
        this.device = device;
        this.answer = answer;
    }

    /** Answers when it is done. */
    static void measure(WebGpuDevice device, Opening.Answer answer) {
        new Calibration(device, answer).tiles();
    }

    private void tiles() {
        Work small = product(256);
        choose(small, best, Double.MAX_VALUE, List.of(new Tuning(4096, 8, false, false), new Tuning(64, 8, false,
                false), new Tuning(64, 16, false, false)), ms -> {
            // Sharing is of use where there is much to share; a slow device shows it on less.
            Work large = product(ms > SLOW_MS ? 256 : 1024);
            choose(large, best, Double.MAX_VALUE, List.of(best, with(true, false)), _ -> {
                Work sum = sum();
                choose(sum, best, Double.MAX_VALUE, List.of(best, with(best.blocks(), true)), _ -> {
                    device.tune(best);
                    answer.opened(device);
                });
            });
        });
    }

    private Tuning with(boolean blocks, boolean trees) {
        return new Tuning(best.threads(), best.tile(), blocks, trees);
    }

    /** Tries one after another, leaves the fastest in {@link #best}, and tells its time. */
    private void choose(Work work, Tuning fastest, double ms, List<Tuning> candidates, DoubleConsumer then) {
        if (candidates.isEmpty()) {
            best = fastest;
            then.accept(ms);
            return;
        }
        Tuning candidate = candidates.getFirst();
        List<Tuning> rest = candidates.subList(1, candidates.size());
        device.tune(candidate);
        try {
            time(work, taken -> choose(work, taken < ms ? candidate : fastest, Math.min(taken, ms), rest, then));
        } catch (DeviceException e) {
            choose(work, fastest, ms, rest, then);
        }
    }

    private void time(Work work, DoubleConsumer then) {
        int slots = Kernels.slots(work);
        Memory[] memories = new Memory[slots];
        Slot[] sizes = new Slot[slots];
        for (Operand o : List.of(work.outs().getFirst(), work.ins().getFirst(), work.ins().getLast())) {
            sizes[o.slot()] = new Slot(o.type(), o == work.outs().getFirst() && slots == 2 ? 1 : View.numel(o.shape()));
        }
        for (int i = 0; i < slots; i++) {
            memories[i] = device.allocate(sizes[i].type(), sizes[i].size());
        }
        Executable executable = device.prepare(List.of(work), List.of(sizes));
        run(executable, memories, RUNS, Double.MAX_VALUE, ms -> {
            executable.close();
            for (Memory memory : memories) {
                device.free(memory);
            }
            then.accept(ms);
        });
    }

    private void run(Executable executable, Memory[] memories, int times, double least, DoubleConsumer then) {
        if (times == 0) {
            then.accept(least);
            return;
        }
        double start = Performance.now();
        executable.run(memories, new double[0]);
        device.submit();
        device.gpu().getQueue().onSubmittedWorkDone().then(_ -> {
            run(executable, memories, times - 1, Math.min(least, Performance.now() - start), then);
            return null;
        }, _ -> {
            then.accept(Double.MAX_VALUE);
            return null;
        });
    }

    private static Work product(int n) {
        int[] shape = {1, n, n};
        return new Work.Run(Kernel.MATMUL, List.of(operand(0, shape, View.rowMajor(shape))),
                List.of(operand(1, shape, View.rowMajor(shape)), operand(2, shape, View.rowMajor(shape))));
    }

    private static Work sum() {
        int[] shape = {1 << 19};
        return new Work.Run(Kernel.SUM, List.of(operand(0, shape, new int[] {0})),
                List.of(operand(1, shape, new int[] {1})));
    }

    private static Operand operand(int slot, int[] shape, int[] strides) {
        return new Operand(slot, DType.FLOAT32, shape, strides, 0);
    }
}

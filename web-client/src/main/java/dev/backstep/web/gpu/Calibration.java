package dev.backstep.web.gpu;

import dev.backstep.engine.backend.Bernoulli;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.Kernel;
import dev.backstep.engine.backend.MersenneTwister;
import dev.backstep.engine.backend.View;
import dev.backstep.engine.backend.cpu.CpuBackend;
import dev.backstep.engine.backend.cpu.HostMemory;
import dev.backstep.engine.backend.device.Device.Slot;
import dev.backstep.engine.backend.device.DeviceException;
import dev.backstep.engine.backend.device.Executable;
import dev.backstep.engine.backend.device.Memory;
import dev.backstep.engine.backend.device.Operand;
import dev.backstep.engine.backend.device.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleConsumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.teavm.jso.browser.Performance;

/**
 * Finds what suits a device by trying it: few invocations that do much, as a program in the place of a graphics
 * processor likes it, or many; workgroups that share memory, which that program is slow at, or not; whether random
 * words are made there.
 */
final class Calibration {
    private static final CpuBackend CPU = new CpuBackend();
    private static final int RUNS = 3;
    /** So many that what it takes to ask a device does not count. */
    private static final int WORDS = 1 << 18;
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
        List<Work> small = product(256);
        choose(small, best, Double.MAX_VALUE, List.of(best, best.withTiles(64, 8), best.withTiles(64, 16)), ms -> {
            // Sharing is of use where there is much to share; a slow device shows it on less.
            List<Work> large = product(ms > SLOW_MS ? 256 : 1024);
            choose(large, best, Double.MAX_VALUE, List.of(best, best.withBlocks(true)), _ -> sums());
        });
    }

    private void sums() {
        choose(sum(), best, Double.MAX_VALUE, ways(best::withSums), _ ->
                choose(softmax(), best, Double.MAX_VALUE, ways(best::withRows), _ -> words()));
    }

    private List<Tuning> ways(Function<Sharing, Tuning> tuning) {
        return Stream.of(Sharing.values()).filter(way -> way != Sharing.SUBGROUPS || device.hasSubgroups())
                .map(tuning).toList();
    }

    private void words() {
        choose(draws(), best, Double.MAX_VALUE, List.of(best.withWords(1), best.withWords(Shader.GROUP)), ms -> {
            device.tune(ms <= drawn() ? best : best.withWords(0));
            answer.opened(device);
        });
    }

    /** How many milliseconds the CPU takes to draw the numbers of those words and to have them sent. */
    private double drawn() {
        Memory memory = device.allocate(DType.FLOAT32, WORDS / Bernoulli.WORDS);
        MersenneTwister twister = new MersenneTwister();
        twister.seed(1);
        double least = Double.MAX_VALUE;
        for (int i = 0; i < RUNS; i++) {
            double start = Performance.now();
            double[] numbers = new Bernoulli(twister, memory.size(), 0.5).draw();
            device.write(memory, HostMemory.floats(CPU.upload(DType.FLOAT32, numbers)));
            least = Math.min(least, Performance.now() - start);
        }
        device.free(memory);
        return least;
    }

    /** Tries one after another, leaves the fastest in {@link #best}, and tells its time. */
    private void choose(List<Work> works, Tuning fastest, double ms, List<Tuning> candidates, DoubleConsumer then) {
        if (candidates.isEmpty()) {
            best = fastest;
            then.accept(ms);
            return;
        }
        Tuning candidate = candidates.getFirst();
        List<Tuning> rest = candidates.subList(1, candidates.size());
        device.tune(candidate);
        try {
            time(works, taken -> choose(works, taken < ms ? candidate : fastest, Math.min(taken, ms), rest, then));
        } catch (DeviceException e) {
            choose(works, fastest, ms, rest, then);
        }
    }

    private void time(List<Work> works, DoubleConsumer then) {
        List<Slot> slots = new ArrayList<>();
        for (Work work : works) {
            work.outs().forEach(operand -> hold(slots, operand));
            work.ins().forEach(operand -> hold(slots, operand));
        }
        Memory[] memories = new Memory[slots.size()];
        for (int i = 0; i < memories.length; i++) {
            memories[i] = device.allocate(slots.get(i).type(), slots.get(i).size());
        }
        Executable executable = device.prepare(works, slots);
        run(executable, memories, RUNS, Double.MAX_VALUE, ms -> {
            executable.close();
            for (Memory memory : memories) {
                device.free(memory);
            }
            then.accept(ms);
        });
    }

    /** Adds the operand's slot, which is the next one or there already. */
    private static void hold(List<Slot> slots, Operand operand) {
        if (operand.slot() == slots.size()) {
            int size = 1;
            for (int d = 0; d < operand.shape().length; d++) {
                size += (operand.shape()[d] - 1) * operand.strides()[d];
            }
            slots.add(new Slot(operand.type(), size));
        }
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

    private static List<Work> product(int n) {
        int[] shape = {1, n, n};
        int[] strides = View.rowMajor(shape);
        return List.of(new Work.Run(Kernel.MATMUL, List.of(operand(0, shape, strides)),
                List.of(operand(1, shape, strides), operand(2, shape, strides))));
    }

    private static List<Work> sum() {
        int[] shape = {1 << 19};
        return List.of(new Work.Run(Kernel.SUM, List.of(operand(0, shape, new int[] {0})),
                List.of(operand(1, shape, new int[] {1}))));
    }

    /** Words, and numbers of them. */
    private static List<Work> draws() {
        Operand words = integers(0, WORDS);
        return List.of(new Work.Run(Kernel.TWIST, List.of(words), List.of(integers(1, MersenneTwister.SIZE))),
                new Work.Run(Kernel.BERNOULLI,
                        List.of(operand(2, new int[] {WORDS / Bernoulli.WORDS}, new int[] {1})),
                        List.of(words, integers(3, Bernoulli.WORDS))));
    }

    private static Operand integers(int slot, int size) {
        return new Operand(slot, DType.INT64, new int[] {size}, new int[] {1}, 0);
    }

    private static List<Work> softmax() {
        int[] shape = {512, 256};
        return List.of(new Work.Run(Kernel.SOFTMAX, List.of(operand(0, shape, View.rowMajor(shape))),
                List.of(operand(1, shape, View.rowMajor(shape)))));
    }

    private static Operand operand(int slot, int[] shape, int[] strides) {
        return new Operand(slot, DType.FLOAT32, shape, strides, 0);
    }
}

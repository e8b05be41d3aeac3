package dev.backstep.server.cuda;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.Kernel;
import dev.backstep.engine.backend.View;
import dev.backstep.engine.backend.device.Device;
import dev.backstep.engine.backend.device.Device.Slot;
import dev.backstep.engine.backend.device.Executable;
import dev.backstep.engine.backend.device.Memory;
import dev.backstep.engine.backend.device.Operand;
import dev.backstep.engine.backend.device.Work;
import dev.backstep.engine.expr.Expr;
import dev.backstep.engine.expr.Fn;
import dev.backstep.engine.tensor.Tensor;
import dev.backstep.engine.train.Trainer;
import dev.backstep.server.cpu.OpenBlas;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What {@code server/cuda-bench} runs on a machine with a GPU: whether the device answers as the CPU does, then a table
 * of times beside PyTorch's, which {@code cuda-bench.py} has left in a file. Ends with 0 where all is right, with 2
 * where there is no device.
 */
final class CudaBench {
    private static final int ROUNDS = 5;
    private static final long ROUND_NANOS = 300_000_000;
    private static final long TOGETHER_NANOS = 20_000_000;
    private static final int FUZZ = 400;

    private final Map<String, String[]> peers = new HashMap<>();

    private CudaBench(Path file) throws IOException {
        if (file != null && Files.isRegularFile(file)) {
            for (String line : Files.readAllLines(file)) {
                String[] words = line.split("\t");
                peers.put(words[0], words);
            }
        }
    }

    /** @param args the file with PyTorch's times, if there is one, and a folder for compiled kernels */
    public static void main(String[] args) throws IOException {
        NativeDriver driver;
        try {
            driver = NativeDriver.open();
        } catch (Missing none) {
            System.out.println("No device of CUDA's: " + none.getMessage());
            System.exit(2);
            return;
        }
        System.out.printf(Locale.ROOT, "%s, %s, %d MiB, %d processors, driver for CUDA %d, NVRTC %s%n",
                driver.card().name(), driver.card().architecture(), driver.card().memory() >> 20,
                driver.card().processors(), driver.card().driver(), driver.nvrtcVersion());
        OpenBlas.use();
        Path kept = args.length > 1 ? Path.of(args[1]) : null;
        CudaDevice device = new CudaDevice(driver, kept, false);
        boolean right = check(device);
        new CudaBench(args.length > 0 ? Path.of(args[0]) : null).table(device, new CudaDevice(driver, kept, true));
        System.exit(right ? 0 : 1);
    }

    private static boolean check(CudaDevice device) {
        long start = System.nanoTime();
        Set<String> failed = CudaChecks.selfTest(device);
        List<String> fuzz = CudaChecks.fuzz(device, FUZZ);
        List<String> ops = CudaChecks.ops(device);
        System.out.printf(Locale.ROOT, "Own test: %s%nRandom works: %d of %d differ%nOps: %d differ%n(%.0f s, %d kernels"
                + " compiled)%n", failed.isEmpty() ? "passed" : "failed " + failed, fuzz.size(), FUZZ, ops.size(),
                (System.nanoTime() - start) / 1e9, device.cubins().compiled());
        fuzz.stream().limit(10).forEach(System.out::println);
        ops.stream().limit(10).forEach(System.out::println);
        return failed.isEmpty() && fuzz.isEmpty() && ops.isEmpty();
    }

    private void table(CudaDevice device, CudaDevice rounded) {
        System.out.printf("%n| microseconds | ours | PyTorch | ratio | torch.compile | ratio |%n|---|---|---|---|---|---|%n");
        for (int n = 1024; n <= 8192; n *= 2) {
            int size = n;
            row("matmul " + n, () -> product(device, size));
            row("matmul " + n + " tf32", () -> product(rounded, size));
        }
        row("tanh 16M", () -> tanh(device, 1 << 24));
        row("step 784-256-256-10, batch 64", () -> steps(device, 64, 784, 256, 256, 10));
        row("step 784-256-256-10, batch 4096", () -> steps(device, 4096, 784, 256, 256, 10));
        row("scalar graph of 1,000", CudaBench::scalars);
        row("step of 50M parameters, batch 256", () -> steps(device, 256, 4096, 4096, 4096, 4096, 10));
    }

    /** Something to time. */
    private interface Task extends AutoCloseable {
        void run();

        /** Waits for what was asked. */
        default void end() {
        }

        @Override
        default void close() {
        }
    }

    private interface Maker {
        Task make();
    }

    private void row(String name, Maker maker) {
        String ours;
        double time = Double.NaN;
        try (Task task = maker.make()) {
            time = time(task);
            ours = String.format(Locale.ROOT, "%.1f", time);
        } catch (RuntimeException failed) {
            ours = failed.toString();
        }
        String[] theirs = peers.getOrDefault(name, new String[0]);
        System.out.println("| " + name + " | " + ours + " | " + cells(theirs, 1, time) + cells(theirs, 2, time));
    }

    private static String cells(String[] words, int at, double time) {
        if (words.length <= at) {
            return "| | ";
        }
        try {
            return String.format(Locale.ROOT, "%s | %.2f | ", words[at], Double.parseDouble(words[at]) / time);
        } catch (NumberFormatException reason) {
            return words[at] + " | | ";
        }
    }

    /** The median of rounds, in microseconds a run. */
    private static double time(Task task) {
        long once = Long.MAX_VALUE;
        for (int i = 0; i < 10; i++) {
            long start = System.nanoTime();
            task.run();
            task.end();
            once = Math.min(once, System.nanoTime() - start);
        }
        // So many are asked for before anybody waits.
        int together = Math.clamp(TOGETHER_NANOS / once, 1, 10_000);
        double[] rounds = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            long start = System.nanoTime();
            int runs = 0;
            while (System.nanoTime() - start < ROUND_NANOS) {
                for (int k = 0; k < together; k++) {
                    task.run();
                }
                task.end();
                runs += together;
            }
            rounds[i] = (System.nanoTime() - start) / 1e3 / runs;
        }
        Arrays.sort(rounds);
        return rounds[ROUNDS / 2];
    }

    private static Task product(Device device, int n) {
        return run(device, new Work.Run(Kernel.MATMUL, List.of(operand(0, 1, n, n)),
                List.of(operand(1, 1, n, n), operand(2, 1, n, n))), n * n, 3);
    }

    private static Task tanh(Device device, int n) {
        return run(device, new Work.Pointwise(List.of(Expr.call(Fn.TANH, Expr.arg(0))), List.of(operand(0, n)),
                List.of(operand(1, n)), List.of(), 0), n, 2);
    }

    private static Operand operand(int slot, int... shape) {
        return new Operand(slot, DType.FLOAT32, shape, View.rowMajor(shape), 0);
    }

    private static Task run(Device device, Work work, int size, int count) {
        float[] numbers = new float[size];
        for (int i = 0; i < size; i++) {
            numbers[i] = (i * 37 % 101 - 50) / 60f;
        }
        Memory[] memories = new Memory[count];
        List<Slot> slots = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            memories[i] = device.allocate(DType.FLOAT32, size);
            slots.add(new Slot(DType.FLOAT32, size));
            device.write(memories[i], numbers);
        }
        Memory mark = device.allocate(DType.FLOAT32, 1);
        Executable executable = device.prepare(List.of(work), slots);
        double[] none = {};
        float[] one = new float[1];
        return new Task() {
            @Override
            public void run() {
                executable.run(memories, none);
            }

            @Override
            public void end() {
                device.read(mark, one);
            }

            @Override
            public void close() {
                executable.close();
                for (Memory memory : memories) {
                    device.free(memory);
                }
                device.free(mark);
            }
        };
    }

    /** Steps of Adam; the loss of each is read, if not at once. */
    private static Task steps(Device device, int batch, int... widths) {
        Trainer trainer = new Trainer(Perceptron.of(batch, widths), device);
        return trainer::next;
    }

    /** 999 ops on single numbers and back, which ours does on the CPU. */
    private static Task scalars() {
        Tensor x = Tensor.scalar(0.5).requiresGrad(true);
        Tensor a = Tensor.scalar(1.25).requiresGrad(true);
        Tensor b = Tensor.scalar(-0.125).requiresGrad(true);
        return () -> {
            for (Tensor leaf : List.of(x, a, b)) {
                leaf.grad(null);
            }
            Tensor y = x;
            for (int i = 0; i < 333; i++) {
                y = y.mul(a).add(b).tanh();
            }
            y.backward();
        };
    }
}

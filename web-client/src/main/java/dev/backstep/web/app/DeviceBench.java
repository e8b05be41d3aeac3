package dev.backstep.web.app;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.Kernel;
import dev.backstep.engine.backend.View;
import dev.backstep.engine.backend.device.Device;
import dev.backstep.engine.backend.device.Executable;
import dev.backstep.engine.backend.device.Memory;
import dev.backstep.engine.backend.device.Operand;
import dev.backstep.engine.backend.device.Pending;
import dev.backstep.engine.backend.device.Work;
import dev.backstep.engine.expr.Expr;
import dev.backstep.engine.expr.Fn;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.train.Trainer;
import dev.backstep.web.jso.Messages;
import java.util.ArrayList;
import java.util.List;
import org.teavm.jso.core.JSPromise;
import org.teavm.jso.core.JSUndefined;

/** What bench.html times on a device: works made ready once, and compiled steps of a training. */
final class DeviceBench {
    private static final int STEPS = 10;
    private static final int CHECKED = 5;

    private DeviceBench() {}

    /** One run, to its end, and whether what came of it is right. */
    interface Task {
        void run();

        boolean isRight();

        /** In how many parts a run is to be divided. */
        default int parts() {
            return 1;
        }
    }

    /**
     * A task by its name and size, or null.
     *
     * @param every after how many steps of a training one waits for the loss
     */
    static Task task(String name, int n, int every, Device device) {
        return switch (name) {
            case "matmul" -> new Matmul(n, device);
            case "tanh" -> new Tanh(n, device);
            case "step784" -> new Steps(BenchNetworks.perceptron(new int[] {784, 256, 256, 10}, 64, 0), every, device);
            case "stepDropout" -> new Steps(BenchNetworks.perceptron(new int[] {784, 256, 256, 10}, 64, 0.5), every,
                    device);
            case "step2" -> new Steps(BenchNetworks.perceptron(new int[] {2, 8, 8, 1}, 32, 0), every, device);
            case "stepConv" -> new Steps(BenchNetworks.convolutions(), every, device);
            default -> null;
        };
    }

    private static float[] numbers(int count, int seed) {
        float[] numbers = new float[count];
        int state = seed;
        for (int i = 0; i < count; i++) {
            state = state * 1_103_515_245 + 12_345;
            numbers[i] = (state >>> 8) / (float) (1 << 23) - 1;
        }
        return numbers;
    }

    private static Memory memory(Device device, float[] values) {
        Memory memory = device.allocate(DType.FLOAT32, values.length);
        device.write(memory, values);
        return memory;
    }

    private static Operand operand(int slot, int... shape) {
        return new Operand(slot, DType.FLOAT32, shape, View.rowMajor(shape), 0);
    }

    private static Executable prepare(Device device, List<Work> works, Memory... memories) {
        List<Device.Slot> slots = new ArrayList<>();
        for (Memory memory : memories) {
            slots.add(new Device.Slot(memory.type(), memory.size()));
        }
        return device.prepare(works, slots);
    }

    /** Numbers of a device, once they have come. */
    private static float[] read(Device device, Memory from) {
        Pending pending = device.readLater(from);
        while (!pending.isReady()) {
            letWork();
        }
        return pending.floats();
    }

    /** Gives the browser its turn. */
    private static void letWork() {
        new JSPromise<JSUndefined>((done, failed) ->
                Messages.turns(() -> done.accept(JSUndefined.instance())).run()).await();
    }

    private static boolean isClose(double value, double expected, double scale) {
        return Math.abs(value - expected) <= 1e-5 * scale;
    }

    /** The product of two n x n matrices, read whole. */
    private static final class Matmul implements Task {
        private static final int SAMPLE = 500;

        private final int n;
        private final Device device;
        private final float[] a;
        private final float[] b;
        private final Memory[] memories;
        private final Executable product;
        private float[] result;

        Matmul(int n, Device device) {
            this.n = n;
            this.device = device;
            a = numbers(n * n, 1);
            b = numbers(n * n, 2);
            memories = new Memory[] {device.allocate(DType.FLOAT32, n * n), memory(device, a), memory(device, b)};
            product = prepare(device, List.of(new Work.Run(Kernel.MATMUL, List.of(operand(0, 1, n, n)),
                    List.of(operand(1, 1, n, n), operand(2, 1, n, n)))), memories);
        }

        @Override
        public void run() {
            product.run(memories, new double[0]);
            result = read(device, memories[0]);
        }

        @Override
        public boolean isRight() {
            for (int i = 0; i < SAMPLE; i++) {
                int row = (int) (i * 7919L % n);
                int column = (int) (i * 104_729L % n);
                double sum = 0;
                for (int k = 0; k < n; k++) {
                    sum += (double) a[row * n + k] * b[k * n + column];
                }
                if (!isClose(result[row * n + column], sum, Math.sqrt(n))) {
                    return false;
                }
            }
            return true;
        }
    }

    /** sum(tanh(x * w + b)) and its gradients by w and b; the sum is read. */
    private static final class Tanh implements Task {
        private final int n;
        private final Device device;
        private final float[] x;
        private final float[] w;
        private final float[] b;
        private final Memory[] memories;
        private final Executable both;
        private float sum;

        Tanh(int n, Device device) {
            this.n = n;
            this.device = device;
            x = numbers(n, 1);
            w = numbers(n, 2);
            b = numbers(n, 3);
            memories = new Memory[] {memory(device, x), memory(device, w), memory(device, b),
                device.allocate(DType.FLOAT32, n), device.allocate(DType.FLOAT32, n),
                device.allocate(DType.FLOAT32, n), device.allocate(DType.FLOAT32, 1)};
            Expr y = Expr.call(Fn.TANH, Expr.arg(0).times(Expr.arg(1)).plus(Expr.arg(2)));
            Expr slope = Expr.ONE.minus(y.times(y));
            int[] all = {n};
            both = prepare(device, List.of(
                    new Work.Pointwise(List.of(y, Expr.arg(0).times(slope), slope),
                            List.of(operand(3, all), operand(4, all), operand(5, all)),
                            List.of(operand(0, all), operand(1, all), operand(2, all)), List.of(), 0),
                    new Work.Run(Kernel.SUM, List.of(new Operand(6, DType.FLOAT32, all, new int[] {0}, 0)),
                            List.of(operand(3, all)))), memories);
        }

        @Override
        public void run() {
            both.run(memories, new double[0]);
            sum = read(device, memories[6])[0];
        }

        @Override
        public boolean isRight() {
            float[] byW = read(device, memories[4]);
            float[] byB = read(device, memories[5]);
            double expected = 0;
            boolean right = true;
            for (int i = 0; i < n; i++) {
                double y = Math.tanh((double) x[i] * w[i] + b[i]);
                expected += y;
                right &= isClose(byW[i], x[i] * (1 - y * y), 1) && isClose(byB[i], 1 - y * y, 1);
            }
            return right && Math.abs(sum - expected) < 1e-6 * n;
        }
    }

    /** Steps of Adam. */
    private static final class Steps implements Task {
        private final Trainer trainer;
        private final int every;
        private final boolean right;

        Steps(Graph network, int every, Device device) {
            this.every = every;
            trainer = new Trainer(network, device);
            Trainer eager = new Trainer(network, null);
            boolean same = true;
            for (int i = 0; i < CHECKED; i++) {
                trainer.next();
                arrive();
                eager.next();
                same &= isClose(trainer.loss(), eager.loss(), 10 * Math.abs(eager.loss()));
            }
            right = same;
        }

        @Override
        public void run() {
            for (int i = 1; i <= STEPS; i++) {
                while (trainer.waits()) {
                    letWork();
                    trainer.poll();
                }
                trainer.next();
                if (i % every == 0) {
                    arrive();
                }
            }
        }

        /** Waits until the losses of all steps are here. */
        private void arrive() {
            trainer.ask();
            while (trainer.answered() < trainer.batch()) {
                if (!trainer.poll()) {
                    letWork();
                    trainer.ask();
                }
            }
        }

        @Override
        public boolean isRight() {
            return right && Double.isFinite(trainer.loss());
        }

        @Override
        public int parts() {
            return STEPS;
        }
    }
}

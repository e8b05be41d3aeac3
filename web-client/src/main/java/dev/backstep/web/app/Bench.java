package dev.backstep.web.app;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.device.Device;
import dev.backstep.engine.graph.GraphJson;
import dev.backstep.engine.tensor.Tensor;
import dev.backstep.web.device.Opener;
import dev.backstep.web.jso.Assets;
import dev.backstep.web.jso.BenchObject;
import dev.backstep.web.jso.BenchOptions;
import dev.backstep.web.jso.BenchResult;
import dev.backstep.web.jso.Editors;
import dev.backstep.web.ui.Background;
import dev.backstep.web.ui.Dom;
import java.util.Arrays;
import org.teavm.jso.browser.Performance;
import org.teavm.jso.core.JSBoolean;
import org.teavm.jso.core.JSError;
import org.teavm.jso.core.JSObjects;
import org.teavm.jso.core.JSPromise;
import org.teavm.jso.core.JSString;

/** {@code window.bench} of bench.html: how long the engine takes, and whether what it then says is right. */
final class Bench {
    private static final int WARM_UPS = 5;

    private Bench() {}

    static void publish() {
        BenchObject bench = JSObjects.create();
        EditorBench editors = new EditorBench();
        bench.setRun((name, options) -> new JSPromise<>((done, failed) -> Background.run(() -> {
            String by = by(options);
            DeviceBench.Task task = by.equals("cpu") ? task(name, options) : null;
            if (name.equals("latency")) {
                done.accept(Editors.latency(Dom.byId("stage"), by, size(options, 1_000_000), times(options)).await());
            } else if (by.indexOf('-') > 0) {
                done.accept(Editors.measure(name, size(options, sizeOf(name)), by, options.getEvery(),
                        times(options)).await());
            } else if (!by.equals("cpu")) {
                Device device = device(by);
                DeviceBench.Task there = device == null ? null
                        : DeviceBench.task(name, size(options, sizeOf(name)), Math.max(1, options.getEvery()), device);
                if (there == null) {
                    failed.accept(new JSError("there is no measurement " + name + " by " + by + " here"));
                } else {
                    done.accept(measure(there, times(options)));
                }
            } else if (name.equals("editor")) {
                done.accept(editors.run(size(options, 500), options, times(options)));
            } else if (name.equals("train")) {
                done.accept(Editors.train(Dom.byId("stage"), size(options, 20_000), times(options),
                        options.hasCharts(), options.isPeer()).await());
            } else if (task == null) {
                failed.accept(new JSError("there is no measurement " + name
                        + ": scalar, matmul, tanh, editor, train and latency are"));
            } else {
                done.accept(measure(task, times(options)));
            }
        })));
        bench.setGraph(nodes -> GraphJson.write(EditorBench.graph(nodes)));
        Assets.global("bench", bench);
    }

    /** A device of ours, or another library by a name such as tfjs-wasm; where nothing is said, the CPU. */
    private static String by(BenchOptions options) {
        boolean open = JSObjects.isUndefined(options) || JSObjects.isUndefined(options.getBy());
        return open ? "cpu" : ((JSString) options.getBy()).stringValue();
    }

    private static Device device(String name) {
        Device[] found = new Device[1];
        return new JSPromise<JSBoolean>((done, failed) -> DeviceOpeners.open(name, null, new Opener.Answer() {
            @Override
            public void found(Device device, String detail) {
                found[0] = device;
                done.accept(JSBoolean.valueOf(true));
            }

            @Override
            public void missing(String reason, String detail) {
                done.accept(JSBoolean.valueOf(false));
            }

            @Override
            public void lost(String detail) {
                // The measurement finds out.
            }
        })).await().booleanValue() ? found[0] : null;
    }

    private static int sizeOf(String name) {
        return switch (name) {
            case "scalar" -> 10_000;
            case "matmul" -> 256;
            default -> 1_000_000;
        };
    }

    private static int size(BenchOptions options, int fallback) {
        return JSObjects.isUndefined(options) || options.getN() == 0 ? fallback : options.getN();
    }

    private static int times(BenchOptions options) {
        return JSObjects.isUndefined(options) || options.getTimes() == 0 ? 20 : options.getTimes();
    }

    private static DeviceBench.Task task(String name, BenchOptions options) {
        return switch (name) {
            case "scalar" -> new Scalar(size(options, sizeOf(name)));
            case "matmul" -> new Matmul(size(options, sizeOf(name)));
            case "tanh" -> new Tanh(size(options, sizeOf(name)));
            default -> null;
        };
    }

    private static BenchResult measure(DeviceBench.Task task, int times) {
        for (int i = 0; i < WARM_UPS; i++) {
            task.run();
        }
        double[] taken = new double[times];
        for (int i = 0; i < times; i++) {
            double start = Performance.now();
            task.run();
            taken[i] = (Performance.now() - start) / task.parts();
        }
        Arrays.sort(taken);
        BenchResult result = JSObjects.create();
        result.setMedian(taken[times / 2]);
        result.setMin(taken[0]);
        result.setMax(taken[times - 1]);
        result.setUnit("ms");
        result.setOk(task.isRight());
        return result;
    }

    private static boolean isClose(double value, double expected) {
        return Math.abs(value - expected) <= 1e-4 * Math.max(1, Math.abs(expected));
    }

    /** Builds and backpropagates a graph of n scalar ops: add, mul, tanh, each of earlier ones. */
    private static final class Scalar implements DeviceBench.Task {
        private final int n;
        private Tensor x;

        Scalar(int n) {
            this.n = n;
        }

        private static int partner(int i) {
            return (int) (i * 7_919L % i);
        }

        @Override
        public void run() {
            Tensor[] v = new Tensor[n + 1];
            x = Tensor.scalar(0.5, DType.FLOAT64).requiresGrad(true);
            v[0] = x;
            for (int i = 1; i <= n; i++) {
                v[i] = switch (i % 3) {
                    case 0 -> v[i - 1].add(v[partner(i)]);
                    case 1 -> v[i - 1].mul(v[partner(i)]);
                    default -> v[i - 1].tanh();
                };
            }
            v[n].backward();
        }

        /** The same by hand, on plain numbers. */
        @Override
        public boolean isRight() {
            double[] v = new double[n + 1];
            v[0] = 0.5;
            for (int i = 1; i <= n; i++) {
                v[i] = switch (i % 3) {
                    case 0 -> v[i - 1] + v[partner(i)];
                    case 1 -> v[i - 1] * v[partner(i)];
                    default -> Math.tanh(v[i - 1]);
                };
            }
            double[] g = new double[n + 1];
            g[n] = 1;
            for (int i = n; i > 0; i--) {
                switch (i % 3) {
                    case 0 -> {
                        g[i - 1] += g[i];
                        g[partner(i)] += g[i];
                    }
                    case 1 -> {
                        g[i - 1] += g[i] * v[partner(i)];
                        g[partner(i)] += g[i] * v[i - 1];
                    }
                    default -> g[i - 1] += g[i] * (1 - v[i] * v[i]);
                }
            }
            return isClose(x.grad().item(), g[0]);
        }
    }

    /** Multiplies two n x n matrices of float32. */
    private static final class Matmul implements DeviceBench.Task {
        private final int n;
        private final Tensor a;
        private final Tensor b;
        private Tensor product;

        Matmul(int n) {
            this.n = n;
            a = Tensor.of(numbers(n * n), new int[] {n, n}, DType.FLOAT32);
            b = Tensor.of(numbers(n * n), new int[] {n, n}, DType.FLOAT32);
        }

        @Override
        public void run() {
            product = a.matmul(b);
        }

        @Override
        public boolean isRight() {
            double[] x = a.toDoubles();
            double[] y = b.toDoubles();
            double sum = 0;
            for (int k = 0; k < n; k++) {
                sum += x[(n - 1) * n + k] * y[k * n + n / 2];
            }
            return isClose(product.toDoubles()[(n - 1) * n + n / 2], sum);
        }
    }

    /** sum(tanh(x * w + b)) of n elements, forward and backward. */
    private static final class Tanh implements DeviceBench.Task {
        private final Tensor x;
        private final Tensor w;
        private final Tensor b;

        Tanh(int n) {
            x = Tensor.of(numbers(n), new int[] {n}, DType.FLOAT32);
            w = Tensor.of(numbers(n), new int[] {n}, DType.FLOAT32).requiresGrad(true);
            b = Tensor.of(numbers(n), new int[] {n}, DType.FLOAT32).requiresGrad(true);
        }

        @Override
        public void run() {
            w.grad(null);
            b.grad(null);
            x.mul(w).add(b).tanh().sum().backward();
        }

        @Override
        public boolean isRight() {
            double[] at = x.toDoubles();
            double[] slope = w.toDoubles();
            double[] shift = b.toDoubles();
            double[] gradient = w.grad().toDoubles();
            for (int i = 0; i < at.length; i += 997) {
                double y = Math.tanh(at[i] * slope[i] + shift[i]);
                if (!isClose(gradient[i], at[i] * (1 - y * y))) {
                    return false;
                }
            }
            return true;
        }
    }

    /** Numbers between -1 and 1, the same each time. */
    private static double[] numbers(int count) {
        double[] numbers = new double[count];
        int state = 12_345;
        for (int i = 0; i < count; i++) {
            state = state * 1_103_515_245 + 12_345;
            numbers[i] = (state >>> 8) / (double) (1 << 23) - 1;
        }
        return numbers;
    }
}

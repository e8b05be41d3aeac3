package dev.backstep.web.suite;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.Kernel;
import dev.backstep.engine.backend.View;
import dev.backstep.engine.backend.device.Device;
import dev.backstep.engine.backend.device.Memory;
import dev.backstep.engine.backend.device.Operand;
import dev.backstep.engine.backend.device.Pending;
import dev.backstep.engine.expr.Expr;
import dev.backstep.engine.expr.Fn;
import dev.backstep.web.simd.SimdDevice;
import java.util.List;

/** The SIMD device in the browser it is made for: what is not checked without one is how numbers come and go. */
final class SimdSuite {
    private final Device device;
    private final StringBuilder wrong = new StringBuilder();

    private SimdSuite(Device device) {
        this.device = device;
    }

    /** What is wrong, a line each; nothing where all is as it should be. */
    static String check() {
        SimdDevice.Opened opened = SimdDevice.open();
        if (opened.device() == null) {
            return "there is no device: " + opened.missing();
        }
        SimdSuite suite = new SimdSuite(opened.device());
        for (int size : new int[] {1, 2, 12, 13, 1_024, 1_025, 70_001, 16_384, 16_385, 3_000_000}) {
            suite.carries(size);
        }
        for (Fn fn : Fn.values()) {
            suite.computes(fn);
        }
        for (Kernel kernel : Kernel.values()) {
            suite.does(kernel);
        }
        return suite.wrong.toString();
    }

    private void say(String what) {
        wrong.append(what).append('\n');
    }

    private static double number(int i) {
        return (float) Math.sin(i * 1.7 + 0.3) * 3;
    }

    /** Memory grows under way, so what was written before must still be there. */
    private void carries(int size) {
        float[] floats = new float[size];
        int[] ints = new int[size];
        for (int i = 0; i < size; i++) {
            floats[i] = i % 9 == 0 ? Float.NaN : (float) number(i);
            ints[i] = i * 77 - 1_000;
        }
        Memory a = device.allocate(DType.FLOAT32, size);
        Memory b = device.allocate(DType.INT64, size);
        device.write(a, floats);
        device.write(b, ints);
        float[] floatsBack = new float[size];
        int[] intsBack = new int[size];
        device.read(a, floatsBack);
        device.read(b, intsBack);
        Pending pending = device.readLater(a);
        float[] later = pending.floats();
        for (int i = 0; i < size; i++) {
            if (!same(floats[i], floatsBack[i]) || ints[i] != intsBack[i] || !same(floats[i], later[i])) {
                say(size + " numbers do not come back, from " + i + " on");
                break;
            }
        }
        device.free(a);
        Memory again = device.allocate(DType.FLOAT32, size);
        device.read(again, floatsBack);
        for (float value : floatsBack) {
            if (value != 0) {
                say("memory of " + size + " numbers is not zero");
                break;
            }
        }
        device.free(again);
        device.free(b);
    }

    private static boolean same(double a, double b) {
        return a == b || a != a && b != b;
    }

    private void compare(Rig rig, Operand out, double tolerance, String what) {
        double[] expected = rig.expected(out.slot());
        double[] actual = rig.actual(out.slot());
        for (int i = 0; i < expected.length; i++) {
            if (!same(expected[i], actual[i])
                    && !(Math.abs(expected[i] - actual[i]) <= tolerance * Math.max(1e-3, Math.abs(expected[i])))) {
                say(what + " gives " + actual[i] + " where it should be " + expected[i]);
                break;
            }
        }
        rig.free();
    }

    private void computes(Fn fn) {
        int n = 1_003;
        Rig rig = new Rig(device);
        double[] x = new double[n];
        double[] y = new double[n];
        double[] nasty = {0, -0.0, 1, -1, 1e-42, 3e38, -3e38, Double.NaN, Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY, 2e6};
        for (int i = 0; i < n; i++) {
            x[i] = i < 121 ? (float) nasty[i / 11] : number(i);
            y[i] = i < 121 ? (float) nasty[i % 11] : number(i + 7);
        }
        Operand a = rig.contiguous(rig.slot(DType.FLOAT32, x), n);
        Operand b = rig.contiguous(rig.slot(DType.FLOAT32, y), n);
        Operand out = rig.contiguous(rig.slot(DType.FLOAT32, new double[n]), n);
        List<Expr> arguments = List.of(Expr.arg(0), Expr.arg(1), Expr.arg(0));
        rig.pointwise(new Expr.Call(fn, arguments.subList(0, fn.arity())), out, a, b);
        compare(rig, out, fn.isExact() ? 0 : 5e-7, fn.name());
    }

    private static double[] numbers(int count) {
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = number(i);
        }
        return values;
    }

    private void does(Kernel kernel) {
        Rig rig = new Rig(device);
        int rows = 13;
        int columns = 37;
        Operand in = rig.contiguous(rig.slot(DType.FLOAT32, numbers(rows * columns)), rows, columns);
        double[] order = new double[columns];
        for (int i = 0; i < columns; i++) {
            order[i] = i * 5 % columns;
        }
        Operand places = rig.contiguous(rig.slot(DType.INT64, order), columns);
        Operand flat = rig.contiguous(rig.slot(DType.FLOAT32, numbers(columns)), columns);
        Operand other = rig.contiguous(rig.slot(DType.FLOAT32, new double[columns]), columns);
        Operand matrix = rig.contiguous(rig.slot(DType.FLOAT32, new double[rows * columns]), rows, columns);
        Operand out = switch (kernel) {
            case COPY -> {
                Operand turned = rig.operand(matrix.slot(), in.shape(), new int[] {1, rows}, 0);
                rig.run(kernel, turned, in);
                yield turned;
            }
            case SUM, PROD -> {
                Operand total = rig.operand(other.slot(), in.shape(), new int[] {0, 1}, 0);
                rig.run(kernel, total, in);
                yield total;
            }
            case MAX, MIN, ARGMAX, ARGMIN -> {
                boolean isPlace = kernel == Kernel.ARGMAX || kernel == Kernel.ARGMIN;
                Operand best = rig.contiguous(rig.slot(isPlace ? DType.INT64 : DType.FLOAT32, new double[rows]), rows);
                rig.run(kernel, best, in);
                yield best;
            }
            case FOLD -> {
                // Windows of 3 x 2 at 4 x 6 places.
                int[] shape = {1, 1, 3, 2, 4, 6};
                Operand seen = rig.contiguous(rig.slot(DType.FLOAT32, numbers(144)), shape);
                Operand image = rig.contiguous(rig.slot(DType.FLOAT32, new double[42]), 42);
                rig.run(kernel, rig.operand(image.slot(), shape, new int[] {42, 42, 7, 1, 7, 1}, 0), seen);
                yield image;
            }
            case CUMSUM, SOFTMAX, LOG_SOFTMAX -> {
                rig.run(kernel, matrix, in);
                yield matrix;
            }
            case SOFTMAX_BACKWARD, LOG_SOFTMAX_BACKWARD -> {
                rig.run(kernel, matrix, in, in);
                yield matrix;
            }
            case MATMUL -> {
                Operand square = rig.contiguous(rig.slot(DType.FLOAT32, new double[rows * rows]), 1, rows, rows);
                rig.run(kernel, square, rig.operand(in.slot(), new int[] {1, rows, columns},
                        View.rowMajor(new int[] {1, rows, columns}), 0),
                        rig.operand(in.slot(), new int[] {1, columns, rows}, new int[] {0, 1, columns}, 0));
                yield square;
            }
            case TWIST -> {
                Operand first = rig.contiguous(rig.slot(DType.INT64, GpuChecks.words(1, 624)), 624);
                Operand all = rig.contiguous(rig.slot(DType.INT64, new double[2_003]), 2_003);
                rig.run(kernel, all, first);
                yield all;
            }
            case BERNOULLI -> {
                Operand words = rig.contiguous(rig.slot(DType.INT64, GpuChecks.words(2, 2 * columns)), 2 * columns);
                rig.run(kernel, other, words, rig.contiguous(rig.slot(DType.INT64, 1 << 20, 5), 2));
                yield other;
            }
            case GATHER, SCATTER, SCATTER_ADD -> {
                rig.run(kernel, other, flat, places);
                yield other;
            }
        };
        compare(rig, out, 2e-5, kernel.name());
    }
}

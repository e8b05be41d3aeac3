package dev.backstep.web.simd;

import static dev.backstep.web.simd.RandomViews.assertClose;
import static dev.backstep.web.simd.RandomViews.numbers;
import static dev.backstep.web.simd.RandomViews.shape;
import static dev.backstep.web.simd.RandomViews.strided;
import static dev.backstep.web.simd.RandomViews.text;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.Kernel;
import dev.backstep.engine.backend.View;
import dev.backstep.engine.backend.device.Operand;
import dev.backstep.engine.backend.device.Work;
import dev.backstep.engine.expr.Expr;
import dev.backstep.engine.expr.Fn;
import dev.backstep.web.suite.RandomWindows;
import dev.backstep.web.suite.Rig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Every kernel on random shapes and strides beside the CPU backend. */
class KernelsTest extends SimdFixture {
    private static final int ROUNDS = 1_000;

    private static void assertSame(Rig rig, Operand out, String what) {
        assertArrayEquals(rig.expected(out.slot()), rig.actual(out.slot()), what);
    }

    @Test
    void pointwiseBroadcastsToTheBit() {
        Random random = new Random(1);
        DType[] types = {DType.FLOAT32, DType.FLOAT32, DType.BOOL, DType.INT64};
        Expr[] formulas = {Expr.arg(0).times(Expr.arg(1)).plus(Expr.arg(2)),
            Expr.select(Expr.arg(0).gt(Expr.arg(1)), Expr.arg(2), Expr.arg(0).minus(Expr.arg(1))),
            Expr.call(Fn.AND, Expr.arg(0), Expr.call(Fn.NOT, Expr.call(Fn.LE, Expr.arg(1), Expr.arg(2)))),
            Expr.call(Fn.MAX, Expr.arg(0), Expr.arg(1)).times(Expr.of(0.1)).over(Expr.arg(2))};
        for (int i = 0; i < ROUNDS; i++) {
            Rig rig = new Rig(device);
            int[] shape = shape(random, random.nextInt(5), 9);
            Operand[] in = new Operand[3];
            for (int k = 0; k < in.length; k++) {
                in[k] = strided(rig, random, types[random.nextInt(4)], shape, true);
            }
            Operand out = strided(rig, random, i % 7 == 0 ? DType.BOOL : DType.FLOAT32, shape, false);
            rig.pointwise(formulas[i % formulas.length], out, in);
            assertSame(rig, out, i + ": " + text(out) + text(in));
            rig.free();
        }
    }

    @Test
    void pointwiseLongRowsInPlace() {
        Random random = new Random(2);
        for (int n : new int[] {1, 3, 4, 5, 31, 64, 127, 1_000, 1_003}) {
            Rig rig = new Rig(device);
            Operand x = rig.contiguous(rig.slot(DType.FLOAT32, numbers(random, DType.FLOAT32, n)), n);
            Operand y = rig.contiguous(rig.slot(DType.FLOAT32, numbers(random, DType.FLOAT32, n)), n);
            rig.pointwise(Expr.arg(0).times(Expr.of(0.9)).plus(Expr.arg(1)), x, x, y);
            assertSame(rig, x, "length " + n);
        }
    }

    @Test
    void severalOutputsShareWhatTheyCompute() {
        Rig rig = new Rig(device);
        int n = 37;
        double[] numbers = numbers(new Random(3), DType.FLOAT32, n);
        Operand x = rig.contiguous(rig.slot(DType.FLOAT32, numbers), n);
        Operand y = rig.contiguous(rig.slot(DType.FLOAT32, new double[n]), n);
        Operand z = rig.contiguous(rig.slot(DType.FLOAT32, new double[n]), n);
        Expr scaled = Expr.arg(0).times(Expr.param("by"));
        rig.onDevice(List.of(
                new Work.Pointwise(List.of(scaled, scaled.square()), List.of(y, z), List.of(x), List.of("by"), 1),
                new Work.Pointwise(List.of(Expr.arg(0).plus(Expr.param("more"))), List.of(z), List.of(z),
                        List.of("more"), 0)), 3, 0.5);
        for (int i = 0; i < n; i++) {
            float half = (float) numbers[i] * 0.5f;
            assertEquals(half, rig.actual(y.slot())[i]);
            assertEquals(half * half + 3, rig.actual(z.slot())[i]);
        }
    }

    @Test
    void copiesConvertAndTurn() {
        Random random = new Random(4);
        DType[][] types = {{DType.FLOAT32, DType.FLOAT32}, {DType.FLOAT32, DType.BOOL}, {DType.BOOL, DType.FLOAT32},
            {DType.INT64, DType.INT64}, {DType.INT64, DType.BOOL}, {DType.FLOAT32, DType.INT64},
            {DType.BOOL, DType.INT64}};
        for (int i = 0; i < ROUNDS; i++) {
            Rig rig = new Rig(device);
            int[] shape = shape(random, random.nextInt(5), i % 3 == 0 ? 20 : 6);
            DType[] pair = types[i % 2 == 0 ? 0 : random.nextInt(types.length)];
            Operand in = strided(rig, random, pair[1], shape, true);
            Operand out = strided(rig, random, pair[0], shape, false);
            rig.run(Kernel.COPY, out, in);
            assertSame(rig, out, i + ": " + text(out, in));
            rig.free();
        }
    }

    @Test
    void sumsAndProducts() {
        Random random = new Random(5);
        for (int i = 0; i < ROUNDS; i++) {
            Rig rig = new Rig(device);
            int[] shape = shape(random, random.nextInt(5), i % 10 == 0 ? 70 : 7);
            if (View.numel(shape) > 200_000) {
                continue;
            }
            DType type = i % 5 == 0 ? DType.BOOL : DType.FLOAT32;
            Operand in = strided(rig, random, type, shape, true);
            int[] kept = shape.clone();
            for (int d = 0; d < kept.length; d++) {
                kept[d] = random.nextBoolean() ? 1 : kept[d];
            }
            int[] strides = View.rowMajor(kept);
            for (int d = 0; d < kept.length; d++) {
                strides[d] = kept[d] == 1 ? 0 : strides[d];
            }
            Operand out = rig.operand(rig.slot(i % 15 == 0 ? DType.INT64 : DType.FLOAT32,
                    numbers(random, DType.FLOAT32, View.numel(kept))), shape, strides, 0);
            rig.run(i % 4 == 3 ? Kernel.PROD : Kernel.SUM, out, in);
            double[] scale = rig.expected(out.slot());
            for (int k = 0; k < scale.length; k++) {
                scale[k] = Math.max(1e-3, Math.abs(scale[k]));
            }
            assertClose(rig, out, scale, 2e-7, i + ": " + text(out, in));
            rig.free();
        }
    }

    /** Totals of many parameters lie side by side in one slot; a sum leaves the others alone. */
    @Test
    void sumsLeaveWhatLiesAround() {
        Rig rig = new Rig(device);
        int in = rig.slot(DType.FLOAT32, 1, 2, 3, 4, 5, 6);
        int out = rig.slot(DType.FLOAT32, 9, 9, 9, 9, 9, 9);
        int[] shape = {2, 3};
        rig.onDevice(List.of(new Work.Run(Kernel.SUM, List.of(rig.operand(out, shape, new int[] {0, 1}, 2)),
                List.of(rig.contiguous(in, shape)))));
        assertArrayEquals(new double[] {9, 9, 5, 7, 9, 9}, rig.actual(out));
    }

    /** A step's works all name the step's numbers, and read few of them. */
    @Test
    void worksShareTheNumbersOfAStep() {
        Rig rig = new Rig(device);
        Operand x = rig.contiguous(rig.slot(DType.FLOAT32, 1, 2, 3), 3);
        List<String> names = List.of("a", "b", "c");
        rig.onDevice(List.of(
                new Work.Pointwise(List.of(Expr.arg(0).times(Expr.param("c"))), List.of(x), List.of(x), names, 0),
                new Work.Pointwise(List.of(Expr.arg(0).plus(Expr.param("a"))), List.of(x), List.of(x), names, 0)),
                10, 20, 30);
        assertArrayEquals(new double[] {40, 70, 100}, rig.actual(x.slot()));
    }

    @Test
    void extremesAndTheirPlaces() {
        Random random = new Random(6);
        Kernel[] kernels = {Kernel.MAX, Kernel.MIN, Kernel.ARGMAX, Kernel.ARGMIN};
        for (int i = 0; i < ROUNDS; i++) {
            Rig rig = new Rig(device);
            int[] shape = shape(random, 1 + random.nextInt(3), i % 10 == 0 ? 60 : 8);
            int last = shape.length - 1;
            shape[last] = Math.max(1, shape[last]);
            DType type = i % 5 == 0 ? DType.INT64 : DType.FLOAT32;
            Operand in = strided(rig, random, type, shape, false);
            if (type == DType.FLOAT32 && i % 3 == 0) {
                double[] values = numbers(random, type, 1 + random.nextInt(200));
                for (int k = 0; k < values.length; k++) {
                    values[k] = random.nextInt(9) == 0 ? Double.NaN : Math.rint(values[k]);
                }
                in = rig.contiguous(rig.slot(type, values), values.length);
            }
            Kernel kernel = kernels[i % 4];
            int[] rows = Arrays.copyOf(in.shape(), in.shape().length - 1);
            Operand out = strided(rig, random, i % 4 >= 2 ? DType.INT64 : type, rows, false);
            rig.run(kernel, out, in);
            assertSame(rig, out, i + ": " + kernel + text(out, in));
            rig.free();
        }
    }

    @Test
    void extremesOfWindows() {
        Random random = new Random(12);
        Kernel[] kernels = {Kernel.MAX, Kernel.MIN, Kernel.ARGMAX, Kernel.ARGMIN};
        for (int i = 0; i < ROUNDS; i++) {
            Rig rig = new Rig(device);
            RandomWindows w = RandomWindows.of(random);
            DType type = i % 5 == 0 ? DType.INT64 : DType.FLOAT32;
            double[] values = numbers(random, type, w.size());
            for (int k = 0; k < values.length && type == DType.FLOAT32; k++) {
                values[k] = random.nextInt(9) == 0 ? Double.NaN : Math.rint(values[k]);
            }
            int[] shape = RandomWindows.inside(w.shape());
            Operand in = rig.operand(rig.slot(type, values), shape, RandomWindows.inside(w.strides()), 0);
            Operand out = strided(rig, random, i % 4 >= 2 ? DType.INT64 : type, Arrays.copyOf(shape, 4), false);
            rig.run(kernels[i % 4], out, in);
            assertSame(rig, out, i + ": " + kernels[i % 4] + text(out, in));
            rig.free();
        }
    }

    @Test
    void softmaxesAndTheirGradients() {
        Random random = new Random(9);
        Kernel[] kernels = {Kernel.SOFTMAX, Kernel.LOG_SOFTMAX, Kernel.SOFTMAX_BACKWARD, Kernel.LOG_SOFTMAX_BACKWARD};
        for (int i = 0; i < ROUNDS; i++) {
            Rig rig = new Rig(device);
            int[] shape = shape(random, random.nextInt(4), i % 10 == 0 ? 70 : 8);
            Operand in = strided(rig, random, DType.FLOAT32, shape, true);
            Operand result = strided(rig, random, DType.FLOAT32, shape, true);
            Operand out = strided(rig, random, DType.FLOAT32, shape, false);
            Kernel kernel = kernels[i % 4];
            if (i % 4 < 2) {
                rig.run(kernel, out, in);
            } else {
                rig.run(kernel, out, in, result);
            }
            double[] scale = rig.expected(out.slot());
            double largest = 1;
            for (double value : scale) {
                largest = Math.max(largest, Math.abs(value));
            }
            Arrays.fill(scale, largest);
            assertClose(rig, out, scale, 2e-6, i + ": " + kernel + " " + text(out, in, result));
            rig.free();
        }
    }

    @Test
    void imagesOfWindows() {
        Random random = new Random(13);
        for (int i = 0; i < ROUNDS; i++) {
            Rig rig = new Rig(device);
            RandomWindows w = RandomWindows.of(random);
            Operand in = strided(rig, random, DType.FLOAT32, w.shape(), true);
            int offset = random.nextInt(3);
            Operand out = rig.operand(rig.slot(DType.FLOAT32, numbers(random, DType.FLOAT32, w.size() + 5)), w.shape(),
                    w.strides(), offset);
            rig.run(Kernel.FOLD, out, in);
            double[] scale = new double[w.size() + 5];
            Arrays.fill(scale, 16);
            assertClose(rig, out, scale, 5e-7, i + ": " + text(out, in));
            rig.free();
        }
    }

    @Test
    void softmaxesOfWhatIsNoNumber() {
        float top = Float.POSITIVE_INFINITY;
        for (double[] row : new double[][] {{1, -top, 2}, {1, top, 2, 3}, {-top, -top}, {1, 2, 3, 4, Double.NaN},
            {88, 90, -200}, {-1e30, 3e38, 1}}) {
            for (Kernel kernel : new Kernel[] {Kernel.SOFTMAX, Kernel.LOG_SOFTMAX}) {
                Rig rig = new Rig(device);
                Operand in = rig.contiguous(rig.slot(DType.FLOAT32, row), row.length);
                Operand out = rig.contiguous(rig.slot(DType.FLOAT32, new double[row.length]), row.length);
                rig.run(kernel, out, in);
                double[] scale = new double[row.length];
                Arrays.fill(scale, 1);
                assertClose(rig, out, scale, 1e-6, kernel + " of " + Arrays.toString(row));
                rig.free();
            }
        }
    }

    @Test
    void runningSums() {
        Random random = new Random(7);
        for (int i = 0; i < ROUNDS / 4; i++) {
            Rig rig = new Rig(device);
            int[] shape = shape(random, random.nextInt(4), 8);
            DType type = i % 4 == 0 ? DType.BOOL : DType.FLOAT32;
            Operand in = strided(rig, random, type, shape, true);
            Operand out = strided(rig, random, type == DType.BOOL ? DType.INT64 : DType.FLOAT32, shape, false);
            rig.run(Kernel.CUMSUM, out, in);
            assertSame(rig, out, i + ": " + text(out, in));
            rig.free();
        }
    }

    @Test
    void picksAndPuts() {
        Random random = new Random(8);
        for (int i = 0; i < ROUNDS / 2; i++) {
            Rig rig = new Rig(device);
            int size = 1 + random.nextInt(40);
            int[] shape = shape(random, 1 + random.nextInt(3), 7);
            Operand flat = rig.contiguous(rig.slot(DType.FLOAT32, numbers(random, DType.FLOAT32, size)), size);
            Operand values = strided(rig, random, DType.FLOAT32, shape, false);
            double[] places = new double[View.numel(shape)];
            for (int k = 0; k < places.length; k++) {
                places[k] = random.nextInt(size);
            }
            Operand at = rig.contiguous(rig.slot(DType.INT64, places), shape);
            switch (i % 3) {
                case 0 -> {
                    rig.run(Kernel.GATHER, values, flat, at);
                    assertSame(rig, values, "gather " + text(values, flat));
                }
                case 1 -> {
                    rig.run(Kernel.SCATTER_ADD, flat, values, at);
                    double[] scale = new double[size];
                    Arrays.fill(scale, 1);
                    assertClose(rig, flat, scale, 1e-6, "scatter_add " + text(values, flat));
                }
                default -> {
                    int count = Math.min(places.length, size);
                    Operand few = rig.contiguous(rig.slot(DType.INT64, distinct(random, size, count)), count);
                    Operand fresh = rig.contiguous(rig.slot(DType.FLOAT32, numbers(random, DType.FLOAT32, count)),
                            count);
                    rig.run(Kernel.SCATTER, flat, fresh, few);
                    assertSame(rig, flat, "scatter " + text(flat));
                }
            }
            rig.free();
        }
    }

    private static double[] distinct(Random random, int size, int count) {
        List<Integer> all = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            all.add(i);
        }
        Collections.shuffle(all, random);
        return all.subList(0, count).stream().mapToDouble(Integer::doubleValue).toArray();
    }
}

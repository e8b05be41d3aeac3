package dev.backstep.server.cuda;

import dev.backstep.engine.backend.Bernoulli;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.Kernel;
import dev.backstep.engine.backend.MersenneTwister;
import dev.backstep.engine.backend.View;
import dev.backstep.engine.backend.device.CpuDevice;
import dev.backstep.engine.backend.device.Device;
import dev.backstep.engine.backend.device.Device.Slot;
import dev.backstep.engine.backend.device.Executable;
import dev.backstep.engine.backend.device.Memory;
import dev.backstep.engine.backend.device.Operand;
import dev.backstep.engine.backend.device.Work;
import dev.backstep.engine.expr.Expr;
import dev.backstep.engine.expr.Fn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** A work of random shapes, layouts and numbers, done on a device and by the CPU. */
final class RandomWorks {
    private static final double[] NUMBERS = {7, 1.25};

    private final Random random;
    private final List<Slot> slots = new ArrayList<>();
    private final List<Object> contents = new ArrayList<>();
    /** How far results may be from the CPU's, relative to the largest. */
    private double tolerance;

    private RandomWorks(long seed) {
        random = new Random(seed);
    }

    /** How the results of one random work differ from the CPU's, or null. */
    static String difference(Device device, long seed) {
        RandomWorks works = new RandomWorks(seed);
        Work work = works.work(seed);
        Object[] expected = works.run(new CpuDevice(), work);
        Object[] actual = works.run(device, work);
        for (int i = 0; i < actual.length; i++) {
            String difference = works.difference(expected[i], actual[i]);
            if (difference != null) {
                return "work " + seed + ", " + words(work) + ": " + difference;
            }
        }
        return null;
    }

    private static String words(Work work) {
        StringBuilder words = new StringBuilder(work instanceof Work.Run run ? run.kernel().name()
                : ((Work.Pointwise) work).formulas().toString());
        Stream.concat(work.outs().stream(), work.ins().stream()).forEach(operand -> words.append(' ')
                .append(operand.type()).append(Arrays.toString(operand.shape())).append(" by ")
                .append(Arrays.toString(operand.strides())).append(" from ").append(operand.offset()));
        return words.toString();
    }

    private Work work(long seed) {
        return switch ((int) (seed % 10)) {
            case 0, 1 -> product();
            case 2 -> sum();
            case 3 -> extreme();
            case 4 -> running();
            case 5 -> places();
            case 6 -> random.nextBoolean() ? words() : masks();
            case 7 -> windows();
            case 8 -> softmax();
            default -> broadcast();
        };
    }

    // Operands

    private int extent() {
        return random.nextInt(4) == 0 ? 1 + random.nextInt(3) : random.nextInt(3) == 0 ? 4 * (1 + random.nextInt(12))
                : 1 + random.nextInt(50);
    }

    /** Up to four dimensions, a few thousand elements. */
    private int[] shape() {
        int[] shape = new int[1 + random.nextInt(4)];
        for (int d = 0; d < shape.length; d++) {
            shape[d] = shape.length < 3 ? extent() * (1 + random.nextInt(8)) : 1 + random.nextInt(12);
        }
        return shape;
    }

    /** Numbers in memory of their own: transposed, with gaps, or not from the first element on. */
    private Operand laid(DType type, int... shape) {
        int rank = shape.length;
        int[] strides = new int[rank];
        List<Integer> order = new ArrayList<>();
        for (int d = 0; d < rank; d++) {
            order.add(random.nextInt(2) == 0 ? order.size() : random.nextInt(d + 1), d);
        }
        int size = 1;
        for (int d = rank - 1; d >= 0; d--) {
            strides[order.get(d)] = size;
            size *= shape[order.get(d)];
            size += random.nextInt(4) == 0 ? random.nextInt(5) : 0;
        }
        int offset = random.nextInt(3) == 0 ? random.nextInt(9) : 0;
        return in(values(type, offset + size, 3), type, shape, strides, offset);
    }

    private Object values(DType type, int size, int below) {
        if (type == DType.FLOAT32) {
            float[] values = new float[size];
            for (int i = 0; i < size; i++) {
                values[i] = (float) random.nextGaussian();
            }
            return values;
        }
        return random.ints(size, 0, below).toArray();
    }

    private Operand in(Object values, DType type, int[] shape, int[] strides, int offset) {
        contents.add(values);
        slots.add(new Slot(type, values instanceof float[] floats ? floats.length : ((int[]) values).length));
        return new Operand(slots.size() - 1, type, shape, strides, offset);
    }

    private Operand out(DType type, int... shape) {
        contents.add(null);
        slots.add(new Slot(type, View.numel(shape)));
        return new Operand(slots.size() - 1, type, shape, View.rowMajor(shape), 0);
    }

    private static Work run(Kernel kernel, Operand out, Operand... in) {
        return new Work.Run(kernel, List.of(out), List.of(in));
    }

    // Works

    private Work product() {
        int b = random.nextInt(3) == 0 ? 1 + random.nextInt(4) : 1;
        int m = extent();
        int n = extent();
        int k = random.nextInt(8) == 0 ? 300 + random.nextInt(300) : extent();
        tolerance = 1e-5;
        DType type = random.nextInt(6) == 0 ? DType.INT64 : DType.FLOAT32;
        return run(Kernel.MATMUL, out(type, b, m, n), laid(type, b, m, k), laid(type, b, k, n));
    }

    private Work sum() {
        Operand in = laid(random.nextInt(5) == 0 ? DType.INT64 : DType.FLOAT32, shape());
        int folded = random.nextInt(1 << in.shape().length);
        int[] strides = new int[in.shape().length];
        int size = 1;
        for (int d = strides.length - 1; d >= 0; d--) {
            if ((folded >> d & 1) == 0) {
                strides[d] = size;
                size *= in.shape()[d];
            }
        }
        Operand out = out(DType.FLOAT32, size);
        tolerance = 1e-6;
        return run(Kernel.SUM, new Operand(out.slot(), out.type(), in.shape(), strides, 0), in);
    }

    private Work extreme() {
        Operand in = laid(random.nextInt(3) == 0 ? DType.INT64 : DType.FLOAT32, shape());
        Kernel kernel = List.of(Kernel.MAX, Kernel.MIN, Kernel.ARGMAX, Kernel.ARGMIN).get(random.nextInt(4));
        int[] left = new int[in.shape().length - 1];
        System.arraycopy(in.shape(), 0, left, 0, left.length);
        boolean place = kernel == Kernel.ARGMAX || kernel == Kernel.ARGMIN;
        if (contents.get(in.slot()) instanceof float[] values && random.nextBoolean()) {
            values[random.nextInt(values.length)] = Float.NaN;
        }
        return run(kernel, out(place ? DType.INT64 : in.type(), left), in);
    }

    private Work running() {
        Operand in = laid(DType.FLOAT32, shape());
        tolerance = 1e-6;
        return run(Kernel.CUMSUM, out(DType.FLOAT32, in.shape()), in);
    }

    /** A product with what windows see, or with that turned, their sum, or the largest of each. */
    private Work windows() {
        int[] window = {1 + random.nextInt(4), 1 + random.nextInt(4)};
        int[] places = {1 + random.nextInt(9), 1 + random.nextInt(9)};
        int[] dilation = {1 + random.nextInt(2), 1 + random.nextInt(2)};
        int[] stride = {1 + random.nextInt(3), 1 + random.nextInt(3)};
        int[] extent = new int[2];
        for (int d = 0; d < 2; d++) {
            extent[d] = (window[d] - 1) * dilation[d] + (places[d] - 1) * stride[d] + 1 + random.nextInt(2);
        }
        int images = 1 + random.nextInt(3);
        int channels = 1 + random.nextInt(4);
        int plane = extent[0] * extent[1];
        int seen = channels * window[0] * window[1];
        int there = places[0] * places[1];
        tolerance = 1e-5;
        return switch (random.nextInt(4)) {
            case 0 -> {
                int[] shape = {images, channels, window[0], window[1], places[0], places[1]};
                Operand out = out(DType.FLOAT32, images * channels * plane);
                yield run(Kernel.FOLD, new Operand(out.slot(), out.type(), shape, new int[] {channels * plane, plane,
                    dilation[0] * extent[1], dilation[1], stride[0] * extent[1], stride[1]}, 0),
                        laid(DType.FLOAT32, shape));
            }
            case 1 -> {
                boolean place = random.nextBoolean();
                yield run(place ? Kernel.ARGMAX : Kernel.MAX,
                        out(place ? DType.INT64 : DType.FLOAT32, images, channels, places[0], places[1]),
                        in(values(DType.FLOAT32, images * channels * plane, 0), DType.FLOAT32,
                                new int[] {images, channels, places[0], places[1], window[0], window[1]},
                                new int[] {channels * plane, plane, stride[0] * extent[1], stride[1],
                                    dilation[0] * extent[1], dilation[1]}, 0));
            }
            case 2 -> {
                int rows = extent();
                yield run(Kernel.MATMUL, out(DType.FLOAT32, images, rows, there),
                        laid(DType.FLOAT32, images, rows, seen), in(values(DType.FLOAT32, images * channels * plane, 0),
                                DType.FLOAT32, new int[] {images, channels, window[0], window[1], places[0], places[1]},
                                new int[] {channels * plane, plane, dilation[0] * extent[1], dilation[1],
                                    stride[0] * extent[1], stride[1]}, 0));
            }
            default -> {
                int rows = extent();
                yield run(Kernel.MATMUL, out(DType.FLOAT32, images, rows, seen),
                        laid(DType.FLOAT32, images, rows, there), in(values(DType.FLOAT32, images * channels * plane,
                                0), DType.FLOAT32, new int[] {images, places[0], places[1], channels, window[0],
                                    window[1]}, new int[] {channels * plane, stride[0] * extent[1], stride[1], plane,
                                        dilation[0] * extent[1], dilation[1]}, 0));
            }
        };
    }

    private Work softmax() {
        Operand in = laid(DType.FLOAT32, shape());
        Operand out = out(DType.FLOAT32, in.shape());
        Kernel kernel = List.of(Kernel.SOFTMAX, Kernel.LOG_SOFTMAX, Kernel.SOFTMAX_BACKWARD,
                Kernel.LOG_SOFTMAX_BACKWARD).get(random.nextInt(4));
        tolerance = 1e-6;
        return kernel == Kernel.SOFTMAX || kernel == Kernel.LOG_SOFTMAX ? run(kernel, out, in)
                : run(kernel, out, in, laid(DType.FLOAT32, in.shape()));
    }

    private Work places() {
        int many = 1 + random.nextInt(600);
        int[] shape = shape();
        Operand table = in(values(DType.FLOAT32, many, 0), DType.FLOAT32, new int[] {many}, new int[] {1}, 0);
        int count = View.numel(shape);
        Operand places = in(values(DType.INT64, count, many), DType.INT64, shape, View.rowMajor(shape), 0);
        tolerance = 1e-6;
        return random.nextBoolean() ? run(Kernel.GATHER, out(DType.FLOAT32, shape), table, places)
                : run(Kernel.SCATTER_ADD, out(DType.FLOAT32, many), laid(DType.FLOAT32, shape), places);
    }

    private Work words() {
        Operand first = words(MersenneTwister.SIZE);
        return run(Kernel.TWIST, out(DType.INT64, 1 + random.nextInt(4000)), first);
    }

    private Work masks() {
        int count = 1 + random.nextInt(2000);
        Operand below = in(new int[] {1 << 20, random.nextInt()}, DType.INT64, new int[] {2}, new int[] {1}, 0);
        return run(Kernel.BERNOULLI, out(DType.FLOAT32, count), words(Bernoulli.WORDS * count), below);
    }

    /** Whole numbers of all 32 bits. */
    private Operand words(int count) {
        int from = random.nextInt(9);
        return in(random.ints(from + count).toArray(), DType.INT64, new int[] {count}, new int[] {1}, from);
    }

    private Work broadcast() {
        int[] shape = shape();
        Operand[] in = new Operand[3];
        for (int i = 0; i < 3; i++) {
            Operand whole = laid(i == 2 && random.nextBoolean() ? DType.BOOL : DType.FLOAT32, shape);
            int[] strides = whole.strides().clone();
            for (int d = 0; d < strides.length; d++) {
                strides[d] = random.nextInt(4) == 0 ? 0 : strides[d];
            }
            in[i] = new Operand(whole.slot(), whole.type(), shape, strides, whole.offset());
        }
        Expr sum = Expr.arg(0).plus(Expr.arg(1).times(Expr.param("s")));
        Fn fn = Fn.values()[random.nextInt(Fn.values().length)];
        List<Expr> arguments = List.of(sum, Expr.arg(2), Expr.arg(0)).subList(0, fn.arity());
        tolerance = 2e-5;
        boolean whole = fn == Fn.TAN || fn == Fn.POW || fn == Fn.DIV || fn == Fn.RSQRT || fn == Fn.LOG;
        return new Work.Pointwise(List.of(sum, whole ? sum.times(Expr.arg(2)) : new Expr.Call(fn, arguments)),
                List.of(out(DType.FLOAT32, shape), out(fn.isTruth() ? DType.BOOL : DType.FLOAT32, shape)), List.of(in),
                List.of("s"), 1);
    }

    // Running

    private Object[] run(Device device, Work work) {
        Memory[] memories = new Memory[slots.size()];
        for (int i = 0; i < memories.length; i++) {
            memories[i] = device.allocate(slots.get(i).type(), slots.get(i).size());
            if (contents.get(i) instanceof float[] floats) {
                device.write(memories[i], floats);
            } else if (contents.get(i) instanceof int[] ints) {
                device.write(memories[i], truths(slots.get(i).type(), ints));
            }
        }
        // Twice the same: the second run may go another way than the first.
        Executable executable = device.prepare(List.of(work, work, work), slots);
        for (int i = 0; i < 3; i++) {
            executable.run(memories, NUMBERS);
        }
        executable.close();
        Object[] results = new Object[work.outs().size()];
        for (int i = 0; i < results.length; i++) {
            Memory out = memories[work.outs().get(i).slot()];
            if (out.type() == DType.FLOAT32) {
                float[] values = new float[out.size()];
                device.read(out, values);
                results[i] = values;
            } else {
                int[] values = new int[out.size()];
                device.read(out, values);
                results[i] = values;
            }
        }
        for (Memory memory : memories) {
            device.free(memory);
        }
        return results;
    }

    private static int[] truths(DType type, int[] values) {
        int[] truths = values.clone();
        for (int i = 0; i < truths.length && type == DType.BOOL; i++) {
            truths[i] = Math.min(1, truths[i]);
        }
        return truths;
    }

    private String difference(Object expected, Object actual) {
        if (expected instanceof int[] want) {
            int at = Arrays.mismatch(want, (int[]) actual);
            return at < 0 ? null : "number " + at + " is " + ((int[]) actual)[at] + " instead of " + want[at];
        }
        float[] want = (float[]) expected;
        float[] have = (float[]) actual;
        float largest = 1;
        for (float value : want) {
            largest = Float.isFinite(value) ? Math.max(largest, Math.abs(value)) : largest;
        }
        for (int i = 0; i < want.length; i++) {
            boolean same = want[i] == have[i] || Float.isNaN(want[i]) && Float.isNaN(have[i])
                    || Math.abs(want[i] - have[i]) <= tolerance * largest;
            if (!same) {
                return "number " + i + " is " + have[i] + " instead of " + want[i];
            }
        }
        return null;
    }
}

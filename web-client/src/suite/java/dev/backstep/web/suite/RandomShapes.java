package dev.backstep.web.suite;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.Kernel;
import dev.backstep.engine.backend.device.Device;
import dev.backstep.engine.backend.device.Operand;
import dev.backstep.engine.backend.device.Work;
import dev.backstep.engine.expr.Expr;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;

/** 1,000 random shapes, layouts and views: products, sums, softmaxes, windows, formulas with broadcasting. */
final class RandomShapes {
    static final int PARTS = 25;
    private static final int EACH = 40;

    private RandomShapes() {}

    static List<Trial> start(Device device, int part) {
        List<Trial> trials = new ArrayList<>();
        for (int i = 0; i < EACH; i++) {
            Random random = new Random(part * 1000 + i);
            trials.add(switch (i % 5) {
                case 0 -> product(device, random);
                case 1 -> sum(device, random);
                case 2 -> windows(device, random);
                case 3 -> softmax(device, random);
                default -> broadcast(device, random);
            });
        }
        return trials;
    }

    private static int extent(Random random) {
        return random.nextInt(4) == 0 ? 1 + random.nextInt(3) : random.nextInt(3) == 0 ? 4 * (1 + random.nextInt(12))
                : 1 + random.nextInt(50);
    }

    /** Numbers of that shape in memory of their own: transposed, with gaps, or not from the first element on. */
    private static Operand laid(Trial t, Random random, int... shape) {
        return laid(t, random, x -> x, shape);
    }

    /** @param made what becomes of each number */
    private static Operand laid(Trial t, Random random, DoubleUnaryOperator made, int... shape) {
        int rank = shape.length;
        int[] strides = new int[rank];
        int[] order = new int[rank];
        for (int d = 0; d < rank; d++) {
            order[d] = d;
        }
        for (int d = rank - 1; d > 0; d--) {
            int other = random.nextInt(2) == 0 ? d : random.nextInt(d + 1);
            int swapped = order[d];
            order[d] = order[other];
            order[other] = swapped;
        }
        int size = 1;
        for (int d = rank - 1; d >= 0; d--) {
            strides[order[d]] = size;
            size *= shape[order[d]];
            size += random.nextInt(4) == 0 ? random.nextInt(5) : 0;
        }
        int offset = random.nextInt(3) == 0 ? random.nextInt(9) : 0;
        double[] numbers = GpuChecks.numbers(random.nextInt(), offset + size, false);
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = DType.FLOAT32.round(made.applyAsDouble(numbers[i]));
        }
        return t.in(DType.FLOAT32, numbers, shape, strides, offset);
    }

    private static Trial product(Device device, Random random) {
        int b = random.nextInt(3) == 0 ? 1 + random.nextInt(4) : 1;
        int m = extent(random);
        int n = extent(random);
        int k = random.nextInt(8) == 0 ? 300 + random.nextInt(300) : extent(random);
        Trial t = new Trial();
        Operand left = laid(t, random, b, m, k);
        Operand right = laid(t, random, b, k, n);
        return t.besideSize(1e-6).start(device, Kernel.MATMUL, t.out(DType.FLOAT32, b, m, n), left, right);
    }

    /** A product with what windows see, or with that turned, their sum, or the largest of each. */
    private static Trial windows(Device device, Random random) {
        RandomWindows w = RandomWindows.of(random);
        Trial t = new Trial();
        int kind = random.nextInt(5);
        if (kind == 0) {
            Operand columns = laid(t, random, w.shape());
            Operand out = t.out(DType.FLOAT32, w.size());
            return t.besideSize(2e-6).start(device, Kernel.FOLD,
                    new Operand(out.slot(), out.type(), w.shape(), w.strides(), 0), columns);
        }
        double[] images = GpuChecks.numbers(random.nextInt(), w.size(), kind == 1);
        if (kind == 1) {
            boolean place = random.nextBoolean();
            int[] shape = RandomWindows.inside(w.shape());
            Operand in = t.in(DType.FLOAT32, images, shape, RandomWindows.inside(w.strides()), 0);
            return t.start(device, place ? Kernel.ARGMAX : Kernel.MAX,
                    t.out(place ? DType.INT64 : DType.FLOAT32, shape[0], shape[1], shape[2], shape[3]), in);
        }
        boolean turned = kind == 2;
        int n = w.shape()[0];
        // So many rows that some are made in blocks.
        int m = random.nextInt(4) == 0 ? 130 + random.nextInt(300) : extent(random);
        Operand left = laid(t, random, n, m, turned ? w.places() : w.seen());
        Operand right = t.in(DType.FLOAT32, images, turned ? RandomWindows.turned(w.shape()) : w.shape(),
                turned ? RandomWindows.turned(w.strides()) : w.strides(), 0);
        return t.besideSize(1e-6).start(device, Kernel.MATMUL,
                t.out(DType.FLOAT32, n, m, turned ? w.seen() : w.places()), left, right);
    }

    private static Trial sum(Device device, Random random) {
        int[] shape = new int[1 + random.nextInt(4)];
        for (int d = 0; d < shape.length; d++) {
            shape[d] = shape.length < 3 ? extent(random) * (1 + random.nextInt(20)) : 1 + random.nextInt(12);
        }
        Trial t = new Trial();
        return folded(device, t, Kernel.SUM, laid(t, random, shape), random.nextInt(1 << shape.length));
    }

    private static Trial softmax(Device device, Random random) {
        int[] shape = new int[1 + random.nextInt(3)];
        for (int d = 0; d < shape.length; d++) {
            shape[d] = extent(random);
        }
        int length = shape[shape.length - 1] *= random.nextInt(6) == 0 ? 1 + random.nextInt(60) : 1;
        Trial t = new Trial();
        Operand out = t.out(DType.FLOAT32, shape);
        Operand in = laid(t, random, shape);
        return switch (random.nextInt(4)) {
            case 0 -> t.within(3e-6, 1e-7).start(device, Kernel.SOFTMAX, out, in);
            case 1 -> t.within(2e-6, 2e-6).start(device, Kernel.LOG_SOFTMAX, out, in);
            case 2 -> t.within(2e-6, 2e-6).start(device, Kernel.SOFTMAX_BACKWARD, out, in,
                    laid(t, random, x -> Math.abs(x) / length, shape));
            default -> t.within(2e-6, 2e-5).start(device, Kernel.LOG_SOFTMAX_BACKWARD, out, in,
                    laid(t, random, x -> -3 * Math.abs(x), shape));
        };
    }

    private static Trial broadcast(Device device, Random random) {
        int[] shape = new int[random.nextInt(5)];
        for (int d = 0; d < shape.length; d++) {
            shape[d] = shape.length < 3 ? extent(random) : 1 + random.nextInt(9);
        }
        Trial t = new Trial();
        Operand[] in = new Operand[3];
        for (int i = 0; i < 3; i++) {
            Operand whole = laid(t, random, shape);
            int[] strides = whole.strides().clone();
            for (int d = 0; d < strides.length; d++) {
                strides[d] = random.nextInt(4) == 0 ? 0 : strides[d];
            }
            in[i] = new Operand(whole.slot(), whole.type(), shape, strides, whole.offset());
        }
        Expr sum = Expr.arg(0).plus(Expr.arg(1).times(Expr.param("s")));
        return t.besideSize(1e-6).start(device, new Work.Pointwise(List.of(sum, sum.times(Expr.arg(2))),
                List.of(t.out(DType.FLOAT32, shape), t.out(DType.FLOAT32, shape)), List.of(in), List.of("s"), 1),
                new double[] {7, 1.25});
    }

    /** @param folded the dimensions that are summed, a bit each */
    static Trial folded(Device device, Trial t, Kernel kernel, Operand in, int folded) {
        int[] shape = in.shape();
        int[] strides = new int[shape.length];
        int size = 1;
        for (int d = shape.length - 1; d >= 0; d--) {
            if ((folded >> d & 1) == 0) {
                strides[d] = size;
                size *= shape[d];
            }
        }
        Operand out = t.out(DType.FLOAT32, size);
        return t.besideSize(kernel == Kernel.SUM ? 1e-6 : 2e-5).start(device, kernel,
                new Operand(out.slot(), out.type(), shape, strides, 0), in);
    }
}

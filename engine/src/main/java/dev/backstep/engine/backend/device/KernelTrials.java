package dev.backstep.engine.backend.device;

import dev.backstep.engine.backend.Bernoulli;
import dev.backstep.engine.backend.Buffer;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.Kernel;
import dev.backstep.engine.backend.MersenneTwister;
import dev.backstep.engine.backend.View;
import dev.backstep.engine.backend.cpu.CpuBackend;
import dev.backstep.engine.backend.cpu.HostMemory;
import java.util.ArrayList;
import java.util.List;

/** Calls of every kernel with odd shapes, strides, NaN, infinities and no elements, and what the CPU makes of them. */
final class KernelTrials {
    private static final CpuBackend CPU = new CpuBackend();

    private KernelTrials() {
    }

    /** A view of numbers. */
    record Input(Buffer memory, int[] shape, int[] strides, int offset) {
        /** The first of a batch of one so many times. */
        Input expanded(int batches) {
            return new Input(memory, new int[] {batches, shape[1], shape[2]}, new int[] {0, strides[1], strides[2]},
                    offset);
        }
    }

    /** One call: its output has memory of its own. */
    record Trial(Kernel kernel, List<Input> inputs, DType type, int[] shape, int[] strides, float[] expected) {
        boolean isRight(float[] numbers, int at) {
            for (int i = 0; i < expected.length; i++) {
                if (!Tolerance.agrees(numbers[at + i], expected[i], Tolerance.ulps(kernel))) {
                    return false;
                }
            }
            return true;
        }
    }

    static List<Trial> all() {
        List<Trial> trials = new ArrayList<>();
        for (Kernel kernel : Kernel.values()) {
            switch (kernel) {
                case COPY -> {
                    trials.add(dense(kernel, DType.FLOAT32, shape(5, 7, 3), transposed(floats(105, true), 3, 7, 5)));
                    trials.add(dense(kernel, DType.BOOL, shape(105), plain(floats(105, true), 105)));
                    trials.add(dense(kernel, DType.FLOAT32, shape(33), plain(ints(33, 50), 33)));
                    trials.add(dense(kernel, DType.FLOAT32, shape(0, 3), new Input(floats(3, false), shape(0, 3),
                            shape(3, 1), 0)));
                }
                case SUM, PROD -> {
                    boolean sum = kernel == Kernel.SUM;
                    Buffer few = floats(7 * 13 * 5, false);
                    trials.add(reduced(kernel, shape(7, 1, 5), shape(5, 0, 1), plain(few, 7, 13, 5)));
                    trials.add(reduced(kernel, shape(7, 13, 1), shape(13, 1, 0), plain(few, 7, 13, 5)));
                    int many = sum ? 4099 : 61;
                    trials.add(reduced(kernel, shape(1), shape(0), plain(floats(many, false), many)));
                    trials.add(reduced(kernel, shape(1), shape(0), plain(floats(40, true), 40)));
                    trials.add(reduced(kernel, shape(1), shape(0), new Input(floats(1, false), shape(0), shape(1), 0)));
                }
                case FOLD -> {
                    // Windows of 3 x 2, further apart across than down; of those of 2 x 2 no two meet.
                    trials.add(folded(shape(2, 3, 3, 2, 5, 4), shape(189, 63, 9, 2, 9, 2), 2 * 189));
                    trials.add(folded(shape(1, 2, 2, 2, 3, 2), shape(70, 35, 5, 1, 10, 2), 70));
                    trials.add(folded(shape(1, 1, 3, 1, 2, 9), shape(81, 81, 18, 1, 27, 1), 81));
                    trials.add(folded(shape(1, 1, 2, 3, 2, 3), shape(25, 25, 10, 1, 10, 1), 25));
                }
                case MAX, MIN, ARGMAX, ARGMIN -> {
                    DType type = kernel == Kernel.MAX || kernel == Kernel.MIN ? DType.FLOAT32 : DType.INT64;
                    trials.add(dense(kernel, type, shape(9), plain(floats(9 * 37, true), 9, 37)));
                    trials.add(dense(kernel, type, shape(37), transposed(floats(9 * 37, false), 9, 37)));
                    trials.add(dense(kernel, type, shape(1), plain(floats(1001, false), 1, 1001)));
                    trials.add(dense(kernel, type, shape(3, 4), new Input(floats(81, true), shape(3, 4, 3, 2),
                            shape(18, 2, 9, 1), 0)));
                }
                case CUMSUM -> {
                    trials.add(dense(kernel, DType.FLOAT32, shape(5, 67), plain(floats(5 * 67, false), 5, 67)));
                    trials.add(dense(kernel, DType.FLOAT32, shape(67, 5), transposed(floats(5 * 67, true), 5, 67)));
                }
                case SOFTMAX, LOG_SOFTMAX -> {
                    trials.add(dense(kernel, DType.FLOAT32, shape(9, 37), plain(floats(9 * 37, false), 9, 37)));
                    trials.add(dense(kernel, DType.FLOAT32, shape(9, 37), plain(floats(9 * 37, true), 9, 37)));
                    trials.add(dense(kernel, DType.FLOAT32, shape(67, 5), transposed(floats(5 * 67, false), 5, 67)));
                    trials.add(dense(kernel, DType.FLOAT32, shape(1, 4099), plain(floats(4099, false), 1, 4099)));
                    trials.add(dense(kernel, DType.FLOAT32, shape(3, 0), new Input(floats(1, false), shape(3, 0),
                            shape(1, 1), 0)));
                }
                case SOFTMAX_BACKWARD, LOG_SOFTMAX_BACKWARD -> {
                    trials.add(dense(kernel, DType.FLOAT32, shape(9, 37), plain(floats(9 * 37, false), 9, 37),
                            plain(shares(kernel, 9 * 37), 9, 37)));
                    trials.add(dense(kernel, DType.FLOAT32, shape(67, 5), transposed(floats(5 * 67, true), 5, 67),
                            transposed(shares(kernel, 5 * 67), 5, 67)));
                    trials.add(dense(kernel, DType.FLOAT32, shape(1, 4099), plain(floats(4099, false), 1, 4099),
                            plain(shares(kernel, 4099), 1, 4099)));
                }
                case MATMUL -> {
                    trials.add(dense(kernel, DType.FLOAT32, shape(2, 7, 5), plain(floats(2 * 7 * 13, false), 2, 7, 13),
                            plain(floats(2 * 13 * 5, false), 2, 13, 5)));
                    trials.add(dense(kernel, DType.FLOAT32, shape(1, 33, 17),
                            batch(transposed(floats(33 * 65, false), 65, 33)),
                            plain(floats(65 * 17, true), 1, 65, 17)));
                    trials.add(dense(kernel, DType.FLOAT32, shape(1, 70, 66), plain(floats(70 * 40, false), 1, 70, 40),
                            batch(transposed(floats(40 * 66, false), 66, 40))));
                    trials.add(dense(kernel, DType.FLOAT32, shape(1, 2, 3), new Input(floats(1, false), shape(1, 2, 0),
                            shape(0, 0, 1), 0), new Input(floats(1, false), shape(1, 0, 3), shape(0, 3, 1), 0)));
                    // Windows of 3 x 2 over images of 9 x 8, every second one down, and the other way around.
                    Buffer images = floats(2 * 2 * 72, false);
                    trials.add(dense(kernel, DType.FLOAT32, shape(2, 9, 28), plain(floats(108, false), 1, 9, 12)
                            .expanded(2), new Input(images, shape(2, 2, 3, 2, 4, 7), shape(144, 72, 8, 1, 16, 1), 0)));
                    trials.add(dense(kernel, DType.FLOAT32, shape(2, 3, 12), plain(floats(168, false), 2, 3, 28),
                            new Input(images, shape(2, 4, 7, 2, 3, 2), shape(144, 16, 1, 72, 8, 1), 0)));
                }
                case GATHER -> trials.add(dense(kernel, DType.FLOAT32, shape(7, 11), plain(floats(50, true), 50),
                        plain(ints(77, 50), 7, 11)));
                case SCATTER_ADD -> trials.add(dense(kernel, DType.FLOAT32, shape(50), plain(floats(77, false), 7, 11),
                        plain(ints(77, 50), 7, 11)));
                case SCATTER -> trials.add(dense(kernel, DType.FLOAT32, shape(50), plain(floats(20, true), 20),
                        plain(ints(20, 50), 20)));
                case TWIST -> trials.add(dense(kernel, DType.INT64, shape(3001),
                        plain(words(MersenneTwister.SIZE), MersenneTwister.SIZE)));
                case BERNOULLI -> {
                    int count = 301;
                    int[] words = HostMemory.ints(words(Bernoulli.WORDS * count));
                    long half = Bernoulli.bits(MersenneTwister.temper(words[count - 1]),
                            MersenneTwister.temper(words[count]));
                    // The number in the middle is just not below, and just below.
                    for (long below : new long[] {Bernoulli.below(0.3), half, half + 1, Bernoulli.below(1)}) {
                        trials.add(dense(kernel, DType.FLOAT32, shape(count), plain(words(words.length), words.length),
                                plain(HostMemory.of(DType.INT64, new int[] {(int) (below >>> 32), (int) below}), 2)));
                    }
                }
            }
        }
        return trials;
    }

    private static int[] shape(int... extents) {
        return extents;
    }

    private static Trial dense(Kernel kernel, DType type, int[] shape, Input... in) {
        return trial(kernel, type, View.numel(shape), shape, View.rowMajor(shape), in);
    }

    /** A sum or product; {@code kept} is the shape of what is left of it. */
    private static Trial reduced(Kernel kernel, int[] kept, int[] strides, Input in) {
        return trial(kernel, DType.FLOAT32, View.numel(kept), in.shape(), strides, in);
    }

    /** Numbers that windows hold of images, in another order, summed. */
    private static Trial folded(int[] shape, int[] strides, int size) {
        int n = View.numel(shape);
        int[] turned = View.rowMajor(shape(shape[4], shape[5], shape[0], shape[1], shape[2], shape[3]));
        return trial(Kernel.FOLD, DType.FLOAT32, size, shape, strides, new Input(floats(n, false), shape,
                shape(turned[2], turned[3], turned[4], turned[5], turned[0], turned[1]), 0));
    }

    private static Trial trial(Kernel kernel, DType type, int size, int[] shape, int[] strides, Input... in) {
        Buffer out = CPU.allocate(type, size);
        View[] views = new View[in.length];
        for (int i = 0; i < in.length; i++) {
            views[i] = new View(in[i].memory(), in[i].shape(), in[i].strides(), in[i].offset());
        }
        CPU.run(kernel, new View(out, shape, strides, 0), views);
        float[] expected = new float[size];
        double[] numbers = size == 0 ? new double[0] : CPU.download(View.contiguous(out, new int[] {size}));
        for (int i = 0; i < size; i++) {
            expected[i] = (float) numbers[i];
        }
        return new Trial(kernel, List.of(in), type, shape, strides, expected);
    }

    private static Input plain(Buffer memory, int... shape) {
        return new Input(memory, shape, View.rowMajor(shape), 0);
    }

    /** Memory of that shape with its dimensions in reverse. */
    private static Input transposed(Buffer memory, int... shape) {
        int[] strides = View.rowMajor(shape);
        int[] turned = new int[shape.length];
        int[] turnedStrides = new int[shape.length];
        for (int i = 0; i < shape.length; i++) {
            turned[i] = shape[shape.length - 1 - i];
            turnedStrides[i] = strides[shape.length - 1 - i];
        }
        return new Input(memory, turned, turnedStrides, 0);
    }

    private static Input batch(Input in) {
        return new Input(in.memory(), shape(1, in.shape()[0], in.shape()[1]),
                shape(0, in.strides()[0], in.strides()[1]), in.offset());
    }

    /** Numbers around 1, and among them ones that are none. */
    private static Buffer floats(int count, boolean nasty) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = ((i * 37 + 11) % 101 - 50) / 40f;
        }
        if (nasty) {
            values[count / 2] = Float.NaN;
            values[count / 3] = Float.POSITIVE_INFINITY;
            values[count / 5] = Float.NEGATIVE_INFINITY;
            values[count / 7] = -0f;
        }
        return HostMemory.of(values);
    }

    /** The first words of a twister. */
    private static Buffer words(int count) {
        MersenneTwister twister = new MersenneTwister();
        twister.seed(5);
        int[] words = new int[count];
        for (int at = 0; at < count; at += MersenneTwister.SIZE) {
            System.arraycopy(twister.ahead(), 0, words, at, Math.min(MersenneTwister.SIZE, count - at));
            twister.skip(MersenneTwister.SIZE);
        }
        return HostMemory.of(DType.INT64, words);
    }

    /** Numbers as a softmax, or its logarithm, may have them. */
    private static Buffer shares(Kernel kernel, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            float share = ((i * 53 + 7) % 97 + 1) / 400f;
            values[i] = kernel == Kernel.SOFTMAX_BACKWARD ? share : -20 * share;
        }
        return HostMemory.of(values);
    }

    private static Buffer ints(int count, int below) {
        int[] values = new int[count];
        for (int i = 0; i < count; i++) {
            values[i] = (i * 29 + 3) % below;
        }
        return HostMemory.of(DType.INT64, values);
    }
}

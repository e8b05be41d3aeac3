package dev.backstep.engine.tensor;

import dev.backstep.engine.backend.Bernoulli;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.MersenneTwister;
import java.util.Arrays;

/**
 * PyTorch's random generator of the CPU: a Mersenne twister, and PyTorch's ways to make uniform, normal and integer
 * numbers of its 32 bits a draw. The same seed gives the numbers that a notebook shows.
 */
public final class Generator {
    private static final int N = MersenneTwister.SIZE;
    private static final int STATE = N + 2;

    private final MersenneTwister twister = new MersenneTwister();
    /** The second number of the last pair of normal numbers, not yet given out; NaN where there is none. */
    private double spareNormal = Double.NaN;

    /** A generator with PyTorch's default seed. */
    public Generator() {
        manualSeed(67280421310721L);
    }

    private Generator(Generator other) {
        set(other);
    }

    /** Starts anew from the lower 32 bits of a seed, as {@code torch.manual_seed} does. */
    public Generator manualSeed(long seed) {
        twister.seed((int) seed);
        spareNormal = Double.NaN;
        return this;
    }

    /** A generator that will give the same numbers as this one. */
    public Generator copy() {
        return new Generator(this);
    }

    /** Draws so many 32-bit numbers and forgets them. */
    public Generator skip(long count) {
        twister.skip(count);
        return this;
    }

    /** Makes up for numbers that were drawn elsewhere, so that none of its copies has to. */
    public void settle() {
        twister.settle();
    }

    /** From here on gives the same numbers as another. */
    public void set(Generator other) {
        twister.set(other.twister);
        spareNormal = other.spareNormal;
    }

    /** Where it stands, as int64: the words of its state, how many of them were given out, the spare normal's bits. */
    public Tensor state() {
        long[] all = new long[STATE];
        int[] words = twister.words();
        for (int i = 0; i < N; i++) {
            all[i] = words[i];
        }
        all[N] = twister.given();
        all[N + 1] = Double.doubleToRawLongBits(spareNormal);
        return Tensor.of(all, STATE);
    }

    /**
     * Goes on from what {@link #state()} gave.
     *
     * @throws IllegalArgumentException where it gives no such thing
     */
    public void setState(Tensor saved) {
        if (saved.dtype() != DType.INT64 || saved.dim() != 1 || saved.numel() != STATE) {
            throw new IllegalArgumentException("the state of a generator is " + STATE + " integers");
        }
        long[] all = saved.toLongs();
        if (all[N] < 0 || all[N] > N) {
            throw new IllegalArgumentException("a generator gives out " + N + " numbers at a time, not " + all[N]);
        }
        int[] words = new int[N];
        for (int i = 0; i < N; i++) {
            words[i] = (int) all[i];
        }
        twister.set(words, (int) all[N]);
        spareNormal = Double.longBitsToDouble(all[N + 1]);
    }

    /** 32 random bits. */
    int bits32() {
        return twister.next();
    }

    /** 64 random bits, the higher half drawn first. */
    private long bits64() {
        long high = bits32();
        return high << 32 | bits32() & 0xffffffffL;
    }

    /** A number of [0, 1) of that type: 24 bits for float32, 53 for float64. */
    private double uniform(DType type) {
        return type == DType.FLOAT64 ? (bits64() & 0x1fffffffffffffL) * 0x1p-53 : (bits32() & 0xffffff) * 0x1p-24;
    }

    /** One number of the standard normal distribution: Box and Muller's pair, the sine kept for the next call. */
    private double normal() {
        if (spareNormal == spareNormal) {
            double normal = spareNormal;
            spareNormal = Double.NaN;
            return normal;
        }
        double u1 = uniform(DType.FLOAT64);
        double u2 = uniform(DType.FLOAT64);
        double radius = Math.sqrt(-2 * GlibcMath.logOneMinus(u2));
        double angle = 2 * Math.PI * u1;
        spareNormal = radius * GlibcMath.sin(angle);
        return radius * GlibcMath.cos(angle);
    }

    /** {@code torch.rand}: uniform numbers of [0, 1). */
    public Tensor rand(DType type, int... shape) {
        return uniform(type, 0, 1, shape);
    }

    /** Uniform numbers of [from, to), as {@code uniform_} fills them in. */
    public Tensor uniform(DType type, double from, double to, int... shape) {
        double[] values = new double[Shapes.numel(shape)];
        double low = type.round(from);
        double span = type.round(type.round(to) - low);
        for (int i = 0; i < values.length; i++) {
            double draw = uniform(type);
            values[i] = type == DType.FLOAT32 ? FusedMultiplyAdd.mulAddFloat(draw, span, low)
                    : FusedMultiplyAdd.mulAdd(draw, span, low);
        }
        return Tensor.of(values, shape, type);
    }

    /** {@code torch.randn}: numbers of the standard normal distribution. */
    public Tensor randn(DType type, int... shape) {
        return normal(type, 0, 1, shape);
    }

    /** Numbers of that normal distribution, as {@code normal_} fills them in; long tensors are made another way. */
    public Tensor normal(DType type, double mean, double std, int... shape) {
        double[] values = new double[Shapes.numel(shape)];
        if (values.length < PairedNormals.COUNT) {
            for (int i = 0; i < values.length; i++) {
                values[i] = FusedMultiplyAdd.mulAdd(normal(), std, mean);
            }
            return Tensor.of(values, shape, type);
        }
        fill(type, values, 0);
        for (int i = 0; i + PairedNormals.COUNT <= values.length; i += PairedNormals.COUNT) {
            PairedNormals.fill(type, values, i, mean, std);
        }
        if (values.length % PairedNormals.COUNT != 0) {
            // The last sixteen are drawn again, over some that were made already.
            int from = values.length - PairedNormals.COUNT;
            fill(type, values, from);
            PairedNormals.fill(type, values, from, mean, std);
        }
        return Tensor.of(values, shape, type);
    }

    private void fill(DType type, double[] values, int from) {
        for (int i = from; i < values.length; i++) {
            values[i] = uniform(type);
        }
    }

    /** {@code torch.randint}: integers of [low, high). */
    public Tensor randint(long low, long high, int... shape) {
        if (low >= high) {
            throw TorchError.runtime("random_ expects 'from' to be less than 'to', but got from=" + low + " >= to="
                    + high);
        }
        long range = high - low;
        long[] values = new long[Shapes.numel(shape)];
        for (int i = 0; i < values.length; i++) {
            long bits = range >= 1L << 28 || range < 0 ? bits64() : bits32() & 0xffffffffL;
            values[i] = Long.remainderUnsigned(bits, range) + low;
        }
        return Tensor.of(values, shape);
    }

    /** A number of 63 bits, what {@code torch.empty((), dtype=torch.int64).random_()} draws. */
    public long random() {
        return bits64() & Long.MAX_VALUE;
    }

    /** {@code torch.randperm}: the integers from 0 to n - 1 in random order. */
    public Tensor randperm(int n) {
        long[] values = new long[n];
        Arrays.setAll(values, i -> i);
        for (int i = 0; i < n - 1; i++) {
            int other = i + Integer.remainderUnsigned(bits32(), n - i);
            long moved = values[i];
            values[i] = values[other];
            values[other] = moved;
        }
        return Tensor.of(values, n);
    }

    /** Ones with that probability, else zeros: the mask of a dropout. */
    public Tensor bernoulli(DType type, double probability, int... shape) {
        return Tensor.of(bernoulli(Shapes.numel(shape), probability).draw(), shape, type);
    }

    /** The same to be drawn, by whoever computes. */
    Bernoulli bernoulli(int count, double probability) {
        return new Bernoulli(twister, count, probability);
    }
}

package dev.backstep.engine.tensor;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import java.util.ArrayList;
import java.util.List;

/**
 * Inputs that tests call the ops with: float64, of several shapes, always the same. Each method says what kind of
 * numbers an op's domain needs.
 */
final class Samples {
    private static final int[][] SHAPES = {{}, {1}, {5}, {2, 3}, {2, 1, 4}};

    private Samples() {
    }

    /** Numbers from {@code low} to {@code high}, the same for the same seed: Knuth's linear congruential generator. */
    static Tensor uniform(int seed, double low, double high, int... shape) {
        double[] values = new double[Shapes.numel(shape)];
        long state = seed * 2654435761L + 1;
        for (int i = 0; i < values.length; i++) {
            state = state * 6364136223846793005L + 1442695040888963407L;
            values[i] = low + (high - low) * ((state >>> 11) * 0x1p-53);
        }
        return Tensor.of(values, shape, DType.FLOAT64);
    }

    static Tensor data(int... shape) {
        return uniform(shape.length + 7, -2, 2, shape);
    }

    static Tensor integers(long... values) {
        return Tensor.of(values, values.length);
    }

    static Tensor mask(int seed, int... shape) {
        return Pointwise.GT.call(uniform(seed, -1, 1, shape), Tensor.scalar(0, DType.FLOAT64));
    }

    private static List<Sample> each(double low, double high) {
        List<Sample> samples = new ArrayList<>();
        for (int[] shape : SHAPES) {
            samples.add(Sample.of(uniform(shape.length + 1, low, high, shape)));
        }
        return samples;
    }

    static List<Sample> reals() {
        return each(-3, 3);
    }

    static List<Sample> small() {
        return each(-1.2, 1.2);
    }

    static List<Sample> positive() {
        return each(0.3, 4);
    }

    /** Numbers of both signs that stay clear of 0. */
    static List<Sample> nonZero() {
        List<Sample> samples = new ArrayList<>();
        for (int[] shape : SHAPES) {
            Tensor size = uniform(shape.length + 1, 0.3, 2, shape);
            Tensor sign = uniform(shape.length + 40, -1, 1, shape).sign();
            samples.add(Sample.of(size.mul(sign)));
        }
        return samples;
    }

    /** Numbers clear of integers and of halves, besides integers and halves themselves. */
    static List<Sample> fractions() {
        return List.of(Sample.of(Tensor.of(new double[] {-1.7, -0.3, 0.2, 0.8, 1.4}, new int[] {5}, DType.FLOAT64)),
                Sample.of(Tensor.of(new double[] {-2.5, -1.5, -0.5, 0, 0.5, 1.5, 2.5, 3}, new int[] {2, 4},
                        DType.FLOAT64)).notSmooth());
    }

    private static List<Sample> twos(double low, double high) {
        return List.of(Sample.of(uniform(1, low, high), uniform(2, low, high)),
                Sample.of(uniform(3, low, high, 4), uniform(4, low, high, 4)),
                Sample.of(uniform(5, low, high, 2, 3), uniform(6, low, high, 3)),
                Sample.of(uniform(7, low, high, 2, 1), uniform(8, low, high, 1, 3)),
                Sample.of(uniform(9, low, high), uniform(10, low, high, 2, 2)),
                Sample.of(uniform(9, low, high, 0, 3), uniform(10, low, high, 3)));
    }

    static List<Sample> pairs() {
        return twos(-3, 3);
    }

    static List<Sample> positivePairs() {
        return twos(0.4, 2.5);
    }

    static List<Sample> quotients() {
        List<Sample> samples = new ArrayList<>();
        for (Sample pair : twos(0.5, 3)) {
            samples.add(Sample.of(pair.inputs().get(0).sub(1.5), pair.inputs().get(1)));
        }
        return samples;
    }

    /** Pairs whose elements differ clearly, and one with ties. */
    static List<Sample> apart() {
        List<Sample> samples = new ArrayList<>();
        for (Sample pair : twos(-3, 3)) {
            Tensor a = pair.inputs().get(0);
            Tensor b = pair.inputs().get(1);
            boolean clear = true;
            for (double difference : a.sub(b).toDoubles()) {
                clear &= Math.abs(difference) > 1e-3;
            }
            samples.add(clear ? pair : pair.notSmooth());
        }
        Tensor same = uniform(3, -1, 1, 4);
        samples.add(Sample.of(same, same.mul(1.0)).notSmooth());
        return samples;
    }

    static List<Sample> powers() {
        List<Sample> samples = new ArrayList<>();
        for (double exponent : new double[] {2, 3, 0, 1, -1, 0.5, -1.5}) {
            samples.addAll(with(exponent == Math.rint(exponent) ? nonZero() : positive(),
                    Attrs.of("exponent", exponent)));
        }
        return samples;
    }

    static List<Sample> clamps() {
        List<Sample> samples = new ArrayList<>();
        samples.addAll(with(reals(), Attrs.of("min", -1.0, "max", 1.5)));
        samples.addAll(with(reals(), Attrs.of("min", 0.5)));
        samples.addAll(with(reals(), Attrs.of("max", 0.5)));
        return samples;
    }

    static List<Sample> comparisons() {
        Tensor same = uniform(3, -1, 1, 2, 3);
        List<Sample> samples = new ArrayList<>(pairs());
        samples.add(Sample.of(same, same.mul(1.0)));
        samples.add(Sample.of(integers(1, 2, 3), integers(3, 2, 1)));
        return samples;
    }

    static List<Sample> choices() {
        return List.of(Sample.of(mask(1, 4), uniform(2, -1, 1, 4), uniform(3, -1, 1, 4)),
                Sample.of(mask(4, 2, 3), uniform(5, -1, 1, 3), uniform(6, -1, 1)),
                Sample.of(mask(7, 2, 1), uniform(8, -1, 1, 1, 3), uniform(9, -1, 1, 2, 3)));
    }

    /** The same inputs with these attributes. */
    static List<Sample> with(List<Sample> samples, Attrs attrs) {
        return samples.stream().map(s -> s.with(attrs)).toList();
    }
}

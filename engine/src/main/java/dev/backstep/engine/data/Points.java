package dev.backstep.engine.data;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.tensor.Generator;
import dev.backstep.engine.tensor.GlibcMath;
import dev.backstep.engine.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Generated samples. Each set draws its float32 numbers from one generator: first the uniform ones that say where the
 * points lie, then, for all of them together, normal ones of deviation {@code noise}, which are added. Sample i is of
 * class i mod classes, unless its place decides. Angles are computed the same everywhere.
 */
final class Points {
    private static final double TURN = 2 * Math.PI;

    private Points() {}

    /** What is asked of a set. */
    record Plan(int samples, int classes, double noise, Generator generator) {
        double[] uniform(double from, double to, int count) {
            return generator.uniform(DType.FLOAT32, from, to, count).toDoubles();
        }

        /** float32 (samples, places.length / samples), with the noise added. */
        Tensor noisy(double[] places) {
            int[] shape = {samples, places.length / samples};
            Tensor exact = Tensor.of(places, shape, DType.FLOAT32);
            return exact.add(generator.normal(DType.FLOAT32, 0, noise, shape));
        }
    }

    /** Uniform in the square ±1; class 1 where the signs of x1 and x2 differed before the noise. */
    static Samples xor(Plan plan) {
        double[] at = plan.uniform(-1, 1, 2 * plan.samples());
        return plane(plan.noisy(at), IntStream.range(0, plan.samples())
                .mapToLong(i -> at[2 * i] > 0 == at[2 * i + 1] > 0 ? 0 : 1).toArray(), 2);
    }

    /** Class c lies on the circle of radius (k − c) / k, at a uniform angle. */
    static Samples circles(Plan plan) {
        double[] angles = plan.uniform(0, TURN, plan.samples());
        int k = plan.classes();
        return classes(plan, (i, c) -> polar((double) (k - c) / k, angles[i]));
    }

    /** At t uniform in [0, π]: class 0 at (cos t, sin t), class 1 at (1 − cos t, ½ − sin t). */
    static Samples moons(Plan plan) {
        double[] angles = plan.uniform(0, Math.PI, plan.samples());
        return classes(plan, (i, c) -> {
            double[] at = polar(1, angles[i]);
            return c == 0 ? at : new double[] {1 - at[0], 0.5 - at[1]};
        });
    }

    /** Class c is normal with deviation {@code noise} around the point of the unit circle at the angle 2π c / k. */
    static Samples gaussians(Plan plan) {
        return classes(plan, (_, c) -> polar(1, TURN * c / plan.classes()));
    }

    /** At t uniform in [0, 1): radius t, angle 2π (t + c / k): arms of one turn. */
    static Samples spiral(Plan plan) {
        double[] along = plan.uniform(0, 1, plan.samples());
        return classes(plan, (i, c) -> {
            double turns = along[i] + (double) c / plan.classes();
            return polar(along[i], TURN * (turns < 1 ? turns : turns - 1));
        });
    }

    /** x uniform in ±1, y = 3x + 2 with noise. */
    static Samples line(Plan plan) {
        double[] x = plan.uniform(-1, 1, plan.samples());
        double[] y = new double[x.length];
        for (int i = 0; i < y.length; i++) {
            y[i] = 3 * x[i] + 2;
        }
        return curve(plan, x, y);
    }

    /** x uniform in ±π, y = sin x with noise. */
    static Samples sine(Plan plan) {
        double[] x = plan.uniform(-Math.PI, Math.PI, plan.samples());
        double[] y = new double[x.length];
        for (int i = 0; i < y.length; i++) {
            y[i] = Math.copySign(GlibcMath.sin(Math.abs(x[i])), x[i]);
        }
        return curve(plan, x, y);
    }

    private static double[] polar(double radius, double angle) {
        return new double[] {radius * GlibcMath.cos(angle), radius * GlibcMath.sin(angle)};
    }

    private interface Place {
        double[] of(int sample, int ofClass);
    }

    private static Samples classes(Plan plan, Place place) {
        double[] at = new double[2 * plan.samples()];
        long[] y = new long[plan.samples()];
        for (int i = 0; i < y.length; i++) {
            y[i] = i % plan.classes();
            System.arraycopy(place.of(i, i % plan.classes()), 0, at, 2 * i, 2);
        }
        return plane(plan.noisy(at), y, plan.classes());
    }

    private static Samples plane(Tensor x, long[] y, int classes) {
        return new Samples(x, Tensor.of(y, y.length), List.of("x1", "x2"),
                IntStream.range(0, classes).mapToObj(Integer::toString).toList());
    }

    private static Samples curve(Plan plan, double[] x, double[] y) {
        return new Samples(Tensor.of(x, new int[] {x.length, 1}, DType.FLOAT32), plan.noisy(y), List.of("x"),
                List.of());
    }
}

package dev.backstep.engine.lens;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.check.GradCheck;
import dev.backstep.engine.tensor.Autograd;
import dev.backstep.engine.tensor.Tensor;
import dev.backstep.engine.tensor.TorchError;
import java.util.ArrayList;
import java.util.List;

/**
 * A call's derivative beside central differences, {@code (f(x + eps) - f(x - eps)) / 2 eps} with PyTorch's
 * {@code eps = 1e-6}, all in float64. The number that is differentiated is the sum of the outputs weighted by the
 * incoming gradients: its gradient is what the node sends on.
 */
public final class NodeCheck {
    /** The most elements by which a whole input is compared: each costs two calls. */
    public static final int MAX_ELEMENTS = 1_024;

    /** The most elements of all inputs and outputs together for comparing one. */
    public static final int MAX_CALL = 1 << 20;

    /** The most entries of the Jacobian matrices that gradcheck compares. */
    public static final long MAX_ENTRIES = 1 << 14;

    private static final double EPS = 1e-6;

    /**
     * An input's gradient twice.
     *
     * @param elements which elements, by row-major number; the two lists have one number for each
     * @param analytic what backward gives in float64
     */
    public record Comparison(int[] elements, double[] analytic, double[] numeric) {
        /** The largest difference. */
        public double error() {
            double error = 0;
            for (int i = 0; i < elements.length; i++) {
                error = Math.max(error, Double.isNaN(analytic[i] - numeric[i]) ? Double.POSITIVE_INFINITY
                        : Math.abs(analytic[i] - numeric[i]));
            }
            return error;
        }

        /** Whether all agree within gradcheck's tolerances. */
        public boolean agrees() {
            for (int i = 0; i < elements.length; i++) {
                if (!(Math.abs(analytic[i] - numeric[i]) <= 1e-5 + 1e-3 * Math.abs(numeric[i]))) {
                    return false;
                }
            }
            return true;
        }
    }

    /** How gradcheck ended. */
    public enum Outcome {
        PASSED,
        /** The Jacobians differ; the message has both. */
        MISMATCH,
        /** The Jacobians would have more than {@link #MAX_ENTRIES} entries. */
        TOO_LARGE,
        /** No input is one that gradients are asked for, or no output is float64. */
        NOT_APPLICABLE
    }

    /**
     * @param message PyTorch's words where it refuses, else null
     * @param entries how many entries the Jacobians have together
     */
    public record Verdict(Outcome outcome, String message, long entries) {}

    private NodeCheck() {}

    /** How many elements inputs and outputs have together. */
    private static long size(Call call, List<Tensor> incoming) {
        long size = 0;
        for (Tensor tensor : call.inputs()) {
            size += tensor.numel();
        }
        for (Tensor tensor : incoming) {
            size += tensor == null ? 0 : tensor.numel();
        }
        return size;
    }

    /** Whether {@link #compare} of that many elements of an input is within the limits. */
    public static boolean isComparable(Call call, List<Tensor> incoming, int elements) {
        return elements <= MAX_ELEMENTS && size(call, incoming) * elements <= 4L * MAX_CALL
                && size(call, incoming) <= MAX_CALL;
    }

    /**
     * Compares the gradients of one input.
     *
     * @param incoming the gradient of each output, null where none came
     * @param elements by which elements of it, by row-major number
     */
    public static Comparison compare(Call call, List<Tensor> incoming, int input, int... elements) {
        Tensor[] in = call.fresh();
        in[input] = in[input].detach().requiresGrad(true);
        double[] gradient = analytic(call, in, incoming, input);
        double[] at = in[input].toDoubles();
        double[] analytic = new double[elements.length];
        double[] numeric = new double[elements.length];
        for (int i = 0; i < elements.length; i++) {
            analytic[i] = gradient[elements[i]];
            double[][] above = moved(call, in, input, at, elements[i], EPS);
            double[][] below = moved(call, in, input, at, elements[i], -EPS);
            numeric[i] = weighted(above, below, incoming) / (2 * EPS);
        }
        return new Comparison(elements.clone(), analytic, numeric);
    }

    private static double[] analytic(Call call, Tensor[] in, List<Tensor> incoming, int input) {
        Tensor[] out = call.run(in);
        List<Tensor> roots = new ArrayList<>();
        List<Tensor> seeds = new ArrayList<>();
        for (int o = 0; o < out.length; o++) {
            Tensor seed = o < incoming.size() ? incoming.get(o) : null;
            if (seed != null && out[o] != null && out[o].requiresGrad()) {
                roots.add(out[o]);
                seeds.add(seed.to(out[o].dtype()));
            }
        }
        if (roots.isEmpty()) {
            return new double[in[input].numel()];
        }
        return Autograd.grad(roots, List.of(in[input]), seeds, null, false, true, true).getFirst().toDoubles();
    }

    private static double[][] moved(Call call, Tensor[] in, int input, double[] at, int element, double by) {
        Tensor[] copies = in.clone();
        double[] values = at.clone();
        values[element] += by;
        copies[input] = Tensor.of(values, in[input].shape(), DType.FLOAT64).requiresGrad(true);
        Tensor[] out = call.run(copies);
        double[][] numbers = new double[out.length][];
        for (int o = 0; o < out.length; o++) {
            numbers[o] = out[o] == null ? new double[0] : out[o].toDoubles();
        }
        return numbers;
    }

    /** The difference first, so that large outputs that did not move leave no rounding behind. */
    private static double weighted(double[][] above, double[][] below, List<Tensor> incoming) {
        double sum = 0;
        for (int o = 0; o < above.length && o < incoming.size(); o++) {
            if (incoming.get(o) == null) {
                continue;
            }
            double[] weights = incoming.get(o).toDoubles();
            for (int j = 0; j < above[o].length; j++) {
                double difference = above[o][j] - below[o][j];
                sum += difference == 0 ? 0 : weights[j] * difference;
            }
        }
        return sum;
    }

    /** {@code torch.autograd.gradcheck} of the call at its inputs in float64. */
    public static Verdict gradcheck(Call call) {
        Tensor[] in = call.fresh();
        long rows = 0;
        for (int i = 0; i < in.length; i++) {
            rows += call.isDifferentiated(i) ? in[i].numel() : 0;
        }
        // Nothing has run yet: rows alone may be too many.
        if (rows > MAX_ENTRIES) {
            return new Verdict(Outcome.TOO_LARGE, null, rows);
        }
        long entries = 0;
        try {
            for (Tensor output : doubles(call, in)) {
                entries += rows * output.numel();
            }
            if (entries == 0) {
                return new Verdict(Outcome.NOT_APPLICABLE, null, 0);
            }
            if (entries > MAX_ENTRIES) {
                return new Verdict(Outcome.TOO_LARGE, null, entries);
            }
            GradCheck.gradcheck(given -> doubles(call, given), in);
            return new Verdict(Outcome.PASSED, null, entries);
        } catch (TorchError refused) {
            return new Verdict(Outcome.MISMATCH, refused.getMessage(), entries);
        }
    }

    /** A result in float32 is too coarse for differences. */
    private static Tensor[] doubles(Call call, Tensor[] in) {
        List<Tensor> doubles = new ArrayList<>();
        for (Tensor tensor : call.floats(in)) {
            if (tensor.dtype() == DType.FLOAT64) {
                doubles.add(tensor);
            }
        }
        return doubles.toArray(Tensor[]::new);
    }
}

package dev.backstep.engine.backend.device;

import dev.backstep.engine.backend.Kernel;
import dev.backstep.engine.backend.View;
import dev.backstep.engine.expr.Program;

/**
 * How fast a place computes, in nanoseconds, as it was measured there.
 *
 * @param call one computation, however small
 * @param step a function of one element, or reading or writing one
 * @param function an exponential, tangent and their like of one element
 * @param product one product and sum of a product of matrices
 * @param other one element of any other kernel
 * @param write bringing memory there, however small
 * @param writeElement and for each element
 * @param read bringing memory from there, however small
 * @param readElement and for each element
 */
public record Calibration(double call, double step, double function, double product, double other, double write,
        double writeElement, double read, double readElement) {
    /** Plain loops in a browser: what the CPU takes where nothing was measured. */
    public static final Calibration CPU = new Calibration(300, 0.6, 15, 0.35, 2, 0, 0, 0, 0);

    /** The numbers as text, for whoever keeps them. */
    public String text() {
        return call + " " + step + " " + function + " " + product + " " + other + " " + write + " " + writeElement + " "
                + read + " " + readElement;
    }

    /** What {@link #text} wrote, or null where the text is none of that. */
    public static Calibration of(String text) {
        String[] words = text.split(" ");
        if (words.length != 9) {
            return null;
        }
        double[] n = new double[words.length];
        for (int i = 0; i < n.length; i++) {
            try {
                n[i] = Double.parseDouble(words[i]);
            } catch (NumberFormatException other) {
                return null;
            }
        }
        return new Calibration(n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7], n[8]);
    }

    double pointwise(Program formula, View out, int inputs) {
        int plain = formula.steps() - formula.inexactSteps() + inputs + 1;
        return call + (double) out.numel() * (plain * step + formula.inexactSteps() * function);
    }

    double kernel(Kernel kernel, View out, View[] in) {
        if (kernel == Kernel.MATMUL) {
            return call + (double) out.numel() * in[0].shape()[in[0].rank() - 1] * product;
        }
        boolean powers = kernel == Kernel.SOFTMAX || kernel == Kernel.LOG_SOFTMAX
                || kernel == Kernel.LOG_SOFTMAX_BACKWARD;
        return call + (double) Math.max(out.numel(), in[0].numel()) * (powers ? other + function : other);
    }

    double moveThere(int size) {
        return write + writeElement * size;
    }

    double moveHome(int size) {
        return read + readElement * size;
    }
}

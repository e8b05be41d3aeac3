package dev.backstep.engine.backend.cpu;

import dev.backstep.engine.backend.View;
import java.util.Arrays;

/** The softmax along the last dimension, its logarithm, and their gradients, in double and rounded once. */
final class Softmaxes {
    private Softmaxes() {
    }

    /** @see dev.backstep.engine.backend.Kernel#SOFTMAX */
    static void take(View out, View in, boolean log) {
        double[] x = new double[length(in)];
        for (Walk walk = new Walk(rows(out), rows(in)); walk.hasRun(); walk.next()) {
            for (int row = 0; row < walk.length; row++) {
                load(in, walk.at[1] + row * walk.stride[1], x);
                take(x, log);
                store(x, out, walk.at[0] + row * walk.stride[0]);
            }
        }
    }

    /** Measured from the largest, so that nothing overflows. A NaN, and an infinity less itself, spoils the sum. */
    private static void take(double[] x, boolean log) {
        double top = Double.NEGATIVE_INFINITY;
        for (double value : x) {
            top = value > top ? value : top;
        }
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            x[i] -= top;
            double power = Math.exp(x[i]);
            sum += power;
            x[i] = log ? x[i] : power;
        }
        double lower = Math.log(sum);
        for (int i = 0; i < x.length; i++) {
            x[i] = log ? x[i] - lower : x[i] / sum;
        }
    }

    /** @see dev.backstep.engine.backend.Kernel#SOFTMAX_BACKWARD */
    static void back(View out, View gradient, View result, boolean log) {
        double[] g = new double[length(gradient)];
        double[] y = new double[g.length];
        for (Walk walk = new Walk(rows(out), rows(gradient), rows(result)); walk.hasRun(); walk.next()) {
            for (int row = 0; row < walk.length; row++) {
                load(gradient, walk.at[1] + row * walk.stride[1], g);
                load(result, walk.at[2] + row * walk.stride[2], y);
                double sum = 0;
                for (int i = 0; i < g.length; i++) {
                    sum += log ? g[i] : g[i] * y[i];
                }
                for (int i = 0; i < g.length; i++) {
                    g[i] = log ? g[i] - Math.exp(y[i]) * sum : y[i] * (g[i] - sum);
                }
                store(g, out, walk.at[0] + row * walk.stride[0]);
            }
        }
    }

    private static int length(View view) {
        return view.rank() == 0 ? 1 : view.shape()[view.rank() - 1];
    }

    private static int step(View view) {
        return view.rank() == 0 ? 0 : view.strides()[view.rank() - 1];
    }

    private static void load(View from, int at, double[] row) {
        ((CpuBuffer) from.buffer()).load(at, step(from), row, 0, row.length);
    }

    private static void store(double[] row, View to, int at) {
        ((CpuBuffer) to.buffer()).store(row, 0, at, step(to), row.length);
    }

    /** The view without its last dimension. */
    private static View rows(View view) {
        int last = Math.max(0, view.rank() - 1);
        return new View(view.buffer(), Arrays.copyOf(view.shape(), last), Arrays.copyOf(view.strides(), last),
                view.offset());
    }
}

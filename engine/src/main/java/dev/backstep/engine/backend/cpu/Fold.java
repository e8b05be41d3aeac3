package dev.backstep.engine.backend.cpu;

import dev.backstep.engine.backend.Kernel;
import dev.backstep.engine.backend.Sliding;
import dev.backstep.engine.backend.View;
import java.util.Arrays;

/** Images whose elements are sums over the windows that hold them, an image after the other. */
final class Fold {
    private Fold() {
    }

    /** @see Kernel#FOLD */
    static void run(View out, View in) {
        Sliding w = Sliding.of(out.shape(), out.strides());
        CpuBuffer to = (CpuBuffer) out.buffer();
        CpuBuffer from = (CpuBuffer) in.buffer();
        double[] plane = new double[w.plane()];
        double[] row = new double[w.places()[1]];
        int[] s = in.strides();
        int step = out.strides()[5];
        for (int i = 0; i < w.planes(); i++) {
            Arrays.fill(plane, 0);
            int channels = in.shape()[1];
            int image = in.offset() + i / channels * s[0] + i % channels * s[1];
            for (int u = 0; u < w.window()[0]; u++) {
                for (int v = 0; v < w.window()[1]; v++) {
                    for (int p = 0; p < w.places()[0]; p++) {
                        from.load(image + u * s[2] + v * s[3] + p * s[4], s[5], row, 0, row.length);
                        int at = u * out.strides()[2] + v * out.strides()[3] + p * out.strides()[4];
                        for (int q = 0; q < row.length; q++) {
                            plane[at + q * step] += row[q];
                        }
                    }
                }
            }
            to.store(plane, 0, out.offset() + i * w.plane(), 1, plane.length);
        }
    }
}

package dev.backstep.engine.backend.cpu;

import dev.backstep.engine.backend.View;

/** The product of small float32 matrices where they lie, each element summed in double and rounded once. */
final class SmallProduct {
    private SmallProduct() {
    }

    /** Whether all three are float32 in memory of their own. */
    static boolean takes(View out, View left, View right) {
        return out.buffer() instanceof CpuBuffer.Floats && left.buffer() instanceof CpuBuffer.Floats
                && right.buffer() instanceof CpuBuffer.Floats;
    }

    /** out = left right; {@code out} shares no memory with the others. Four columns at a time. */
    static void run(View out, View left, View right, int inner) {
        float[] a = ((CpuBuffer.Floats) left.buffer()).data;
        float[] b = ((CpuBuffer.Floats) right.buffer()).data;
        float[] c = ((CpuBuffer.Floats) out.buffer()).data;
        int columns = out.shape()[1];
        int down = right.strides()[0];
        int across = right.strides()[1];
        int alongLeft = left.strides()[1];
        int alongOut = out.strides()[1];
        for (int i = 0; i < out.shape()[0]; i++) {
            int row = left.offset() + i * left.strides()[0];
            int to = out.offset() + i * out.strides()[0];
            int j = 0;
            for (; j + 3 < columns; j += 4, to += 4 * alongOut) {
                double sum0 = 0;
                double sum1 = 0;
                double sum2 = 0;
                double sum3 = 0;
                int at = row;
                int place = right.offset() + j * across;
                for (int k = 0; k < inner; k++, at += alongLeft, place += down) {
                    double factor = a[at];
                    sum0 += factor * b[place];
                    sum1 += factor * b[place + across];
                    sum2 += factor * b[place + 2 * across];
                    sum3 += factor * b[place + 3 * across];
                }
                c[to] = (float) sum0;
                c[to + alongOut] = (float) sum1;
                c[to + 2 * alongOut] = (float) sum2;
                c[to + 3 * alongOut] = (float) sum3;
            }
            for (; j < columns; j++, to += alongOut) {
                double sum = 0;
                int at = row;
                int place = right.offset() + j * across;
                for (int k = 0; k < inner; k++, at += alongLeft, place += down) {
                    sum += (double) a[at] * b[place];
                }
                c[to] = (float) sum;
            }
        }
    }
}

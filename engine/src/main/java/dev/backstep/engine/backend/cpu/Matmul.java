package dev.backstep.engine.backend.cpu;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.Kernel;
import dev.backstep.engine.backend.View;

/**
 * Batched matrix product. The operands are packed row-major in the computing type first (a transpose costs one copy
 * this way), then each row of the result is built by adding multiples of rows of the right matrix, four at a time,
 * which walks all memory forwards.
 */
final class Matmul {
    /** Up to so many products float32 is summed in double: exact enough to come out the same in every place. */
    private static final int SMALL = 32 * 32 * 32;

    private Matmul() {
    }

    /** @see Kernel#MATMUL */
    static void run(View out, View left, View right) {
        int batches = out.shape()[0];
        int rows = out.shape()[1];
        int columns = out.shape()[2];
        int inner = left.shape()[2];
        boolean small = (long) rows * columns * inner <= SMALL;
        for (int b = 0; b < batches; b++) {
            View target = matrix(out, b);
            if (!out.dtype().isFloat()) {
                longs(target, matrix(left, b), matrix(right, b), inner);
            } else if (out.dtype() == DType.FLOAT32 && !small) {
                float[] a = floats(matrix(left, b));
                float[] c = floats(rows, columns, a, floats(matrix(right, b)), inner);
                CpuBackend.copy(target, View.contiguous(new CpuBuffer.Floats(c), target.shape()));
            } else {
                double[] a = doubles(matrix(left, b));
                double[] c = doubles(rows, columns, a, doubles(matrix(right, b)), inner);
                CpuBackend.copy(target, View.contiguous(new CpuBuffer.Doubles(c), target.shape()));
            }
        }
    }

    private static View matrix(View view, int batch) {
        return new View(view.buffer(), new int[] {view.shape()[1], view.shape()[2]},
                new int[] {view.strides()[1], view.strides()[2]}, view.offset() + batch * view.strides()[0]);
    }

    private static float[] floats(View view) {
        CpuBuffer.Floats packed = (CpuBuffer.Floats) CpuBuffer.allocate(DType.FLOAT32, view.numel());
        CpuBackend.copy(View.contiguous(packed, view.shape()), view);
        return packed.data;
    }

    private static double[] doubles(View view) {
        CpuBuffer.Doubles packed = (CpuBuffer.Doubles) CpuBuffer.allocate(DType.FLOAT64, view.numel());
        CpuBackend.copy(View.contiguous(packed, view.shape()), view);
        return packed.data;
    }

    private static float[] floats(int rows, int columns, float[] a, float[] b, int inner) {
        float[] c = new float[rows * columns];
        for (int i = 0; i < rows; i++) {
            int row = i * columns;
            int k = 0;
            for (; k + 3 < inner; k += 4) {
                float a0 = a[i * inner + k];
                float a1 = a[i * inner + k + 1];
                float a2 = a[i * inner + k + 2];
                float a3 = a[i * inner + k + 3];
                int r0 = k * columns;
                int r1 = r0 + columns;
                int r2 = r1 + columns;
                int r3 = r2 + columns;
                for (int j = 0; j < columns; j++) {
                    c[row + j] += a0 * b[r0 + j] + a1 * b[r1 + j] + a2 * b[r2 + j] + a3 * b[r3 + j];
                }
            }
            for (; k < inner; k++) {
                float factor = a[i * inner + k];
                int r = k * columns;
                for (int j = 0; j < columns; j++) {
                    c[row + j] += factor * b[r + j];
                }
            }
        }
        return c;
    }

    private static double[] doubles(int rows, int columns, double[] a, double[] b, int inner) {
        double[] c = new double[rows * columns];
        for (int i = 0; i < rows; i++) {
            int row = i * columns;
            for (int k = 0; k < inner; k++) {
                double factor = a[i * inner + k];
                int r = k * columns;
                for (int j = 0; j < columns; j++) {
                    c[row + j] += factor * b[r + j];
                }
            }
        }
        return c;
    }

    private static void longs(View out, View left, View right, int inner) {
        CpuBuffer a = (CpuBuffer) left.buffer();
        CpuBuffer b = (CpuBuffer) right.buffer();
        CpuBuffer c = (CpuBuffer) out.buffer();
        for (int i = 0; i < out.shape()[0]; i++) {
            for (int j = 0; j < out.shape()[1]; j++) {
                long total = 0;
                for (int k = 0; k < inner; k++) {
                    total += a.getLong(left.offset() + i * left.strides()[0] + k * left.strides()[1])
                            * b.getLong(right.offset() + k * right.strides()[0] + j * right.strides()[1]);
                }
                c.setLong(out.offset() + i * out.strides()[0] + j * out.strides()[1], total);
            }
        }
    }
}

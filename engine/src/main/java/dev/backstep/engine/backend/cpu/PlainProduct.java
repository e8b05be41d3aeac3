package dev.backstep.engine.backend.cpu;

import java.util.Arrays;

/**
 * The product as plain loops: a row of the result is built by adding multiples of rows of the right matrix, four at a
 * time, which walks all memory forwards. A turned operand costs a copy.
 */
final class PlainProduct implements MatrixProduct {
    @Override
    public void floats(int rows, int columns, int inner, Matrix<float[]> left, Matrix<float[]> right, float[] c,
            int at) {
        Matrix<float[]> first = left.turned() ? straight(left, rows, inner) : left;
        Matrix<float[]> second = right.turned() ? straight(right, inner, columns) : right;
        float[] a = first.data();
        float[] b = second.data();
        Arrays.fill(c, at, at + rows * columns, 0);
        for (int i = 0; i < rows; i++) {
            int row = at + i * columns;
            int factors = first.offset() + i * first.lead();
            int r0 = second.offset();
            int k = 0;
            for (; k + 3 < inner; k += 4) {
                float a0 = a[factors + k];
                float a1 = a[factors + k + 1];
                float a2 = a[factors + k + 2];
                float a3 = a[factors + k + 3];
                int r1 = r0 + second.lead();
                int r2 = r1 + second.lead();
                int r3 = r2 + second.lead();
                for (int j = 0; j < columns; j++) {
                    c[row + j] += a0 * b[r0 + j] + a1 * b[r1 + j] + a2 * b[r2 + j] + a3 * b[r3 + j];
                }
                r0 = r3 + second.lead();
            }
            for (; k < inner; k++, r0 += second.lead()) {
                float factor = a[factors + k];
                for (int j = 0; j < columns; j++) {
                    c[row + j] += factor * b[r0 + j];
                }
            }
        }
    }

    @Override
    public void doubles(int rows, int columns, int inner, Matrix<double[]> left, Matrix<double[]> right, double[] c,
            int at) {
        Matrix<double[]> first = left.turned() ? straightened(left, rows, inner) : left;
        Matrix<double[]> second = right.turned() ? straightened(right, inner, columns) : right;
        double[] a = first.data();
        double[] b = second.data();
        Arrays.fill(c, at, at + rows * columns, 0);
        for (int i = 0; i < rows; i++) {
            int row = at + i * columns;
            int r = second.offset();
            for (int k = 0; k < inner; k++, r += second.lead()) {
                double factor = a[first.offset() + i * first.lead() + k];
                for (int j = 0; j < columns; j++) {
                    c[row + j] += factor * b[r + j];
                }
            }
        }
    }

    private static Matrix<float[]> straight(Matrix<float[]> turned, int rows, int columns) {
        float[] data = new float[rows * columns];
        for (int j = 0; j < columns; j++) {
            int from = turned.offset() + j * turned.lead();
            for (int i = 0, to = j; i < rows; i++, to += columns) {
                data[to] = turned.data()[from + i];
            }
        }
        return new Matrix<>(data, 0, columns, false);
    }

    private static Matrix<double[]> straightened(Matrix<double[]> turned, int rows, int columns) {
        double[] data = new double[rows * columns];
        for (int j = 0; j < columns; j++) {
            int from = turned.offset() + j * turned.lead();
            for (int i = 0, to = j; i < rows; i++, to += columns) {
                data[to] = turned.data()[from + i];
            }
        }
        return new Matrix<>(data, 0, columns, false);
    }
}

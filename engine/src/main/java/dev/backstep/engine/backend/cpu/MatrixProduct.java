package dev.backstep.engine.backend.cpu;

/**
 * A way to multiply matrices of floating numbers. The plain loops are one; a place that has a faster one gives it to
 * {@link CpuBackend#multiplyBy}.
 */
public interface MatrixProduct {
    /**
     * A matrix in an array: element (i, j) lies at {@code offset + i * lead + j}, or, where it is turned, at
     * {@code offset + i + j * lead}. The lead is at least 1 and what one row (turned: one column) takes.
     *
     * @param <A> {@code float[]} or {@code double[]}
     */
    record Matrix<A>(A data, int offset, int lead, boolean turned) {
    }

    /**
     * c = a b in float32.
     *
     * @param a of {@code rows} x {@code inner}, {@code b} of {@code inner} x {@code columns}; no extent is 0
     * @param c takes {@code rows} x {@code columns} numbers in row-major order from {@code at} on
     */
    void floats(int rows, int columns, int inner, Matrix<float[]> a, Matrix<float[]> b, float[] c, int at);

    /** Likewise in float64. */
    void doubles(int rows, int columns, int inner, Matrix<double[]> a, Matrix<double[]> b, double[] c, int at);
}

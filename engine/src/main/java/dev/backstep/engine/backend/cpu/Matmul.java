package dev.backstep.engine.backend.cpu;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.Factor;
import dev.backstep.engine.backend.Kernel;
import dev.backstep.engine.backend.View;
import dev.backstep.engine.backend.cpu.MatrixProduct.Matrix;

/** Batched matrix product: a small one is the same in every place, a larger one what {@link MatrixProduct} there is. */
final class Matmul {
    /** Up to so many products float32 is summed in double: exact enough to come out the same in every place. */
    private static final int SMALL = 32 * 32 * 32;
    private static final MatrixProduct PLAIN = new PlainProduct();

    private static MatrixProduct large = PLAIN;

    private Matmul() {
    }

    static void multiplyBy(MatrixProduct product) {
        large = product == null ? PLAIN : product;
    }

    /** @see Kernel#MATMUL */
    static void run(View out, View left, View right) {
        int batches = out.shape()[0];
        int rows = out.shape()[1];
        int columns = out.shape()[2];
        int inner = left.shape()[2];
        boolean small = (long) rows * columns * inner <= SMALL;
        Laid laid = right.rank() > 3 ? new Laid(right, inner, columns) : null;
        for (int b = 0; b < batches; b++) {
            View target = matrix(out, b);
            View first = matrix(left, b);
            View second = laid == null ? matrix(right, b) : laid.matrix(b);
            if (!out.dtype().isFloat()) {
                longs(target, first, second, inner);
            } else if (small && SmallProduct.takes(target, first, second)) {
                SmallProduct.run(target, first, second, inner);
            } else if (small) {
                double[] c = new double[rows * columns];
                PLAIN.doubles(rows, columns, inner, packed(first), packed(second), c, 0);
                put(target, new CpuBuffer.Doubles(c));
            } else if (out.dtype() == DType.FLOAT32) {
                boolean direct = takes(target, DType.FLOAT32);
                CpuBuffer.Floats c = direct ? (CpuBuffer.Floats) out.buffer()
                        : new CpuBuffer.Floats(new float[rows * columns]);
                large.floats(rows, columns, inner, floats(first), floats(second), c.data, direct ? target.offset() : 0);
                if (!direct) {
                    put(target, c);
                }
            } else {
                boolean direct = takes(target, DType.FLOAT64);
                CpuBuffer.Doubles c = direct ? (CpuBuffer.Doubles) out.buffer()
                        : new CpuBuffer.Doubles(new double[rows * columns]);
                large.doubles(rows, columns, inner, doubles(first), doubles(second), c.data,
                        direct ? target.offset() : 0);
                if (!direct) {
                    put(target, c);
                }
            }
        }
    }

    /** One matrix after the other of a factor of more dimensions, copied to where it lies as a matrix does. */
    private static final class Laid {
        private final View from;
        private final Factor factor;
        private final View copy;
        private final View matrix;

        Laid(View from, int inner, int columns) {
            this.from = from;
            boolean empty = from.numel() == 0;
            factor = empty ? null : Factor.of(from.shape(), from.strides(), inner);
            CpuBuffer memory = CpuBuffer.allocate(from.dtype(), empty ? 0 : inner * columns);
            boolean turned = factor != null && factor.isTurned();
            matrix = new View(memory, new int[] {inner, columns},
                    turned ? new int[] {1, inner} : new int[] {columns, 1}, 0);
            copy = factor == null ? matrix : View.contiguous(memory, factor.extents());
        }

        View matrix(int batch) {
            if (factor != null) {
                CpuBackend.copy(copy, new View(from.buffer(), factor.extents(), factor.strides(),
                        from.offset() + batch * factor.batch()));
            }
            return matrix;
        }
    }

    private static View matrix(View view, int batch) {
        return new View(view.buffer(), new int[] {view.shape()[1], view.shape()[2]},
                new int[] {view.strides()[1], view.strides()[2]}, view.offset() + batch * view.strides()[0]);
    }

    private static boolean takes(View view, DType type) {
        return view.dtype() == type && view.isContiguous() && !(view.buffer() instanceof CpuBuffer.Single);
    }

    private static void put(View target, CpuBuffer result) {
        if (target.isContiguous() && result instanceof CpuBuffer.Doubles c) {
            ((CpuBuffer) target.buffer()).store(c.data, 0, target.offset(), 1, c.data.length);
        } else {
            CpuBackend.copy(target, View.contiguous(result, target.shape()));
        }
    }

    /** The numbers as doubles in row-major order. */
    private static Matrix<double[]> packed(View view) {
        int rows = view.shape()[0];
        int columns = view.shape()[1];
        CpuBuffer buffer = (CpuBuffer) view.buffer();
        double[] data = new double[rows * columns];
        if (view.isContiguous()) {
            buffer.load(view.offset(), 1, data, 0, data.length);
        } else {
            int to = 0;
            for (int i = 0; i < rows; i++) {
                int from = view.offset() + i * view.strides()[0];
                for (int j = 0; j < columns; j++, from += view.strides()[1]) {
                    data[to++] = buffer.get(from);
                }
            }
        }
        return new Matrix<>(data, 0, columns, false);
    }

    private static Matrix<float[]> floats(View view) {
        View found = ready(view, DType.FLOAT32);
        return new Matrix<>(((CpuBuffer.Floats) found.buffer()).data, found.offset(), lead(found), isTurned(found));
    }

    private static Matrix<double[]> doubles(View view) {
        View found = ready(view, DType.FLOAT64);
        return new Matrix<>(((CpuBuffer.Doubles) found.buffer()).data, found.offset(), lead(found), isTurned(found));
    }

    /** The matrix where it lies if its rows or its columns are in one piece there, else a copy. */
    private static View ready(View view, DType type) {
        if (view.dtype() == type && !(view.buffer() instanceof CpuBuffer.Single)
                && (isStraight(view) || isTurned(view))) {
            return view;
        }
        View copy = View.contiguous(CpuBuffer.allocate(type, view.numel()), view.shape());
        CpuBackend.copy(copy, view);
        return copy;
    }

    private static boolean isStraight(View view) {
        return follows(view, 0, 1);
    }

    private static boolean isTurned(View view) {
        return !isStraight(view) && follows(view, 1, 0);
    }

    /** Whether the elements along {@code inner} are neighbours and a step along {@code outer} passes all of them. */
    private static boolean follows(View view, int outer, int inner) {
        int length = view.shape()[inner];
        return (length == 1 || view.strides()[inner] == 1)
                && (view.shape()[outer] == 1 || view.strides()[outer] >= length);
    }

    private static int lead(View view) {
        int outer = isStraight(view) ? 0 : 1;
        return view.shape()[outer] == 1 ? view.shape()[1 - outer] : view.strides()[outer];
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

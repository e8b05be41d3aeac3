package dev.backstep.server.cuda;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.Factor;
import dev.backstep.engine.backend.View;
import dev.backstep.engine.backend.device.Dims;
import dev.backstep.engine.backend.device.Operand;
import java.util.List;

/**
 * Batched products of matrices: cuBLAS where the elements are float32. It takes rows or columns that lie together, so
 * transposed operands go as they are; others are copied first, also what windows over images see, because cuBLAS has no
 * such strides. Integers are summed by a kernel of ours.
 */
final class Products {
    private Products() {
    }

    static void multiply(Operand out, Operand left, Operand right, Plan plan) {
        int size = View.numel(out.shape());
        if (size == 0) {
            return;
        }
        if (left.shape()[2] == 0) {
            Elementwise.fill(out, 0, plan);
            return;
        }
        Operand matrices = matrices(right, left.shape()[2], out.shape()[2], plan);
        if (out.type() != DType.FLOAT32) {
            integers(out, left, matrices, plan);
        } else {
            floats(out, left, matrices, plan);
        }
    }

    /** The second factor as matrices: a copy where it lies in more dimensions. */
    private static Operand matrices(Operand in, int inner, int columns, Plan plan) {
        if (in.shape().length == 3) {
            return in;
        }
        int[] shape = {in.shape()[0], inner, columns};
        Factor factor = Factor.of(in.shape(), in.strides(), inner);
        if (factor.isMatrix()) {
            return new Operand(in.slot(), in.type(), shape,
                    new int[] {factor.batch(), factor.down(), factor.across()}, in.offset());
        }
        Operand copy = plan.scratch(in.type(), in.shape());
        Elementwise.copy(copy, in, plan);
        return new Operand(copy.slot(), copy.type(), shape, View.rowMajor(shape), 0);
    }

    private static void floats(Operand out, Operand left, Operand right, Plan plan) {
        Operand a = laid(left, plan);
        Operand b = laid(right, plan);
        Operand c = isRows(out) ? out : plan.scratch(DType.FLOAT32, out.shape());
        int m = out.shape()[1];
        int n = out.shape()[2];
        int k = left.shape()[2];
        // In row-major order C = A B is, read by columns, C' = B' A'.
        boolean aTurned = !isRows(a);
        boolean bTurned = !isRows(b);
        plan.add(new Step.Product(new Driver.Gemm(bTurned, aTurned, n, m, k, lead(b, bTurned), b.strides()[0],
                lead(a, aTurned), a.strides()[0], lead(c, false), c.strides()[0], out.shape()[0], plan.tf32()),
                b.slot(), b.offset(), a.slot(), a.offset(), c.slot(), c.offset()));
        if (c != out) {
            Elementwise.copy(out, c, plan);
        }
    }

    /** The operand, or a copy of it, as float32 with rows or columns that lie together. */
    private static Operand laid(Operand in, Plan plan) {
        if (in.type() == DType.FLOAT32 && (isRows(in) || isRows(turned(in)))) {
            return in;
        }
        Operand copy = plan.scratch(DType.FLOAT32, in.shape());
        Elementwise.copy(copy, in, plan);
        return copy;
    }

    private static Operand turned(Operand in) {
        return new Operand(in.slot(), in.type(), new int[] {in.shape()[0], in.shape()[2], in.shape()[1]},
                new int[] {in.strides()[0], in.strides()[2], in.strides()[1]}, in.offset());
    }

    /** Whether the elements of a row lie together, and the rows one behind the other, with gaps perhaps. */
    private static boolean isRows(Operand matrix) {
        int rows = matrix.shape()[1];
        int columns = matrix.shape()[2];
        return matrix.type() == DType.FLOAT32 && (columns == 1 || matrix.strides()[2] == 1)
                && (rows == 1 || matrix.strides()[1] >= columns);
    }

    /** Elements from a row (turned: a column) to the next; any number will do where there is one only. */
    private static int lead(Operand matrix, boolean turned) {
        int rows = matrix.shape()[turned ? 2 : 1];
        int length = matrix.shape()[turned ? 1 : 2];
        return rows == 1 ? length : matrix.strides()[turned ? 2 : 1];
    }

    private static void integers(Operand out, Operand left, Operand right, Plan plan) {
        Source source = new Source(plan);
        Dims dims = Dims.of(List.of(new Operand(0, out.type(), out.shape(), View.rowMajor(out.shape()), 0)));
        String columns = source.word(out.shape()[2]);
        String rows = source.word(out.shape()[1]);
        source.add("const unsigned column = id % ", columns, ", row = id / ", columns, " % ", rows, ", batch = id / ",
                columns, " / ", rows, ";");
        source.add("long long total = 0;\nfor (unsigned k = 0u; k < ", source.word(left.shape()[2]), "; k++) {");
        source.add("total += (long long) ", at(source, left, "row", "k"), " * ", at(source, right, "k", "column"),
                ";\n}");
        source.write(out.slot());
        source.add(at(source, out, "row", "column"), " = ", Source.convert("total", DType.INT64, out.type()), ";");
        source.perThread(dims.numel);
    }

    private static String at(Source source, Operand matrix, String row, String column) {
        return source.read(matrix.slot()) + "[" + source.word(matrix.offset()) + " + batch * "
                + source.word(matrix.strides()[0]) + " + " + row + " * " + source.word(matrix.strides()[1]) + " + "
                + column + " * " + source.word(matrix.strides()[2]) + "]";
    }
}

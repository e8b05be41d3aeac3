package dev.backstep.engine.lens;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.View;
import dev.backstep.engine.tensor.Op;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A product of matrices, {@code Y[b,i,j] = scale * sum over k of A[b,i,k] B[b,k,j]}, in which an element is named by
 * its row-major number in the tensor that was given.
 *
 * @param left which input of the op is A, {@code right} which is B, {@code added} which is added, or -1
 * @param scale of the product, {@code addedScale} of what is added
 */
record Product(int left, int right, int added, double scale, double addedScale, Layout a, Layout b, int[] batch) {
    /** How a tensor lies as a batch of matrices: extents, and how far its row-major numbers are apart. */
    record Layout(int[] shape, int[] strides) {
        private static Layout rows(int[] shape) {
            return shape.length > 1 ? new Layout(shape, View.rowMajor(shape))
                    : new Layout(new int[] {1, shape[0]}, new int[] {0, 1});
        }

        private static Layout columns(int[] shape) {
            return shape.length > 1 ? rows(shape) : new Layout(new int[] {shape[0], 1}, new int[] {1, 0});
        }

        private Layout transposed() {
            return new Layout(new int[] {shape[1], shape[0]}, new int[] {strides[1], strides[0]});
        }

        int rows() {
            return shape[shape.length - 2];
        }

        int columns() {
            return shape[shape.length - 1];
        }

        /** Where an element lies along a dimension. */
        private int at(int d, int element) {
            return strides[d] == 0 ? 0 : element / strides[d] % shape[d];
        }

        int row(int element) {
            return at(shape.length - 2, element);
        }

        int column(int element) {
            return at(shape.length - 1, element);
        }

        /** The number of an element; {@code place} counts the broadcast batch dimensions of the product. */
        int element(int[] place, int row, int column) {
            int element = row * strides[shape.length - 2] + column * strides[shape.length - 1];
            for (int d = 0; d < shape.length - 2; d++) {
                element += shape[d] == 1 ? 0 : place[place.length - (shape.length - 2) + d] * strides[d];
            }
            return element;
        }
    }

    /** One of the products that a sum is made of: elements of the output and of the other factor. */
    record Pair(int output, int other) {}

    /** How an op multiplies, or null where it is no such product. */
    static Product of(Op op, Attrs attrs, List<int[]> shapes) {
        return switch (op.type()) {
            case "matmul", "mm", "mv", "dot", "bmm" -> new Product(0, 1, -1, 1, 0, Layout.rows(shapes.get(0)),
                    Layout.columns(shapes.get(1)), batch(shapes.get(0), shapes.get(1)));
            case "outer" -> new Product(0, 1, -1, 1, 0, Layout.columns(shapes.get(0)), Layout.rows(shapes.get(1)),
                    new int[0]);
            case "linear" -> new Product(0, 1, shapes.size() > 2 ? 2 : -1, 1, 1, Layout.rows(shapes.get(0)),
                    Layout.rows(shapes.get(1)).transposed(), batch(shapes.get(0), new int[2]));
            case "addmm" -> new Product(1, 2, 0, attrs.number("alpha", 1), attrs.number("beta", 1),
                    Layout.rows(shapes.get(1)), Layout.rows(shapes.get(2)), new int[0]);
            default -> null;
        };
    }

    private static int[] batch(int[] a, int[] b) {
        int rank = Math.max(0, Math.max(a.length, b.length) - 2);
        int[] batch = new int[rank];
        Arrays.fill(batch, 1);
        for (int[] shape : List.of(a, b)) {
            for (int d = 0; d < shape.length - 2; d++) {
                int place = rank - (shape.length - 2) + d;
                batch[place] = Math.max(batch[place], shape[d]);
            }
        }
        return batch;
    }

    private int[] outputShape() {
        int[] shape = Arrays.copyOf(batch, batch.length + 2);
        shape[batch.length] = a.rows();
        shape[batch.length + 1] = b.columns();
        return shape;
    }

    /** The products in which an element of A or B is a factor. */
    List<Pair> pairs(int input, int element) {
        Layout own = input == left ? a : b;
        int[] out = View.rowMajor(outputShape());
        int row = own.row(element);
        int column = own.column(element);
        List<Pair> pairs = new ArrayList<>();
        int batches = View.numel(batch);
        for (int number = 0; number < batches; number++) {
            int[] place = new int[batch.length];
            int rest = number;
            for (int d = batch.length - 1; d >= 0; d--) {
                place[d] = rest % batch[d];
                rest /= batch[d];
            }
            if (own.element(place, row, column) != element) {
                continue;
            }
            int base = 0;
            for (int d = 0; d < batch.length; d++) {
                base += place[d] * out[d];
            }
            int free = input == left ? b.columns() : a.rows();
            for (int i = 0; i < free; i++) {
                pairs.add(input == left
                        ? new Pair(base + row * out[batch.length] + i, b.element(place, column, i))
                        : new Pair(base + i * out[batch.length] + column, a.element(place, i, row)));
            }
        }
        return pairs;
    }
}

package dev.backstep.engine.tensor;

import dev.backstep.engine.backend.DType;

/** The elements of a tensor in nested brackets, all in one notation and as wide as the widest. */
final class ReprElements {
    private static final int PRECISION = 4;
    /** With more elements than these, only the edges of each dimension are printed. */
    private static final int THRESHOLD = 1000;
    private static final int EDGE = 3;
    private static final int LINE_WIDTH = 80;
    /** Ratio of the largest to the smallest from which on, and sizes beyond which, numbers have exponents. */
    private static final double RATIO = 1000;
    private static final double LARGE = 1e8;
    private static final double SMALL = 1e-4;

    private final DType type;
    private final int[] shape;
    private final double[] numbers;
    private final long[] whole;
    private final boolean summarized;

    private boolean integers = true;
    private boolean exponents;
    private int width = 1;

    ReprElements(Tensor tensor) {
        type = tensor.dtype();
        shape = tensor.view().shape();
        whole = type == DType.INT64 ? tensor.toLongs() : null;
        numbers = whole == null ? tensor.toDoubles() : null;
        summarized = tensor.numel() > THRESHOLD;
        if (type.isFloat()) {
            Extent extent = new Extent();
            visit(0, 0, extent);
            integers = extent.integers;
            exponents = extent.largest > 0 && (extent.largest / extent.smallest > RATIO || extent.largest > LARGE
                    || !integers && extent.smallest < SMALL);
        }
        visit(0, 0, this::widen);
    }

    /** The text, where the first line stands behind so many characters. */
    String text(int indent) {
        StringBuilder text = new StringBuilder();
        if (shape.length == 0) {
            append(text, 0);
        } else {
            brackets(text, 0, 0, indent);
        }
        return text.toString();
    }

    private interface Visitor {
        void see(int element);
    }

    /** Goes through the elements that are printed. */
    private void visit(int dim, int at, Visitor visitor) {
        if (dim == shape.length) {
            visitor.see(at);
            return;
        }
        for (int i = 0; i < shape[dim]; i++) {
            if (cut(dim) && i == EDGE) {
                i = shape[dim] - EDGE;
            }
            visit(dim + 1, at * shape[dim] + i, visitor);
        }
    }

    private boolean cut(int dim) {
        return summarized && shape[dim] > 2 * EDGE;
    }

    /** What the numbers that are neither zero nor infinite are like. */
    private final class Extent implements Visitor {
        boolean integers = true;
        double smallest = Double.POSITIVE_INFINITY;
        double largest;

        @Override
        public void see(int element) {
            double size = Math.abs(numbers[element]);
            if (size > 0 && size <= Double.MAX_VALUE) {
                integers &= size == Math.floor(size);
                smallest = Math.min(smallest, size);
                largest = Math.max(largest, size);
            }
        }
    }

    private void widen(int element) {
        // Zeros and what is not finite do not count where there are fractions or exponents.
        if (!type.isFloat() || Math.abs(numbers[element]) <= Double.MAX_VALUE && numbers[element] != 0) {
            width = Math.max(width, element(element).length());
        }
    }

    private String element(int i) {
        if (whole != null) {
            return Long.toString(whole[i]);
        }
        double value = numbers[i];
        if (type == DType.BOOL) {
            return value != 0 ? "True" : "False";
        }
        if (exponents) {
            return Decimal.scientific(value, PRECISION);
        }
        if (integers) {
            return Decimal.fixed(value, 0) + (Math.abs(value) <= Double.MAX_VALUE ? "." : "");
        }
        return Decimal.fixed(value, PRECISION);
    }

    private void append(StringBuilder text, int i) {
        String element = element(i);
        text.append(" ".repeat(Math.max(width - element.length(), 0))).append(element);
    }

    private void brackets(StringBuilder text, int dim, int at, int indent) {
        boolean vector = dim == shape.length - 1;
        int perLine = Math.max(1, (LINE_WIDTH - indent) / (width + 2));
        String newLine = "\n".repeat(Math.max(shape.length - 1 - dim, 1)) + " ".repeat(indent + 1);
        text.append('[');
        int count = 0;
        for (int i = 0; i < shape[dim]; i++) {
            boolean gap = cut(dim) && i == EDGE;
            if (count > 0) {
                text.append(!vector || count % perLine == 0 ? "," + newLine : ", ");
            }
            count++;
            if (gap) {
                text.append(vector ? " ..." : "...");
                i = shape[dim] - EDGE - 1;
            } else if (vector) {
                append(text, at * shape[dim] + i);
            } else {
                brackets(text, dim + 1, at * shape[dim] + i, indent + 1);
            }
        }
        text.append(']');
    }
}

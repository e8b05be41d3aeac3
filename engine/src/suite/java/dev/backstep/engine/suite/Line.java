package dev.backstep.engine.suite;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.tensor.Tensor;

/** A line of results in the making; see {@link Case}. */
final class Line {
    private final StringBuilder text = new StringBuilder();

    /** Shape, type and every element of a tensor; the word {@code null} for none. */
    Line add(Tensor tensor) {
        if (tensor == null) {
            return add("null");
        }
        for (int extent : tensor.shape()) {
            add("d" + extent);
        }
        add(tensor.dtype().shortName());
        if (tensor.dtype() == DType.INT64) {
            for (long value : tensor.toLongs()) {
                add("i" + value);
            }
            return this;
        }
        for (double value : tensor.toDoubles()) {
            add(tensor.dtype() == DType.FLOAT32 ? digits(Float.floatToIntBits((float) value) & 0xffffffffL, 8)
                    : digits(Double.doubleToLongBits(value), 16));
        }
        return this;
    }

    Line add(String word) {
        text.append(text.isEmpty() ? "" : " ").append(word.replace(' ', '_').replace('\n', '_'));
        return this;
    }

    private static String digits(long bits, int count) {
        String digits = Long.toHexString(bits);
        return "0".repeat(count - digits.length()) + digits;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}

package dev.backstep.web.train;

import java.util.Arrays;

/** Numbers that become more, or fewer from the end. */
public final class Growing {
    private static final int FIRST = 256;

    private double[] values = new double[FIRST];
    private int size;

    void put(int index, double value) {
        if (index >= values.length) {
            values = Arrays.copyOf(values, Math.max(index + 1, 2 * values.length));
        }
        // What was never told between is no number.
        for (; size < index; size++) {
            values[size] = Double.NaN;
        }
        values[index] = value;
        size = Math.max(size, index + 1);
    }

    void cut(int newSize) {
        size = Math.min(size, newSize);
    }

    public int size() {
        return size;
    }

    public double get(int index) {
        return values[index];
    }

    /** The last, or NaN where there is none. */
    public double last() {
        return size == 0 ? Double.NaN : values[size - 1];
    }
}

package dev.backstep.engine.lens;

import dev.backstep.engine.backend.View;

/** Which elements broadcasting made of which, by row-major numbers. */
final class Broadcast {
    private Broadcast() {}

    /** The element of shape {@code from} that stands at an element of shape {@code to}. */
    static int source(int[] from, int[] to, int element) {
        int source = 0;
        int stride = 1;
        int rest = element;
        for (int d = 1; d <= to.length; d++) {
            int extent = to[to.length - d];
            if (d <= from.length) {
                int own = from[from.length - d];
                source += own == 1 ? 0 : rest % extent * stride;
                stride *= own;
            }
            rest /= extent;
        }
        return source;
    }

    /** The elements of shape {@code to} that an element of shape {@code from} was repeated to, in order. */
    static int[] places(int[] from, int[] to, int element) {
        int[] strides = View.rowMajor(to);
        int[] places = {0};
        int[] own = new int[to.length];
        int rest = element;
        for (int d = from.length - 1; d >= 0; d--) {
            own[to.length - from.length + d] = rest % from[d];
            rest /= from[d];
        }
        for (int d = 0; d < to.length; d++) {
            int at = d - (to.length - from.length);
            boolean repeated = at < 0 || from[at] == 1;
            int first = repeated ? 0 : own[d];
            int count = repeated ? to[d] : 1;
            int[] next = new int[places.length * count];
            for (int i = 0; i < places.length; i++) {
                for (int j = 0; j < count; j++) {
                    next[i * count + j] = places[i] + (first + j) * strides[d];
                }
            }
            places = next;
        }
        return places;
    }
}

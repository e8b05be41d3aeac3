package dev.backstep.engine.step;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A value over the steps of a run: what it was after each, found in O(log changes). */
final class History<T> {
    private int[] steps = new int[2];
    private final List<T> values = new ArrayList<>(2);

    /** Says that the value is this one from that step on, the latest said so far. */
    void put(int step, T value) {
        int last = values.size() - 1;
        if (last >= 0 && steps[last] == step) {
            values.set(last, value);
            return;
        }
        if (values.size() == steps.length) {
            steps = Arrays.copyOf(steps, 2 * steps.length);
        }
        steps[values.size()] = step;
        values.add(value);
    }

    /** The value after that step; null where it had none yet. */
    T at(int step) {
        int place = Arrays.binarySearch(steps, 0, values.size(), step);
        if (place < 0) {
            place = -place - 2;
        }
        return place < 0 ? null : values.get(place);
    }

    int changes() {
        return values.size();
    }

    T change(int i) {
        return values.get(i);
    }

    /** The step of a change. */
    int step(int i) {
        return steps[i];
    }

    T last() {
        return values.isEmpty() ? null : values.getLast();
    }
}

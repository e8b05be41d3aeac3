package dev.backstep.engine.tensor;

import java.util.Arrays;

/**
 * Nodes that may run, the one made last in front. Equals (leaves, which all come first) leave in the order of PyTorch,
 * whose queue is the binary heap of the C++ library: a hole at the top sinks to the bottom along the larger children,
 * the right one where they are equal, and the last element rises from there.
 */
final class ReadyQueue {
    private Backward.Task[] heap = new Backward.Task[8];
    private int size;

    boolean isEmpty() {
        return size == 0;
    }

    Backward.Task peek() {
        return heap[0];
    }

    void push(Backward.Task task) {
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, 2 * size);
        }
        rise(size++, task);
    }

    Backward.Task pop() {
        Backward.Task first = heap[0];
        Backward.Task last = heap[--size];
        heap[size] = null;
        if (size > 0) {
            int hole = 0;
            int right = 2;
            while (right < size) {
                int child = before(heap[right], heap[right - 1]) ? right - 1 : right;
                heap[hole] = heap[child];
                hole = child;
                right = 2 * hole + 2;
            }
            if (right == size) {
                heap[hole] = heap[right - 1];
                hole = right - 1;
            }
            rise(hole, last);
        }
        return first;
    }

    private void rise(int hole, Backward.Task task) {
        int at = hole;
        while (at > 0 && before(heap[(at - 1) / 2], task)) {
            heap[at] = heap[(at - 1) / 2];
            at = (at - 1) / 2;
        }
        heap[at] = task;
    }

    /** Whether {@code a} has less right to run than {@code b}. */
    private static boolean before(Backward.Task a, Backward.Task b) {
        return a.node.sequence() < b.node.sequence();
    }
}

package dev.backstep.web.simd;

import dev.backstep.engine.backend.device.DeviceException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/** Gives out pieces of linear memory at multiples of 16 bytes, and takes them back by their size. */
final class Heap {
    /** Addresses are ints with a sign, and an extent is too. */
    private static final int MOST = Integer.MAX_VALUE - 0xffff;
    /** Room behind the last piece: vectors may be read past the end of what they are of. */
    private static final int SLACK = 256;
    /** Address 0 is left out. */
    private static final int START = 64;

    private final Machine machine;
    private final Map<Integer, Deque<Integer>> free = new HashMap<>();
    private int top = START;

    Heap(Machine machine) {
        this.machine = machine;
    }

    /** The address of zeroed memory. */
    int allocate(int bytes) {
        int room = room(bytes);
        Deque<Integer> found = free.get(room);
        if (found != null && !found.isEmpty()) {
            int address = found.pop();
            machine.zero(address, room);
            return address;
        }
        if (room > MOST - SLACK - top || !machine.reserve(top + room + SLACK)) {
            throw new DeviceException(DeviceException.Kind.OUT_OF_MEMORY, "no linear memory of " + bytes
                    + " bytes is left");
        }
        int address = top;
        top += room;
        return address;
    }

    void free(int address, int bytes) {
        free.computeIfAbsent(room(bytes), _ -> new ArrayDeque<>()).push(address);
    }

    /** Sizes are rounded so that about the same size finds the piece again. */
    private static int room(int bytes) {
        int step = Math.max(16, Integer.highestOneBit(Math.max(1, bytes)) >> 3);
        long rounded = ((long) bytes + step - 1) / step * step;
        return (int) Math.min(Math.max(16, rounded), Integer.MAX_VALUE);
    }
}

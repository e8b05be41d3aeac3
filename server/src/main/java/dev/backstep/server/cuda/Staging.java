package dev.backstep.server.cuda;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The way between Java's arrays and the device, through memory that the device copies by itself. What is written lies in
 * one half of a ring until the device has taken it; before a half is used again one waits for that, which is seldom
 * long.
 */
final class Staging {
    private static final long HALF = 4L << 20;

    private final Driver driver;
    private final MemorySegment ring;
    private final MemorySegment back;
    private final long[] taken = new long[2];
    private final boolean[] recorded = new boolean[2];
    private int half;
    private long filled;

    Staging(Driver driver) {
        this.driver = driver;
        ring = driver.cuMemHostAlloc(2 * HALF);
        back = driver.cuMemHostAlloc(HALF);
        taken[0] = driver.cuEventCreate();
        taken[1] = driver.cuEventCreate();
    }

    /** Writes an array of floats or ints, four bytes an element, to the device; it can be changed at once. */
    void write(long address, MemorySegment values) {
        long size = values.byteSize();
        for (long from = 0; from < size;) {
            long part = Math.min(HALF, size - from);
            if (filled + part > HALF) {
                turn();
            }
            MemorySegment piece = ring.asSlice(half * HALF + filled, part);
            MemorySegment.copy(values, from, piece, 0, part);
            driver.cuMemcpyHtoDAsync(address + from, piece, part);
            filled += (part + 15) & ~15L;
            from += part;
        }
    }

    private void turn() {
        driver.cuEventRecord(taken[half]);
        recorded[half] = true;
        half = 1 - half;
        filled = 0;
        if (recorded[half]) {
            driver.cuEventSynchronize(taken[half]);
        }
    }

    /** Reads from the device into an array, once all is done that was asked before. */
    void read(long address, MemorySegment values) {
        long size = values.byteSize();
        for (long from = 0; from < size; from += HALF) {
            long part = Math.min(HALF, size - from);
            driver.cuMemcpyDtoHAsync(back, address + from, part);
            driver.cuStreamSynchronize();
            MemorySegment.copy(back, ValueLayout.JAVA_BYTE, 0, values, ValueLayout.JAVA_BYTE, from, part);
        }
    }
}

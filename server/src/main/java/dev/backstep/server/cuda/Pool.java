package dev.backstep.server.cuda;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/**
 * Memory of the device. What is freed is kept by size, four sizes between a power of two and the next, and given out
 * again at once: all that was asked of it before comes before all that will be, because there is one stream. Where the
 * device has no more, what is kept goes back to it first.
 */
final class Pool {
    private static final long LEAST = 512;

    private final Driver driver;
    private final Map<Long, ArrayDeque<Long>> kept = new HashMap<>();
    /** Written by whoever has the device, read by anybody. */
    private volatile long used;
    private volatile long held;
    private volatile long most;

    Pool(Driver driver) {
        this.driver = driver;
    }

    /**
     * How memory is used, in bytes.
     *
     * @param used by somebody, {@code most} at any time
     * @param held of the device, used or kept
     */
    record Figures(long used, long most, long held) {
    }

    /** Does not wait for whoever has the device. */
    Figures figures() {
        return new Figures(used, most, held);
    }

    /** The size that is taken for so many bytes, always a multiple of 16. */
    static long size(long bytes) {
        long wanted = Math.max(LEAST, bytes);
        long step = Math.max(LEAST / 4, Long.highestOneBit(wanted - 1) / 4);
        return (wanted + step - 1) / step * step;
    }

    /**
     * Memory whose contents are anybody's.
     *
     * @throws CudaException where there is none left
     */
    long allocate(long bytes) {
        long size = size(bytes);
        ArrayDeque<Long> same = kept.get(size);
        Long address = same == null ? null : same.pollLast();
        if (address == null) {
            address = fresh(size);
            held += size;
        }
        used += size;
        most = Math.max(most, used);
        return address;
    }

    private long fresh(long size) {
        try {
            return driver.cuMemAlloc(size);
        } catch (CudaException refused) {
            if (!refused.isOutOfMemory() || held == used) {
                throw refused;
            }
        }
        giveBack();
        return driver.cuMemAlloc(size);
    }

    /** @param bytes as they were asked for */
    void free(long address, long bytes) {
        long size = size(bytes);
        used -= size;
        kept.computeIfAbsent(size, _ -> new ArrayDeque<>()).addLast(address);
    }

    /** Gives what nobody uses back to the device, which waits for it. */
    void giveBack() {
        kept.forEach((size, addresses) -> {
            for (long address : addresses) {
                driver.cuMemFree(address);
                held -= size;
            }
        });
        kept.clear();
    }
}

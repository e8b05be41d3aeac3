package dev.backstep.server.runs;

import dev.backstep.engine.backend.Buffer;
import dev.backstep.engine.backend.DType;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.SplittableRandom;

/**
 * How much memory one run holds, in tensors and on devices. What the engine allocates on the run's thread is added;
 * what the garbage collector has found dead is taken off. Garbage that was not found yet counts, so before a run is
 * refused anything, the collector is asked to look. Memory of devices is given back by whoever has it.
 *
 * <p>Small memory is counted by sampling: of about every 64 KiB of it one piece is followed, and stands for all.
 */
final class Meter {
    /** What a tensor needs beside its numbers: itself, its views, the node of the graph that made it. */
    private static final int OVERHEAD = 300;
    private static final int SMALL = 4_096;
    private static final int SAMPLE = 64 << 10;
    /** How long the collector's findings may take to arrive. */
    private static final int WAITS = 10;
    private static final long WAIT_MILLIS = 20;

    private static final ThreadLocal<Meter> CURRENT = new ThreadLocal<>();

    private final long limit;
    private final ReferenceQueue<Buffer> dead = new ReferenceQueue<>();
    private final SplittableRandom random = new SplittableRandom();
    /** The pieces that are followed, in a ring. */
    private final Piece ring = new Piece();
    private long unfollowed;
    private long nextSample = SAMPLE;
    private volatile long held;
    private volatile long heldOnDevice;
    private volatile boolean condemned;

    /** @param limit bytes that the run may hold */
    Meter(long limit) {
        this.limit = limit;
    }

    /** A piece of memory that is followed, and how many bytes it stands for. */
    private final class Piece extends PhantomReference<Buffer> {
        private final long bytes;
        private Piece before = this;
        private Piece after = this;

        Piece() {
            super(null, null);
            bytes = 0;
        }

        Piece(Buffer memory, long bytes) {
            super(memory, dead);
            this.bytes = bytes;
            before = ring;
            after = ring.after;
            ring.after.before = this;
            ring.after = this;
        }

        void unlink() {
            before.after = after;
            after.before = before;
        }
    }

    interface Scope extends AutoCloseable {
        @Override
        void close();
    }

    /** Has this thread's allocations go to this meter for a while. */
    Scope measure() {
        CURRENT.set(this);
        return CURRENT::remove;
    }

    /** The meter of this thread's run, or null. */
    static Meter current() {
        return CURRENT.get();
    }

    /** Bytes of the process's memory held when last looked at, garbage included. Any thread may ask. */
    long held() {
        return held;
    }

    /** Bytes of devices' own memory. Any thread may ask. */
    long heldOnDevice() {
        return heldOnDevice;
    }

    /** Has the run be refused the next memory it asks for: the process ran out, and this run was the one to go. */
    void condemn() {
        condemned = true;
    }

    /**
     * Says that the run is about to allocate so many elements.
     *
     * @throws TooMuchMemory where that is more than it may hold
     */
    void wants(DType type, int size) {
        wants((long) size * type.bytes());
    }

    /** Likewise of so many bytes, here or on a device. */
    void wants(long bytes) {
        if (held + heldOnDevice + bytes > limit || condemned) {
            look(bytes);
        }
    }

    /** Says that the run has so many bytes more (less) that it will give back by itself. */
    void tookHere(long bytes) {
        held += bytes;
    }

    /** Likewise of a device's memory. */
    void tookOnDevice(long bytes) {
        heldOnDevice += bytes;
    }

    private void look(long bytes) {
        forget();
        long wanted = heldOnDevice + bytes;
        if (held + wanted > limit) {
            System.gc();
            for (int i = 0; i < WAITS && held + wanted > limit; i++) {
                pause();
                forget();
            }
        }
        if (condemned) {
            throw TooMuchMemory.ofProcess(held);
        }
        if (held + wanted > limit) {
            throw TooMuchMemory.beyond(limit, held + heldOnDevice, held + wanted);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(WAIT_MILLIS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Says what the run has allocated. @return the same */
    Buffer took(Buffer memory) {
        long bytes = (long) memory.size() * memory.dtype().bytes() + OVERHEAD;
        if (bytes < SMALL) {
            unfollowed += bytes;
            if (unfollowed < nextSample) {
                return memory;
            }
            bytes = unfollowed;
            unfollowed = 0;
            // At random, or pieces that come at the same place of every batch would always, or never, be followed.
            nextSample = random.nextLong(2 * SAMPLE);
        }
        forget();
        new Piece(memory, bytes);
        held += bytes;
        return memory;
    }

    /** Takes off what the collector has found dead. */
    private void forget() {
        for (var piece = dead.poll(); piece != null; piece = dead.poll()) {
            @SuppressWarnings("unchecked")
            Piece found = (Piece) piece;
            found.unlink();
            held -= found.bytes;
        }
    }
}

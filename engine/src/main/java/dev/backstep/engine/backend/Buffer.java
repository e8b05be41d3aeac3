package dev.backstep.engine.backend;

/**
 * Memory of one backend, and how often it was written in place since it was made. Views that share a buffer share that
 * count; it is what PyTorch calls the version.
 */
public abstract class Buffer {
    /** Of how many writes the writers are remembered. */
    private static final int REMEMBERED = 16;

    private int version;
    /** Who wrote version v, at v modulo the length; null where no writer was named. */
    private Object[] writers;

    public abstract DType dtype();

    /** Number of elements. */
    public abstract int size();

    /** The same memory under a version count of its own, which is what {@code Tensor.data} is in PyTorch. */
    public abstract Buffer alias();

    /** Whether the other one is the same memory, under whichever count. */
    public abstract boolean isSameMemory(Buffer other);

    public final int version() {
        return version;
    }

    /** Says that the memory was written in place. */
    public final void bump() {
        bump(null);
    }

    /** Says that {@code writer} wrote the memory in place; null is somebody without a name. */
    public final void bump(Object writer) {
        version++;
        if (writer != null && writers == null) {
            writers = new Object[REMEMBERED];
        }
        if (writers != null) {
            writers[version % REMEMBERED] = writer;
        }
    }

    /** Says that the memory was written so often, by somebody without a name. */
    public final void bump(int times) {
        version += times;
        writers = times == 0 ? writers : null;
    }

    /** Who made that version, or null where that is not known (any more). */
    public final Object writer(int of) {
        return writers == null || of > version || of <= version - REMEMBERED ? null : writers[of % REMEMBERED];
    }

    /** Takes over the version of the memory that this is a copy of, and who made it. */
    public final void countAs(Buffer original) {
        version = original.version;
        writers = original.writers == null ? null : original.writers.clone();
    }

    /** Says that this memory takes the place of another whose contents were changed by putting new memory there. */
    public final void succeed(Buffer old) {
        version = old.version + 1;
    }
}

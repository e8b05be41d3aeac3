package dev.backstep.engine.backend;

/**
 * Memory of one backend, and how often it was written in place since it was made. Views that share a buffer share that
 * count; it is what PyTorch calls the version.
 */
public abstract class Buffer {
    private int version;

    public abstract DType dtype();

    /** Number of elements. */
    public abstract int size();

    /** The same memory under a version count of its own, which is what {@code Tensor.data} is in PyTorch. */
    public abstract Buffer alias();

    public final int version() {
        return version;
    }

    /** Says that the memory was written in place. */
    public final void bump() {
        version++;
    }

    /** Says that this memory takes the place of another whose contents were changed by putting new memory there. */
    public final void succeed(Buffer old) {
        version = old.version + 1;
    }
}

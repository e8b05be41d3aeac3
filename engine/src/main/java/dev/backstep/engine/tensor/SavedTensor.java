package dev.backstep.engine.tensor;

import dev.backstep.engine.backend.Buffer;

/**
 * A tensor that a node keeps for backward.
 *
 * @param name PyTorch's name of it, such as {@code _saved_self}; of a custom function {@code saved_tensors[0]}
 * @param tensor what was kept, of any shape and type; null once it was freed
 * @param version the version its memory had when it was kept
 */
public record SavedTensor(String name, Tensor tensor, int version) {
    /** Whether backward has let go of it. */
    public boolean isFreed() {
        return tensor == null;
    }

    /** Bytes of its elements, PyTorch's {@code nbytes}; 0 once it was freed. */
    public long bytes() {
        return tensor == null ? 0 : (long) tensor.numel() * tensor.dtype().bytes();
    }

    /** The memory it keeps alive, which may be more than its elements where it is a view; null once it was freed. */
    public Buffer memory() {
        return tensor == null ? null : tensor.view().buffer();
    }

    /** Bytes of a memory as a whole, which is what stays alive when any part of it is kept. */
    public static long bytes(Buffer memory) {
        return (long) memory.size() * memory.dtype().bytes();
    }
}

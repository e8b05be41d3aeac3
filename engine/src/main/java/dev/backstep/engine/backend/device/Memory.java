package dev.backstep.engine.backend.device;

import dev.backstep.engine.backend.DType;

/**
 * Memory of a device. An element takes four bytes: float32 as it is, bool as 0 or 1, int64 as an int, which whoever
 * writes has checked to fit. There is no float64.
 */
public interface Memory {
    DType type();

    /** Number of elements. */
    int size();
}

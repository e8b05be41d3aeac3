package dev.backstep.web.simd;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.device.Memory;

/** A piece of linear memory. */
record SimdMemory(DType type, int size, int address) implements Memory {
}

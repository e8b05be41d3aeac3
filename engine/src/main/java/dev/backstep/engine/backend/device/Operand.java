package dev.backstep.engine.backend.device;

import dev.backstep.engine.backend.DType;

/**
 * A strided look at the memory in a slot of an {@link Executable}: a {@link dev.backstep.engine.backend.View} that
 * does not say yet which memory it is. The arrays are never changed.
 */
public record Operand(int slot, DType type, int[] shape, int[] strides, int offset) {
}

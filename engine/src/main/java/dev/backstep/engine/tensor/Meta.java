package dev.backstep.engine.tensor;

import dev.backstep.engine.backend.DType;

/**
 * What is known of a tensor without its numbers.
 *
 * @param shape the extents, or null where only a run can tell (a mask picks as many as it picks)
 */
public record Meta(int[] shape, DType dtype) {
}

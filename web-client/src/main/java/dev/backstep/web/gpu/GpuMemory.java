package dev.backstep.web.gpu;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.device.Memory;
import dev.backstep.web.jso.webgpu.GPUBuffer;

/** Memory in a buffer, which goes back to the pool when it is freed. */
final class GpuMemory implements Memory {
    /** A buffer, and the last submission whose commands name it. */
    static final class Block {
        final GPUBuffer buffer;
        final int bytes;
        int submission = -1;

        Block(GPUBuffer buffer, int bytes) {
            this.buffer = buffer;
            this.bytes = bytes;
        }
    }

    private final DType type;
    private final int size;
    final Block block;
    /** Whether somebody else's numbers are in it, where zeros should be. */
    boolean isStale;
    boolean isFree;

    GpuMemory(DType type, int size, Block block, boolean stale) {
        this.type = type;
        this.size = size;
        this.block = block;
        isStale = stale;
    }

    @Override
    public DType type() {
        return type;
    }

    @Override
    public int size() {
        return size;
    }
}

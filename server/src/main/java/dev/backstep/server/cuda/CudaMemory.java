package dev.backstep.server.cuda;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.device.Memory;

/** Memory of the device, which goes back to the pool when it is freed. */
final class CudaMemory implements Memory {
    private final DType type;
    private final int size;
    final long address;
    boolean isFree;

    CudaMemory(DType type, int size, long address) {
        this.type = type;
        this.size = size;
        this.address = address;
    }

    @Override
    public DType type() {
        return type;
    }

    @Override
    public int size() {
        return size;
    }

    /** How many bytes the elements take. */
    long bytes() {
        return bytes(type, size);
    }

    static long bytes(DType type, int size) {
        return (type == DType.FLOAT64 ? 8L : 4L) * size;
    }
}

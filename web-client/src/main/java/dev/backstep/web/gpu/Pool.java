package dev.backstep.web.gpu;

import dev.backstep.engine.backend.device.DeviceException;
import dev.backstep.engine.backend.device.DeviceException.Kind;
import dev.backstep.web.gpu.GpuMemory.Block;
import dev.backstep.web.jso.webgpu.GPUBufferDescriptor;
import dev.backstep.web.jso.webgpu.GPUBufferUsage;
import dev.backstep.web.jso.webgpu.GPUDevice;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.teavm.jso.core.JSObjects;

/** Buffers that nobody uses, by size: four sizes between a power of two and the next. */
final class Pool {
    /** What lies here unused at most. */
    private static final long KEPT = 256L << 20;

    private final GPUDevice device;
    private final Commands commands;
    private final double limit;
    private final Map<Integer, ArrayDeque<Block>> unused = new HashMap<>();
    private long kept;

    Pool(GPUDevice device, Commands commands) {
        this.device = device;
        this.commands = commands;
        limit = Math.min(device.getLimits().getMaxBufferSize(), device.getLimits().getMaxStorageBufferBindingSize());
    }

    /** Bytes of the buffer for so many elements. */
    static long bytes(int elements) {
        long wanted = Math.max(256, elements * 4L);
        long step = Math.max(64, Long.highestOneBit(wanted - 1) / 4);
        return (wanted + step - 1) / step * step;
    }

    /** A buffer that was used before, or null. */
    Block used(int elements) {
        ArrayDeque<Block> blocks = unused.get((int) Math.min(Integer.MAX_VALUE, bytes(elements)));
        Block block = blocks == null ? null : blocks.pollLast();
        if (block != null) {
            kept -= block.bytes;
        }
        return block;
    }

    /**
     * A buffer of zeros.
     *
     * @throws DeviceException where it would be larger than the device allows
     */
    Block fresh(int elements) {
        long bytes = bytes(elements);
        if (bytes > Math.min(limit, Integer.MAX_VALUE)) {
            throw new DeviceException(Kind.OUT_OF_MEMORY, bytes + " bytes are more than a buffer of this device holds");
        }
        GPUBufferDescriptor descriptor = JSObjects.create();
        descriptor.setSize(bytes);
        descriptor.setUsage(GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST);
        return new Block(device.createBuffer(descriptor), (int) bytes);
    }

    void giveBack(Block block) {
        if (kept + block.bytes > KEPT) {
            if (commands.uses(block)) {
                commands.submit();
            }
            block.buffer.destroy();
            return;
        }
        kept += block.bytes;
        unused.computeIfAbsent(block.bytes, _ -> new ArrayDeque<>()).addLast(block);
    }
}

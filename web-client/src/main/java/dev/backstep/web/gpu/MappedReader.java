package dev.backstep.web.gpu;

import dev.backstep.engine.backend.device.DeviceException;
import dev.backstep.engine.backend.device.DeviceException.Kind;
import dev.backstep.engine.backend.device.Pending;
import dev.backstep.web.gpu.GpuMemory.Block;
import dev.backstep.web.jso.webgpu.GPUBuffer;
import dev.backstep.web.jso.webgpu.GPUBufferDescriptor;
import dev.backstep.web.jso.webgpu.GPUBufferUsage;
import dev.backstep.web.jso.webgpu.GPUDevice;
import dev.backstep.web.jso.webgpu.GPUMapMode;
import java.util.ArrayDeque;
import org.teavm.jso.core.JSObjects;
import org.teavm.jso.typedarrays.Float32Array;

/** Reads memory without waiting: a copy that is mapped once the device is done. */
final class MappedReader {
    /** Up to so many bytes a copy is kept for the next read. */
    private static final int SMALL = 4096;

    private final GPUDevice device;
    private final Commands commands;
    private final Runnable check;
    private final ArrayDeque<GPUBuffer> spare = new ArrayDeque<>();

    /** @param check throws what is wrong with the device */
    MappedReader(GPUDevice device, Commands commands, Runnable check) {
        this.device = device;
        this.commands = commands;
        this.check = check;
    }

    Pending read(Block block, int count) {
        int bytes = count * 4;
        GPUBuffer copy = bytes <= SMALL ? spare.pollLast() : null;
        if (copy == null) {
            GPUBufferDescriptor descriptor = JSObjects.create();
            descriptor.setSize(Math.max(SMALL, bytes));
            descriptor.setUsage(GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST);
            copy = device.createBuffer(descriptor);
        }
        commands.open().copyBufferToBuffer(block.buffer, 0, copy, 0, bytes);
        commands.submit();
        return new Mapped(copy, bytes);
    }

    private final class Mapped implements Pending {
        private float[] numbers;
        private String failed;

        Mapped(GPUBuffer copy, int bytes) {
            copy.mapAsync(GPUMapMode.READ, 0, bytes).then(_ -> {
                // A copy of its own, because the mapped one is gone with the mapping.
                numbers = new Float32Array(new Float32Array(copy.getMappedRange(0, bytes))).copyToJavaArray();
                copy.unmap();
                if (bytes <= SMALL) {
                    spare.addLast(copy);
                } else {
                    copy.destroy();
                }
                return null;
            }, reason -> {
                failed = JSObjects.toString(reason);
                return null;
            });
        }

        @Override
        public boolean isReady() {
            return numbers != null || failed != null;
        }

        @Override
        public float[] floats() {
            if (failed != null) {
                check.run();
                throw new DeviceException(Kind.LOST, failed);
            }
            return numbers;
        }
    }
}

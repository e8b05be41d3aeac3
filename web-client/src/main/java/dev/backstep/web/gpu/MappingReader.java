package dev.backstep.web.gpu;

import dev.backstep.web.gpu.GpuMemory.Block;
import dev.backstep.web.jso.webgpu.GPUBuffer;
import dev.backstep.web.jso.webgpu.GPUBufferDescriptor;
import dev.backstep.web.jso.webgpu.GPUBufferUsage;
import dev.backstep.web.jso.webgpu.GPUDevice;
import dev.backstep.web.jso.webgpu.GPUMapMode;
import org.teavm.jso.core.JSObjects;
import org.teavm.jso.typedarrays.Int32Array;

/** Reads memory by {@code mapSync}: as a copy that is mapped while one waits. */
final class MappingReader implements Reader {
    private final GPUDevice device;
    private final Commands commands;

    MappingReader(GPUDevice device, Commands commands) {
        this.device = device;
        this.commands = commands;
    }

    @Override
    public void read(Block block, int count, int[] to) {
        if (count == 0) {
            return;
        }
        double bytes = count * 4.0;
        GPUBufferDescriptor descriptor = JSObjects.create();
        descriptor.setSize(bytes);
        descriptor.setUsage(GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST);
        GPUBuffer copy = device.createBuffer(descriptor);
        commands.open().copyBufferToBuffer(block.buffer, 0, copy, 0, bytes);
        commands.submit();
        copy.mapSync(GPUMapMode.READ, 0, bytes);
        int[] numbers = new Int32Array(new Int32Array(copy.getMappedRange(0, bytes))).copyToJavaArray();
        System.arraycopy(numbers, 0, to, 0, count);
        copy.destroy();
    }
}

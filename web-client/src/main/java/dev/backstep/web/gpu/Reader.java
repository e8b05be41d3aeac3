package dev.backstep.web.gpu;

import dev.backstep.engine.backend.device.DeviceException;
import dev.backstep.web.gpu.GpuMemory.Block;
import dev.backstep.web.jso.webgpu.GPUDevice;
import dev.backstep.web.jso.webgpu.MapSync;

/** Reads memory at once, where WebGPU itself lets one only wait. */
interface Reader {
    /**
     * The first elements of a block, as they lie.
     *
     * @throws DeviceException where they do not come
     */
    void read(Block block, int count, int[] to);

    /** The one for this place. */
    static Reader of(GPUDevice device, Commands commands) {
        return MapSync.isHere() ? new MappingReader(device, commands) : new CanvasReader(device, commands);
    }
}

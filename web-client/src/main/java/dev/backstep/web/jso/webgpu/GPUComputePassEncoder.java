package dev.backstep.web.jso.webgpu;

import org.teavm.jso.JSObject;
import org.teavm.jso.typedarrays.Uint32Array;

/** Dispatches as they are written down. */
public interface GPUComputePassEncoder extends JSObject {
    void setPipeline(GPUComputePipeline pipeline);

    void setBindGroup(int index, GPUBindGroup bindGroup, Uint32Array dynamicOffsets, int dynamicOffsetsStart,
            int dynamicOffsetsLength);

    void dispatchWorkgroups(int workgroupCountX, int workgroupCountY);

    void end();
}

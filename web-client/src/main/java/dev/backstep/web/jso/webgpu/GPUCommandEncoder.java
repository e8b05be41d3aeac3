package dev.backstep.web.jso.webgpu;

import org.teavm.jso.JSObject;

/** Commands as they are written down. */
public interface GPUCommandEncoder extends JSObject {
    GPUComputePassEncoder beginComputePass();

    GPUComputePassEncoder beginComputePass(GPUComputePassDescriptor descriptor);

    void clearBuffer(GPUBuffer buffer);

    void copyBufferToBuffer(GPUBuffer source, double sourceOffset, GPUBuffer destination, double destinationOffset,
            double size);

    void copyBufferToTexture(GPUTexelCopyBufferInfo source, GPUTexelCopyTextureInfo destination, GPUExtent3D copySize);

    void resolveQuerySet(GPUQuerySet querySet, int firstQuery, int queryCount, GPUBuffer destination,
            double destinationOffset);

    GPUCommandBuffer finish();
}

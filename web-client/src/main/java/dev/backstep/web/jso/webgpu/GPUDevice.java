package dev.backstep.web.jso.webgpu;

import org.teavm.jso.JSProperty;
import org.teavm.jso.core.JSPromise;
import org.teavm.jso.dom.events.EventTarget;

/** A device of an adapter: what it makes is lost with it. */
public interface GPUDevice extends EventTarget {
    @JSProperty
    GPUSupportedFeatures getFeatures();

    @JSProperty
    GPUSupportedLimits getLimits();

    @JSProperty
    GPUQueue getQueue();

    @JSProperty
    JSPromise<GPUDeviceLostInfo> getLost();

    void destroy();

    GPUBuffer createBuffer(GPUBufferDescriptor descriptor);

    GPUBindGroupLayout createBindGroupLayout(GPUBindGroupLayoutDescriptor descriptor);

    GPUPipelineLayout createPipelineLayout(GPUPipelineLayoutDescriptor descriptor);

    GPUBindGroup createBindGroup(GPUBindGroupDescriptor descriptor);

    GPUShaderModule createShaderModule(GPUShaderModuleDescriptor descriptor);

    GPUComputePipeline createComputePipeline(GPUComputePipelineDescriptor descriptor);

    JSPromise<GPUComputePipeline> createComputePipelineAsync(GPUComputePipelineDescriptor descriptor);

    GPUCommandEncoder createCommandEncoder();

    GPUQuerySet createQuerySet(GPUQuerySetDescriptor descriptor);

    void pushErrorScope(String filter);

    JSPromise<GPUError> popErrorScope();
}

package dev.backstep.web.jso.webgpu;

import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;
import org.teavm.jso.core.JSArray;

/** The groups of a pipeline, as they are asked for. */
public interface GPUPipelineLayoutDescriptor extends JSObject {
    @JSProperty
    void setBindGroupLayouts(JSArray<GPUBindGroupLayout> bindGroupLayouts);
}

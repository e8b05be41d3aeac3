package dev.backstep.web.jso.webgpu;

import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;

/** A pipeline that is wanted. */
public interface GPUComputePipelineDescriptor extends JSObject {
    @JSProperty
    void setLabel(String label);

    @JSProperty
    void setLayout(GPUPipelineLayout layout);

    @JSProperty
    void setCompute(GPUProgrammableStage compute);
}

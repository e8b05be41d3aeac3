package dev.backstep.web.jso.webgpu;

import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;

/** The function of a shader that a pipeline runs. */
public interface GPUProgrammableStage extends JSObject {
    @JSProperty
    void setModule(GPUShaderModule module);

    @JSProperty
    void setEntryPoint(String entryPoint);
}

package dev.backstep.web.jso.webgpu;

import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;

/** A shader's text. */
public interface GPUShaderModuleDescriptor extends JSObject {
    @JSProperty
    void setLabel(String label);

    @JSProperty
    void setCode(String code);
}

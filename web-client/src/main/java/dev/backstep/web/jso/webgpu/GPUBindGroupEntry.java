package dev.backstep.web.jso.webgpu;

import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;

/** One memory of a group. */
public interface GPUBindGroupEntry extends JSObject {
    @JSProperty
    void setBinding(int binding);

    @JSProperty
    void setResource(GPUBufferBinding resource);
}

package dev.backstep.web.jso.webgpu;

import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;

/** One kind of memory. */
public interface GPUBindGroupLayoutEntry extends JSObject {
    @JSProperty
    void setBinding(int binding);

    @JSProperty
    void setVisibility(int visibility);

    @JSProperty
    void setBuffer(GPUBufferBindingLayout buffer);
}

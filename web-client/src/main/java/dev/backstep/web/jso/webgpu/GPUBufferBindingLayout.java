package dev.backstep.web.jso.webgpu;

import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;

/** How a buffer is bound. */
public interface GPUBufferBindingLayout extends JSObject {
    @JSProperty
    void setType(String type);

    @JSProperty
    void setHasDynamicOffset(boolean hasDynamicOffset);

    @JSProperty
    void setMinBindingSize(double minBindingSize);
}

package dev.backstep.web.jso.webgpu;

import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;

/** The places that are wanted. */
public interface GPUQuerySetDescriptor extends JSObject {
    @JSProperty
    void setType(String type);

    @JSProperty
    void setCount(int count);
}

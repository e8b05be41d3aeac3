package dev.backstep.web.jso.webgpu;

import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;

/** A part of a buffer. */
public interface GPUBufferBinding extends JSObject {
    @JSProperty
    void setBuffer(GPUBuffer buffer);

    @JSProperty
    void setOffset(double offset);

    @JSProperty
    void setSize(double size);
}

package dev.backstep.web.jso.webgpu;

import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;

/** Where texels come from. */
public interface GPUTexelCopyBufferInfo extends JSObject {
    @JSProperty
    void setBuffer(GPUBuffer buffer);

    @JSProperty
    void setOffset(double offset);

    @JSProperty
    void setBytesPerRow(int bytesPerRow);
}

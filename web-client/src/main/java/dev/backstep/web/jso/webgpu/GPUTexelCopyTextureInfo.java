package dev.backstep.web.jso.webgpu;

import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;

/** Where texels go. */
public interface GPUTexelCopyTextureInfo extends JSObject {
    @JSProperty
    void setTexture(GPUTexture texture);
}

package dev.backstep.web.jso.webgpu;

import org.teavm.jso.JSObject;

/** A canvas that a device draws on. */
public interface GPUCanvasContext extends JSObject {
    void configure(GPUCanvasConfiguration configuration);

    void unconfigure();

    GPUTexture getCurrentTexture();
}

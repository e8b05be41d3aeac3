package dev.backstep.web.jso.webgpu;

import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;

/** How a canvas shows what a device draws. */
public interface GPUCanvasConfiguration extends JSObject {
    @JSProperty
    void setDevice(GPUDevice device);

    @JSProperty
    void setFormat(String format);

    @JSProperty
    void setUsage(int usage);

    @JSProperty
    void setAlphaMode(String alphaMode);
}

package dev.backstep.web.jso.webgpu;

import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;

/** Which adapter is wanted. */
public interface GPURequestAdapterOptions extends JSObject {
    @JSProperty
    void setPowerPreference(String powerPreference);

    @JSProperty
    void setForceFallbackAdapter(boolean forceFallbackAdapter);
}

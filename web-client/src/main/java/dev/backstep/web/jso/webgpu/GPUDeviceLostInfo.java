package dev.backstep.web.jso.webgpu;

import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;

/** Why a device was lost. */
public interface GPUDeviceLostInfo extends JSObject {
    @JSProperty
    String getReason();

    @JSProperty
    String getMessage();
}

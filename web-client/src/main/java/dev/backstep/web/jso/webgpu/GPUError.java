package dev.backstep.web.jso.webgpu;

import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;

/** What the device refused. */
public interface GPUError extends JSObject {
    @JSProperty
    String getMessage();
}

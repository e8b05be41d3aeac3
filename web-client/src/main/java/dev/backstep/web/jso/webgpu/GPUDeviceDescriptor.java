package dev.backstep.web.jso.webgpu;

import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;
import org.teavm.jso.core.JSArray;
import org.teavm.jso.core.JSString;

/** What is asked of a device. */
public interface GPUDeviceDescriptor extends JSObject {
    @JSProperty
    void setLabel(String label);

    @JSProperty
    void setRequiredFeatures(JSArray<JSString> requiredFeatures);

    @JSProperty
    void setRequiredLimits(GPURequiredLimits requiredLimits);
}

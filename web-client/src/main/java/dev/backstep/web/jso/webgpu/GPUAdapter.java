package dev.backstep.web.jso.webgpu;

import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;
import org.teavm.jso.core.JSPromise;

/** A graphics processor, or a program in its place. */
public interface GPUAdapter extends JSObject {
    @JSProperty
    GPUSupportedFeatures getFeatures();

    @JSProperty
    GPUSupportedLimits getLimits();

    @JSProperty
    GPUAdapterInfo getInfo();

    JSPromise<GPUDevice> requestDevice(GPUDeviceDescriptor descriptor);
}

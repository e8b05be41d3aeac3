package dev.backstep.web.jso.webgpu;

import org.teavm.jso.JSObject;
import org.teavm.jso.core.JSPromise;

/** WebGPU's own object. */
public interface GPU extends JSObject {
    JSPromise<GPUAdapter> requestAdapter(GPURequestAdapterOptions options);
}

package dev.backstep.web.jso.webgpu;

import org.teavm.jso.JSObject;

/** A shader made ready. */
public interface GPUComputePipeline extends JSObject {
}

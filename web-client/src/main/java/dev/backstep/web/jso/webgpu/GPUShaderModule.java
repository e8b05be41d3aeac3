package dev.backstep.web.jso.webgpu;

import org.teavm.jso.JSObject;

/** A shader. */
public interface GPUShaderModule extends JSObject {
}

package dev.backstep.web.jso.webgpu;

import org.teavm.jso.JSObject;

/** Which kinds of memory a shader is given. */
public interface GPUBindGroupLayout extends JSObject {
}

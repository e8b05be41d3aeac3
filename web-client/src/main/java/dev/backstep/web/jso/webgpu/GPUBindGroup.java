package dev.backstep.web.jso.webgpu;

import org.teavm.jso.JSObject;

/** The memories a shader is given. */
public interface GPUBindGroup extends JSObject {
}

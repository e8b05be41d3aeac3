package dev.backstep.web.jso.webgpu;

import org.teavm.jso.JSObject;

/** Commands ready to be submitted, once. */
public interface GPUCommandBuffer extends JSObject {
}

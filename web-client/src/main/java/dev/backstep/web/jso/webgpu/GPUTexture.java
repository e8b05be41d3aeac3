package dev.backstep.web.jso.webgpu;

import org.teavm.jso.JSObject;

/** A picture of a device. */
public interface GPUTexture extends JSObject {
}

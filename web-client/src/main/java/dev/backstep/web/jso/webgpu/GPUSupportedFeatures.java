package dev.backstep.web.jso.webgpu;

import org.teavm.jso.JSObject;

/** A set of names. */
public interface GPUSupportedFeatures extends JSObject {
    boolean has(String value);
}

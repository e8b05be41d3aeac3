package dev.backstep.web.jso.webgpu;

import org.teavm.jso.JSObject;

/** Places for times. */
public interface GPUQuerySet extends JSObject {
    void destroy();
}

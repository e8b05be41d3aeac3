package dev.backstep.web.jso.webgpu;

import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;

/** The size of a texture as a dictionary. */
public interface GPUExtent3D extends JSObject {
    @JSProperty
    void setWidth(int width);

    @JSProperty
    void setHeight(int height);
}

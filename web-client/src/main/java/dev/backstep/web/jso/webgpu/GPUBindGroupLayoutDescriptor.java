package dev.backstep.web.jso.webgpu;

import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;
import org.teavm.jso.core.JSArray;

/** A layout's entries. */
public interface GPUBindGroupLayoutDescriptor extends JSObject {
    @JSProperty
    void setEntries(JSArray<GPUBindGroupLayoutEntry> entries);
}

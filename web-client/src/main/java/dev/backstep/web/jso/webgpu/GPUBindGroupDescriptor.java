package dev.backstep.web.jso.webgpu;

import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;
import org.teavm.jso.core.JSArray;

/** The memories a shader is to be given. */
public interface GPUBindGroupDescriptor extends JSObject {
    @JSProperty
    void setLayout(GPUBindGroupLayout layout);

    @JSProperty
    void setEntries(JSArray<GPUBindGroupEntry> entries);
}

package dev.backstep.web.jso.webgpu;

import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;

/** The memory that is wanted. */
public interface GPUBufferDescriptor extends JSObject {
    @JSProperty
    void setLabel(String label);

    @JSProperty
    void setSize(double size);

    @JSProperty
    void setUsage(int usage);

    @JSProperty
    void setMappedAtCreation(boolean mappedAtCreation);
}

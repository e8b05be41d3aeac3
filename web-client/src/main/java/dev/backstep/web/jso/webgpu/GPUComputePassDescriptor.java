package dev.backstep.web.jso.webgpu;

import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;

/** Where a pass notes its times. */
public interface GPUComputePassDescriptor extends JSObject {
    @JSProperty
    void setTimestampWrites(GPUComputePassTimestampWrites timestampWrites);
}

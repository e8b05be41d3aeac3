package dev.backstep.web.jso.webgpu;

import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;

/** The places of a pass's times. */
public interface GPUComputePassTimestampWrites extends JSObject {
    @JSProperty
    void setQuerySet(GPUQuerySet querySet);

    @JSProperty
    void setBeginningOfPassWriteIndex(int beginningOfPassWriteIndex);

    @JSProperty
    void setEndOfPassWriteIndex(int endOfPassWriteIndex);
}

package dev.backstep.web.jso.webgpu;

import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;
import org.teavm.jso.core.JSPromise;
import org.teavm.jso.core.JSUndefined;
import org.teavm.jso.typedarrays.ArrayBuffer;

/** Memory of a device. */
public interface GPUBuffer extends JSObject {
    @JSProperty
    double getSize();

    @JSProperty
    int getUsage();

    JSPromise<JSUndefined> mapAsync(int mode);

    JSPromise<JSUndefined> mapAsync(int mode, double offset, double size);

    /** Waits until it is mapped. Proposed for workers; no browser has it yet. */
    void mapSync(int mode, double offset, double size);

    ArrayBuffer getMappedRange();

    ArrayBuffer getMappedRange(double offset, double size);

    void unmap();

    void destroy();
}

package dev.backstep.web.jso.webgpu;

import org.teavm.jso.JSObject;
import org.teavm.jso.core.JSArrayReader;
import org.teavm.jso.core.JSPromise;
import org.teavm.jso.core.JSUndefined;
import org.teavm.jso.typedarrays.ArrayBufferView;

/** Where commands go. */
public interface GPUQueue extends JSObject {
    void submit(JSArrayReader<GPUCommandBuffer> commandBuffers);

    void writeBuffer(GPUBuffer buffer, double bufferOffset, ArrayBufferView data);

    void writeBuffer(GPUBuffer buffer, double bufferOffset, ArrayBufferView data, int dataOffset, int size);

    JSPromise<JSUndefined> onSubmittedWorkDone();
}

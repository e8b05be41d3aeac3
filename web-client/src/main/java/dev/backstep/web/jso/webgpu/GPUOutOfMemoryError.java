package dev.backstep.web.jso.webgpu;

import org.teavm.jso.JSBody;

/** The kind of error that says there was no memory left. */
public final class GPUOutOfMemoryError {
    private GPUOutOfMemoryError() {}

    @JSBody(params = "error", script = "return error instanceof GPUOutOfMemoryError;")
    public static native boolean isOne(GPUError error);
}

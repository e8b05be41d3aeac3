package dev.backstep.web.jso.webgpu;

import org.teavm.jso.JSBody;

/** {@link GPUBuffer#mapSync}, which may not be there. */
public final class MapSync {
    private MapSync() {}

    @JSBody(script = "return typeof GPUBuffer === 'function' && 'mapSync' in GPUBuffer.prototype;")
    public static native boolean isHere();
}

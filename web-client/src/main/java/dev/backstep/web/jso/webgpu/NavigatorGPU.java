package dev.backstep.web.jso.webgpu;

import org.teavm.jso.JSBody;

/** The navigator's WebGPU, in pages and in workers. */
public final class NavigatorGPU {
    private NavigatorGPU() {}

    /** Undefined where the browser has none, or the page is not a secure one. */
    @JSBody(script = "return navigator.gpu;")
    public static native GPU getGpu();
}

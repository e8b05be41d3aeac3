package dev.backstep.web.jso.webgpu;


/** Where a binding is seen. */
public final class GPUShaderStage {
    private GPUShaderStage() {}

    public static final int COMPUTE = 4;
}

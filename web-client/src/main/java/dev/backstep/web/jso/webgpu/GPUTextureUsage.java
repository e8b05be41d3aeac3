package dev.backstep.web.jso.webgpu;


/** What a texture may be used for. */
public final class GPUTextureUsage {
    private GPUTextureUsage() {}

    public static final int COPY_DST = 2;
}

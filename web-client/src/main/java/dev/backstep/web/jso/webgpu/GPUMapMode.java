package dev.backstep.web.jso.webgpu;


/** How memory is looked at. */
public final class GPUMapMode {
    private GPUMapMode() {}

    public static final int READ = 1;
}

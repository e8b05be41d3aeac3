package dev.backstep.web.jso.webgpu;

import org.teavm.jso.JSObject;

/** The groups of a pipeline. */
public interface GPUPipelineLayout extends JSObject {
}

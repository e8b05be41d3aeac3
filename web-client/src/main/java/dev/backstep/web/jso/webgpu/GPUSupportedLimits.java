package dev.backstep.web.jso.webgpu;

import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;

/** The limits this program looks at. */
public interface GPUSupportedLimits extends JSObject {
    @JSProperty
    double getMaxStorageBuffersPerShaderStage();

    @JSProperty
    double getMaxBufferSize();

    @JSProperty
    double getMaxStorageBufferBindingSize();

    @JSProperty
    double getMaxComputeWorkgroupsPerDimension();

    @JSProperty
    double getMaxComputeInvocationsPerWorkgroup();

    @JSProperty
    double getMaxComputeWorkgroupSizeX();

    @JSProperty
    double getMaxComputeWorkgroupSizeY();

    @JSProperty
    double getMaxComputeWorkgroupStorageSize();

    @JSProperty
    double getMinUniformBufferOffsetAlignment();

    @JSProperty
    double getMaxTextureDimension2D();
}

package dev.backstep.web.jso.webgpu;

import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;

/** Limits that are asked for, a record by their names. */
public interface GPURequiredLimits extends JSObject {
    @JSProperty
    void setMaxStorageBuffersPerShaderStage(double maxStorageBuffersPerShaderStage);

    @JSProperty
    void setMaxBufferSize(double maxBufferSize);

    @JSProperty
    void setMaxStorageBufferBindingSize(double maxStorageBufferBindingSize);

    @JSProperty
    void setMaxComputeWorkgroupsPerDimension(double maxComputeWorkgroupsPerDimension);

    @JSProperty
    void setMaxComputeInvocationsPerWorkgroup(double maxComputeInvocationsPerWorkgroup);

    @JSProperty
    void setMaxComputeWorkgroupSizeX(double maxComputeWorkgroupSizeX);

    @JSProperty
    void setMaxComputeWorkgroupSizeY(double maxComputeWorkgroupSizeY);

    @JSProperty
    void setMaxComputeWorkgroupStorageSize(double maxComputeWorkgroupStorageSize);
}

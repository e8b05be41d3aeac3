package dev.backstep.web.jso.webgpu;

import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;

/** What an adapter tells of itself; much of it may be empty. */
public interface GPUAdapterInfo extends JSObject {
    @JSProperty
    String getVendor();

    @JSProperty
    String getArchitecture();

    @JSProperty
    String getDevice();

    @JSProperty
    String getDescription();

    @JSProperty("isFallbackAdapter")
    boolean isFallbackAdapter();
}

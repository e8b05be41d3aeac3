package dev.backstep.web.jso.webgpu;

import org.teavm.jso.JSProperty;
import org.teavm.jso.dom.events.Event;

/** An error that no scope caught. */
public interface GPUUncapturedErrorEvent extends Event {
    @JSProperty
    GPUError getError();
}

package dev.backstep.web.jso;

import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;

/** A message that asks for a call of window.backstep: { id, call, argument }. */
public interface CallMessage extends JSObject {
    @JSProperty
    JSObject getId();

    @JSProperty
    String getCall();

    @JSProperty
    JSObject getArgument();
}

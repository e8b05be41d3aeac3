package dev.backstep.web.jso;

import org.teavm.jso.JSProperty;
import org.teavm.jso.dom.events.MessageEvent;

/** A message of an {@link EventSource}. */
public interface ServerEvent extends MessageEvent {
    @JSProperty
    String getLastEventId();
}

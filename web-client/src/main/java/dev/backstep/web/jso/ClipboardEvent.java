package dev.backstep.web.jso;

import org.teavm.jso.JSProperty;
import org.teavm.jso.dom.events.Event;

/** copy, cut and paste. */
public interface ClipboardEvent extends Event {
    @JSProperty
    DataTransfer getClipboardData();
}

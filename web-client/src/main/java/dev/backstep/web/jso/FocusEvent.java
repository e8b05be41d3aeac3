package dev.backstep.web.jso;

import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;
import org.teavm.jso.dom.events.Event;

/** FocusEvent. */
public interface FocusEvent extends Event {
    /** Where the focus goes, or null where it leaves the page. */
    @JSProperty
    JSObject getRelatedTarget();
}

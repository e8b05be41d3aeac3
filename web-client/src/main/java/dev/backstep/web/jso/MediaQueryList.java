package dev.backstep.web.jso;

import org.teavm.jso.JSProperty;
import org.teavm.jso.dom.events.EventTarget;

public interface MediaQueryList extends EventTarget {
    @JSProperty("matches")
    boolean matches();
}

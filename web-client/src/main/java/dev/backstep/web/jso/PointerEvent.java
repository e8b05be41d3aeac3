package dev.backstep.web.jso;

import org.teavm.jso.JSProperty;
import org.teavm.jso.dom.events.MouseEvent;

public interface PointerEvent extends MouseEvent {
    @JSProperty
    int getPointerId();

    @JSProperty
    String getPointerType();

    @JSProperty("isPrimary")
    boolean isPrimary();
}

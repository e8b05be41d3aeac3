package dev.backstep.web.jso;

import org.teavm.jso.JSObject;

/** The part of Element that captures pointers. */
public interface PointerTarget extends JSObject {
    void setPointerCapture(int pointerId);

    void releasePointerCapture(int pointerId);

    boolean hasPointerCapture(int pointerId);
}

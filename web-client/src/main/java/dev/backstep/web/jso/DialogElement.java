package dev.backstep.web.jso;

import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;

/** HTMLDialogElement. */
public interface DialogElement extends JSObject {
    void showModal();

    void close();

    @JSProperty
    boolean isOpen();
}

package dev.backstep.web.jso;

import org.teavm.jso.JSProperty;
import org.teavm.jso.dom.events.MouseEvent;

/** dragover, dragleave and drop. */
public interface DragEvent extends MouseEvent {
    @JSProperty
    DataTransfer getDataTransfer();
}

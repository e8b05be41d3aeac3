package dev.backstep.web.jso;

import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;
import org.teavm.jso.typedarrays.Int8Array;

/** A checkpoint as a worker posts it: its bytes change hands, so that nobody copies them. */
public interface SavedMessage extends JSObject {
    @JSProperty
    double getBatch();

    @JSProperty
    Int8Array getBytes();
}

package dev.backstep.web.jso;

import org.teavm.jso.JSIndexer;
import org.teavm.jso.JSObject;

/** An object whose properties are strings. */
public interface StringMap extends JSObject {
    @JSIndexer
    String get(String name);
}

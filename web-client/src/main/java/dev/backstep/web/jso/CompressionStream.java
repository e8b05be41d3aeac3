package dev.backstep.web.jso;

import org.teavm.jso.JSClass;
import org.teavm.jso.JSObject;

@JSClass
public class CompressionStream implements JSObject {
    public CompressionStream(String format) {}
}

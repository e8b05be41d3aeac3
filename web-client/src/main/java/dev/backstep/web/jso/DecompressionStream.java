package dev.backstep.web.jso;

import org.teavm.jso.JSClass;
import org.teavm.jso.JSObject;

@JSClass
public class DecompressionStream implements JSObject {
    public DecompressionStream(String format) {}
}

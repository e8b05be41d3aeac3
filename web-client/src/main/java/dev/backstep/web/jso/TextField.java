package dev.backstep.web.jso;

import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;

/** What input and textarea have in common. */
public interface TextField extends JSObject {
    @JSProperty
    String getValue();

    @JSProperty
    void setValue(String value);

    void select();
}

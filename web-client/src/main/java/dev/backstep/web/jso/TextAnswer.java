package dev.backstep.web.jso;

import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;

/** What a server answered: { status, text }. */
public interface TextAnswer extends JSObject {
    @JSProperty
    int getStatus();

    @JSProperty
    String getText();
}

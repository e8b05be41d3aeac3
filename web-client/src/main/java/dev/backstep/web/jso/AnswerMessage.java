package dev.backstep.web.jso;

import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;

/** The answer to a {@link CallMessage}: { id, result } or { id, error }; or what happened, { event, detail }. */
public interface AnswerMessage extends JSObject {
    @JSProperty
    void setId(JSObject id);

    @JSProperty
    void setResult(JSObject result);

    @JSProperty
    void setEvent(String event);

    @JSProperty
    void setDetail(JSObject detail);

    @JSProperty
    void setError(String error);
}

package dev.backstep.web.jso;

import org.teavm.jso.JSBody;
import org.teavm.jso.JSProperty;
import org.teavm.jso.dom.events.EventTarget;

/** Events that a server sends; after a dropped connection the browser connects again and says which it had last. */
public interface EventSource extends EventTarget {
    /** The state of one that will not connect again by itself. */
    int CLOSED = 2;

    @JSBody(params = "url", script = "return new EventSource(url);")
    static EventSource open(String url) {
        throw new UnsupportedOperationException(url);
    }

    @JSProperty
    int getReadyState();

    void close();
}

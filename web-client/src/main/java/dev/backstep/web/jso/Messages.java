package dev.backstep.web.jso;

import org.teavm.jso.JSBody;
import org.teavm.jso.JSFunctor;
import org.teavm.jso.JSObject;

/** Messages that a thread sends to itself. */
public final class Messages {
    private Messages() {}

    /** The global MessageChannel as a way to go on at once, after what has come meanwhile was heard. */
    @JSBody(params = "run", script = "var channel = new MessageChannel(); channel.port1.onmessage = run;"
            + "return function() { channel.port2.postMessage(null); };")
    public static native Turn turns(Turn run);

    @JSFunctor
    public interface Turn extends JSObject {
        void run();
    }
}

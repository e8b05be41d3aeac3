package dev.backstep.web.jso;

import org.teavm.jso.JSBody;
import org.teavm.jso.JSFunctor;
import org.teavm.jso.JSObject;

/** Moments in which the browser has nothing else to do. */
public final class Idle {
    private Idle() {}

    /** What is to be done then. */
    @JSFunctor
    public interface Work extends JSObject {
        void run();
    }

    /** Does it in the next such moment, or after {@code most} milliseconds at the latest. */
    @JSBody(params = {"work", "most"}, script = "if (globalThis.requestIdleCallback) {"
            + " requestIdleCallback(function() { work(); }, { timeout: most });"
            + "} else { setTimeout(function() { work(); }, Math.min(most, 50)); }")
    public static native void request(Work work, int most);
}

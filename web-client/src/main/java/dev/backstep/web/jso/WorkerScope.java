package dev.backstep.web.jso;

import org.teavm.jso.JSBody;
import org.teavm.jso.JSFunctor;
import org.teavm.jso.JSObject;
import org.teavm.jso.typedarrays.Int8Array;

/** The global of a dedicated worker. */
public final class WorkerScope {
    private WorkerScope() {}

    /** Whether the program runs in one, and not in a page. */
    @JSBody(script = "return typeof document === 'undefined';")
    public static native boolean isHere();

    @JSBody(params = "text", script = "postMessage(text);")
    public static native void post(String text);

    /** Posts a {@link SavedMessage}; the bytes are the page's from then on. */
    @JSBody(params = {"batch", "bytes"}, script = "postMessage({ batch: batch, bytes: bytes }, [bytes.buffer]);")
    public static native void post(double batch, Int8Array bytes);

    /** Hears the texts that are posted to this worker. */
    @JSBody(params = "hear", script = "addEventListener('message', function(event) { hear(event.data); });")
    public static native void listen(Text hear);

    @JSFunctor
    public interface Text extends JSObject {
        void take(String text);
    }
}

package dev.backstep.web.jso;

import org.teavm.jso.JSBody;
import org.teavm.jso.JSFunctor;
import org.teavm.jso.JSObject;
import org.teavm.jso.workers.Worker;

/** A Worker whose script is a module, and what it is told: JSON as objects, since scripts want those. */
public final class ModuleWorker {
    private ModuleWorker() {}

    @JSBody(params = "url", script = "return new Worker(url, { type: 'module' });")
    public static native Worker start(String url);

    @JSBody(params = {"worker", "json"}, script = "worker.postMessage(JSON.parse(json));")
    public static native void post(Worker worker, String json);

    @JSBody(params = "data", script = "return typeof data === 'string';")
    public static native boolean isText(JSObject data);

    /** Calls back once nobody else holds that lock. */
    @JSBody(params = {"lock", "free"}, script = "navigator.locks.request(lock, function() { free(); });")
    public static native void whenFree(String lock, Free free);

    @JSFunctor
    public interface Free extends JSObject {
        void call();
    }

    /** What an ErrorEvent of a worker tells; a script that could not be loaded tells nothing. */
    @JSBody(params = "event", script = "event.preventDefault(); return String(event.message || event.type);")
    public static native String error(JSObject event);

    /** What a worker said, as JSON. */
    @JSBody(params = "data", script = "return JSON.stringify(data);")
    public static native String json(JSObject data);
}

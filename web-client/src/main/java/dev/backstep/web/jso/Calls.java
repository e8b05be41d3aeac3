package dev.backstep.web.jso;

import org.teavm.jso.JSBody;
import org.teavm.jso.JSObject;
import org.teavm.jso.core.JSPromise;
import org.teavm.jso.dom.events.MessageEvent;

/** What JavaScript does in one expression and Java has no words for. */
public final class Calls {
    private Calls() {}

    /** What a property of an object gives: itself, or what it returns where it is a function. */
    @JSBody(params = {"target", "name", "argument"}, script = "return Promise.resolve("
            + "typeof target[name] === 'function' ? target[name](argument) : target[name]);")
    public static native JSPromise<JSObject> property(JSObject target, String name, JSObject argument);

    @JSBody(params = "event", script = "return event.source === parent && parent !== self;")
    public static native boolean isFromParent(MessageEvent event);

    @JSBody(params = {"event", "answer"}, script = "event.source.postMessage(answer, event.origin);")
    public static native void answer(MessageEvent event, JSObject answer);
}

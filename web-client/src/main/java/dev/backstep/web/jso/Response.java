package dev.backstep.web.jso;

import org.teavm.jso.JSClass;
import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;
import org.teavm.jso.core.JSPromise;
import org.teavm.jso.core.JSString;
import org.teavm.jso.typedarrays.ArrayBuffer;

@JSClass
public class Response implements JSObject {
    public Response(JSObject body) {}

    @JSProperty
    public native boolean isOk();

    @JSProperty
    public native int getStatus();

    public native JSPromise<JSString> text();

    public native JSPromise<ArrayBuffer> arrayBuffer();
}

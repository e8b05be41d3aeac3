package dev.backstep.web.jso;

import org.teavm.jso.JSBody;
import org.teavm.jso.core.JSPromise;

/** The global fetch. */
public final class Fetch {
    private Fetch() {}

    @JSBody(params = "url", script = "return fetch(url);")
    public static native JSPromise<Response> get(String url);

    @JSBody(params = {"url", "json"}, script = "return fetch(url,"
            + " { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: json });")
    public static native JSPromise<Response> post(String url, String json);
}

package dev.backstep.web.jso;

import org.teavm.jso.JSBody;
import org.teavm.jso.core.JSPromise;
import org.teavm.jso.typedarrays.ArrayBuffer;

/** The global fetch. */
public final class Fetch {
    private Fetch() {}

    /** Rejected where no answer comes. */
    public static JSPromise<Response> get(String url) {
        return get(url, Rejected::of);
    }

    @JSBody(params = {"url", "rejected"}, script = "return fetch(url)"
            + ".catch(function(error) { throw rejected(String(error)); });")
    private static native JSPromise<Response> get(String url, Rejected.Maker rejected);

    /** Rejected where no answer comes. */
    public static JSPromise<Response> post(String url, String json) {
        return post(url, json, Rejected::of);
    }

    @JSBody(params = {"url", "json", "rejected"}, script = "return fetch(url,"
            + " { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: json })"
            + ".catch(function(error) { throw rejected(String(error)); });")
    private static native JSPromise<Response> post(String url, String json, Rejected.Maker rejected);

    /**
     * A request of any method, whose promise is always kept: what was not answered whole has status 0. In WebAssembly
     * nobody could wait for a promise that the browser rejects.
     *
     * @param json its body, or null for none
     * @param token what it bears to show that it may, or null
     */
    @JSBody(params = {"method", "url", "json", "token"}, script = "var headers = {};"
            + "if (json !== null) headers['Content-Type'] = 'application/json';"
            + "if (token !== null) headers.Authorization = 'Bearer ' + token;"
            + "return fetch(url, { method: method, headers: headers, body: json === null ? undefined : json })"
            + ".then(function(response) { return response.text().then(function(text) {"
            + "return { status: response.status, text: text }; }); })"
            + ".catch(function() { return { status: 0, text: '' }; });")
    public static native JSPromise<TextAnswer> send(String method, String url, String json, String token);

    /** The bytes of a file; likewise always kept, with none where there is no such file or no answer. */
    @JSBody(params = "url", script = "return fetch(url)"
            + ".then(function(response) { return response.ok ? response.arrayBuffer() : new ArrayBuffer(0); })"
            + ".catch(function() { return new ArrayBuffer(0); });")
    public static native JSPromise<ArrayBuffer> bytes(String url);
}

package dev.backstep.web.jso;

import org.teavm.jso.JSBody;
import org.teavm.jso.core.JSPromise;
import org.teavm.jso.core.JSUndefined;
import org.teavm.jso.dom.html.HTMLElement;

/** The global that static/js/charts.js leaves, and how to get it. */
public final class Charts {
    private Charts() {}

    /** Loads a script that is a module, once it is wanted. */
    public static JSPromise<JSUndefined> load(String url) {
        return load(url, Rejected::of);
    }

    @JSBody(params = {"url", "rejected"}, script = "return new Promise(function(done, failed) {"
            + "var script = document.createElement('script'); script.type = 'module'; script.src = url;"
            + "script.onload = function() { done(); }; script.onerror = function() {"
            + "script.remove(); failed(rejected(url)); };"
            + "document.head.append(script); });")
    private static native JSPromise<JSUndefined> load(String url, Rejected.Maker rejected);

    /** Puts a style sheet into the page. */
    @JSBody(params = "url", script = "var link = document.createElement('link'); link.rel = 'stylesheet';"
            + "link.href = url; document.head.append(link);")
    public static native void style(String url);

    @JSBody(params = "element", script = "return globalThis.backstepCharts.line(element);")
    public static native LineChart line(HTMLElement element);
}

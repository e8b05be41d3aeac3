package dev.backstep.web.jso;

import org.teavm.jso.JSBody;
import org.teavm.jso.JSObject;

/** The global that the page's build leaves: where each file of static/ lies under its final name. */
public final class Assets {
    private Assets() {}

    @JSBody(params = "name", script = "return globalThis.backstepAssets[name];")
    public static native String url(String name);

    /** The names, as a JavaScript array of strings. */
    @JSBody(script = "return Object.keys(globalThis.backstepAssets);")
    public static native String[] names();

    @JSBody(params = {"name", "value"}, script = "globalThis[name] = value;")
    public static native void global(String name, JSObject value);
}

package dev.backstep.web.jso;

import org.teavm.jso.JSBody;
import org.teavm.jso.core.JSPromise;
import org.teavm.jso.core.JSUndefined;

/** navigator.clipboard, which is missing where the page was not loaded securely. */
public final class Clipboard {
    private Clipboard() {}

    @JSBody(script = "return !!navigator.clipboard;")
    public static native boolean isThere();

    @JSBody(params = "text", script = "return navigator.clipboard.writeText(text);")
    public static native JSPromise<JSUndefined> writeText(String text);
}

package dev.backstep.web.jso;

import org.teavm.jso.JSBody;
import org.teavm.jso.core.JSPromise;
import org.teavm.jso.core.JSString;
import org.teavm.jso.core.JSUndefined;

/** navigator.clipboard, which is missing where the page was not loaded securely. */
public final class Clipboard {
    private Clipboard() {}

    @JSBody(script = "return !!navigator.clipboard;")
    public static native boolean isThere();

    /** Rejected where the reader does not allow it. */
    public static JSPromise<JSUndefined> writeText(String text) {
        return writeText(text, Rejected::of);
    }

    @JSBody(params = {"text", "rejected"}, script = "return navigator.clipboard.writeText(text)"
            + ".catch(function(error) { throw rejected(String(error)); });")
    private static native JSPromise<JSUndefined> writeText(String text, Rejected.Maker rejected);

    /** Rejected where the reader does not allow it; missing in some browsers. */
    public static JSPromise<JSString> readText() {
        return readText(Rejected::of);
    }

    @JSBody(params = "rejected", script = "return navigator.clipboard.readText()"
            + ".catch(function(error) { throw rejected(String(error)); });")
    private static native JSPromise<JSString> readText(Rejected.Maker rejected);

    /** Whether text of the page is selected, which copying then means. */
    @JSBody(script = "const s = getSelection(); return !!s && !s.isCollapsed;")
    public static native boolean isTextSelected();
}

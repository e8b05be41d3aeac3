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

    @JSBody(params = "text", script = "return navigator.clipboard.writeText(text);")
    public static native JSPromise<JSUndefined> writeText(String text);

    /** Refused where the reader does not allow it; missing in some browsers. */
    @JSBody(script = "return navigator.clipboard.readText();")
    public static native JSPromise<JSString> readText();

    /** Whether text of the page is selected, which copying then means. */
    @JSBody(script = "const s = getSelection(); return !!s && !s.isCollapsed;")
    public static native boolean isTextSelected();
}

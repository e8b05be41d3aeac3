package dev.backstep.web.jso;

import org.teavm.jso.JSBody;

/** What the page runs on. */
public final class Platform {
    private Platform() {}

    @JSBody(script = "return /Mac|iP(hone|ad|od)/.test(navigator.platform);")
    public static native boolean isMac();

    /** Whether nobody sees the page: it is in another tab, or covered. */
    @JSBody(script = "return document.hidden;")
    public static native boolean isHidden();

    /** How much memory the machine has, roughly; 0 where the browser does not tell. */
    @JSBody(script = "return navigator.deviceMemory || 0;")
    public static native double memoryGigabytes();
}

package dev.backstep.web.jso;

import org.teavm.jso.JSBody;

/** What the page runs on, as far as keys are called differently there. */
public final class Platform {
    private Platform() {}

    @JSBody(script = "return /Mac|iP(hone|ad|od)/.test(navigator.platform);")
    public static native boolean isMac();
}

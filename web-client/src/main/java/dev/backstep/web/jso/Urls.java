package dev.backstep.web.jso;

import org.teavm.jso.JSBody;
import org.teavm.jso.file.Blob;

/** The static part of URL. */
public final class Urls {
    private Urls() {}

    @JSBody(params = "blob", script = "return URL.createObjectURL(blob);")
    public static native String createObjectURL(Blob blob);

    @JSBody(params = "url", script = "URL.revokeObjectURL(url);")
    public static native void revokeObjectURL(String url);
}

package dev.backstep.web.ui;

import dev.backstep.web.jso.Urls;
import org.teavm.jso.JSObject;
import org.teavm.jso.core.JSArray;
import org.teavm.jso.core.JSString;
import org.teavm.jso.dom.html.HTMLAnchorElement;
import org.teavm.jso.file.Blob;

/** Puts something into a file of the reader's own machine. */
public final class Download {
    private Download() {}

    public static void text(String name, String text) {
        JSArray<JSObject> parts = new JSArray<>();
        parts.push(JSString.valueOf(text));
        String url = Urls.createObjectURL(new Blob(parts));
        of(name, url);
        Urls.revokeObjectURL(url);
    }

    /** What lies at an address. */
    public static void of(String name, String url) {
        HTMLAnchorElement anchor = (HTMLAnchorElement) Dom.make("a", "");
        anchor.setHref(url);
        anchor.setDownload(name);
        anchor.click();
    }
}

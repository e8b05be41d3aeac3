package dev.backstep.web.jso;

import org.teavm.jso.JSBody;
import org.teavm.jso.dom.html.HTMLElement;

/** What the page tells of its looks: the globals getComputedStyle and matchMedia. */
public final class Styles {
    private Styles() {}

    @JSBody(params = {"element", "property"}, script = "return getComputedStyle(element).getPropertyValue(property);")
    public static native String computed(HTMLElement element, String property);

    @JSBody(params = "query", script = "return matchMedia(query);")
    public static native MediaQueryList matchMedia(String query);
}

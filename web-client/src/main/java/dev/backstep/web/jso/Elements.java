package dev.backstep.web.jso;

import org.teavm.jso.JSBody;
import org.teavm.jso.JSObject;
import org.teavm.jso.dom.html.HTMLElement;

/** What elements can do and TeaVM's bindings leave out. */
public final class Elements {
    private Elements() {}

    /** Node.contains: whether something is the element or lies in it; false where it is nothing of a page. */
    @JSBody(params = {"element", "node"}, script = "return node instanceof Node && element.contains(node);")
    public static native boolean contains(HTMLElement element, JSObject node);
}

package dev.backstep.web.jso;

import org.teavm.jso.JSClass;
import org.teavm.jso.JSFunctor;
import org.teavm.jso.JSObject;
import org.teavm.jso.dom.html.HTMLElement;

@JSClass
public class ResizeObserver implements JSObject {
    public ResizeObserver(Callback callback) {}

    public native void observe(HTMLElement target);

    @JSFunctor
    public interface Callback extends JSObject {
        void resized(JSObject entries);
    }
}

package dev.backstep.web.jso;

import org.teavm.jso.JSClass;
import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;
import org.teavm.jso.canvas.CanvasImageSource;

@JSClass
public class OffscreenCanvas implements CanvasImageSource {
    public OffscreenCanvas(int width, int height) {}

    @JSProperty
    public native void setWidth(int width);

    @JSProperty
    public native void setHeight(int height);

    public native JSObject getContext(String contextType);

    public native JSObject getContext(String contextType, Settings settings);

    /** CanvasRenderingContext2DSettings. */
    public interface Settings extends JSObject {
        @JSProperty
        void setWillReadFrequently(boolean willReadFrequently);
    }
}

package dev.backstep.web.jso;

import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;

/** { n, times, gesture, charts, peer, by, every }; what is left out reads as 0, undefined, false. */
public interface BenchOptions extends JSObject {
    @JSProperty
    int getN();

    @JSProperty
    int getTimes();

    /** What is done in the editor: pan, zoom, drag or step. */
    @JSProperty
    String getGesture();

    /** Whether the curves and pictures of a training are on the screen. */
    @JSProperty("charts")
    boolean hasCharts();

    /** Whether it is done in what there is to compare with. */
    @JSProperty
    boolean isPeer();

    /** What computes: a device of ours, or another library on one, such as tfjs-wasm; a text, or undefined. */
    @JSProperty
    JSObject getBy();

    /** After how many steps of a training the loss is read. */
    @JSProperty
    int getEvery();
}

package dev.backstep.web.jso;

import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;

/** { n, times }; what is left out reads as 0. */
public interface BenchOptions extends JSObject {
    @JSProperty
    int getN();

    @JSProperty
    int getTimes();
}

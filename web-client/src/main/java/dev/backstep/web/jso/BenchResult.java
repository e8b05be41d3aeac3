package dev.backstep.web.jso;

import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;

/** { median, min, max, unit, ok }. */
public interface BenchResult extends JSObject {
    @JSProperty
    void setMedian(double median);

    @JSProperty
    void setMin(double min);

    @JSProperty
    void setMax(double max);

    @JSProperty
    void setUnit(String unit);

    @JSProperty
    boolean isOk();

    @JSProperty
    void setOk(boolean ok);
}

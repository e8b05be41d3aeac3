package dev.backstep.web.jso;

import org.teavm.jso.JSObject;
import org.teavm.jso.core.JSArray;

/** A chart that static/js/charts.js made. */
public interface LineChart extends JSObject {
    /**
     * Shows curves.
     *
     * @param spec as JSON: { log, x: "name of the axis", integers, series: [{ key, label, color, width, dash, points,
     *     spans, hidden }], band: [high, low] or null }; what differs from before makes the chart anew
     * @param columns the axis and then each curve, as Float64Arrays; NaN where there is nothing
     */
    void show(String spec, JSArray<JSObject> columns);

    void resize(double width, double height);

    void destroy();
}

package dev.backstep.web.app;

import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Text;
import dev.backstep.web.ui.canvas.Canvas;
import org.teavm.jso.browser.Window;
import org.teavm.jso.dom.html.HTMLElement;

/** Says how far one has zoomed, some times a second: a text that changes has the browser paint in each frame of it. */
final class ZoomLevel {
    private static final int OFTEN_MS = 100;

    private final Canvas canvas;
    private final HTMLElement element = Dom.byId("zoom-level");
    private String shown = "";
    private int timer = -1;

    ZoomLevel(Canvas canvas) {
        this.canvas = canvas;
        Dom.on(element, "click", event -> canvas.zoom(1 / canvas.zoom()));
        canvas.zoomed.listen(this::soon);
        Text.onChange(() -> show(percent()));
    }

    private void soon() {
        if (timer < 0 && !percent().equals(shown)) {
            timer = Window.setTimeout(() -> {
                timer = -1;
                show(percent());
            }, OFTEN_MS);
        }
    }

    private String percent() {
        return Math.round(100 * canvas.zoom()) + "%";
    }

    private void show(String percent) {
        shown = percent;
        element.setTextContent(percent);
        Dom.label(element, Text.of("canvas.zoomReset", percent));
    }
}

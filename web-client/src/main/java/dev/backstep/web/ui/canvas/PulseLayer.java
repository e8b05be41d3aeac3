package dev.backstep.web.ui.canvas;

import dev.backstep.web.jso.Styles;
import dev.backstep.web.jso.MediaQueryList;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Frames;
import java.util.List;
import org.teavm.jso.browser.Performance;
import org.teavm.jso.browser.Window;
import org.teavm.jso.canvas.CanvasRenderingContext2D;
import org.teavm.jso.dom.html.HTMLCanvasElement;
import org.teavm.jso.dom.html.HTMLElement;

/** What moves: pulses that run along edges once, drawn on one canvas over the drawing. */
final class PulseLayer {
    private static final double DURATION_MS = 620;
    private static final int TAIL = 9;

    private final HTMLCanvasElement canvas = (HTMLCanvasElement) Dom.make("canvas", "pulses");
    private final CanvasRenderingContext2D context = (CanvasRenderingContext2D) canvas.getContext("2d");
    private final MediaQueryList still = Styles.matchMedia("(prefers-reduced-motion: reduce)");
    private final Viewport viewport;
    private final Runnable frame = this::frame;
    private List<EdgeCurve> curves = List.of();
    private boolean backward;
    private String colour = "";
    private double started;

    PulseLayer(HTMLElement view, Viewport viewport) {
        this.viewport = viewport;
        canvas.setAttribute("aria-hidden", "true");
        view.appendChild(canvas);
    }

    void resize(double width, double height) {
        double ratio = Window.current().getDevicePixelRatio();
        canvas.setWidth((int) Math.round(width * ratio));
        canvas.setHeight((int) Math.round(height * ratio));
    }

    /** Lets a pulse run along each curve, from its end to its start where it goes backward. */
    void run(List<EdgeCurve> newCurves, boolean goesBackward) {
        stop();
        if (newCurves.isEmpty() || still.matches()) {
            return;
        }
        curves = newCurves;
        backward = goesBackward;
        canvas.getStyle().setProperty("color", goesBackward ? "var(--grad)" : "var(--accent)");
        colour = Styles.computed(canvas, "color");
        started = Performance.now();
        Frames.request(frame);
    }

    void stop() {
        if (!curves.isEmpty()) {
            curves = List.of();
            clear();
        }
    }

    private void clear() {
        context.setTransform(1, 0, 0, 1, 0, 0);
        context.clearRect(0, 0, canvas.getWidth(), canvas.getHeight());
    }

    private void frame() {
        if (curves.isEmpty()) {
            return;
        }
        double time = (Performance.now() - started) / DURATION_MS;
        if (time >= 1) {
            stop();
            return;
        }
        clear();
        double ratio = Window.current().getDevicePixelRatio();
        double scale = ratio * viewport.zoom();
        context.setTransform(scale, 0, 0, scale, ratio * viewport.screenX(0), ratio * viewport.screenY(0));
        context.setFillStyle(colour);
        for (int i = TAIL; i >= 0; i--) {
            double t = ease(time) - i * 0.018;
            if (t > 0) {
                context.setGlobalAlpha(i == 0 ? 1 : 0.5 * (1 - i / (TAIL + 1.0)));
                double radius = i == 0 ? 6.5 : 5.5 - i * 0.4;
                curves.forEach(curve -> dot(curve, backward ? 1 - t : t, radius));
            }
        }
        context.setGlobalAlpha(1);
        Frames.request(frame);
    }

    private void dot(EdgeCurve curve, double t, double radius) {
        context.beginPath();
        context.arc(curve.xAt(t), curve.yAt(t), radius, 0, 2 * Math.PI);
        context.fill();
    }

    /** Slow, fast, slow. */
    private static double ease(double t) {
        return t * t * (3 - 2 * t);
    }
}

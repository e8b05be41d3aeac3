package dev.backstep.web.ui.canvas;

import dev.backstep.web.ui.Dom;
import org.teavm.jso.browser.Performance;
import org.teavm.jso.browser.Window;
import org.teavm.jso.dom.html.HTMLElement;

/**
 * What lies under the viewport's transform, and how it is moved at little cost.
 *
 * <p>The ground and the world are layers of their own for good, so panning only tells the compositor where they are.
 * Zooming paints all anew, so while it goes on the picture there is gets scaled; it is painted anew when zooming pauses
 * and when it has become too coarse. Zoomed far out, where no text can be read, nodes are drawn as plain boxes.
 */
final class WorldLayer {
    /** Below this zoom nodes are boxes with a large name. */
    private static final double FAR = 0.34;

    /** Below this zoom edges have no labels. */
    private static final double MIDDLE = 0.6;

    /** How far the ground reaches beyond the view, as css/parts/canvas.css has it. */
    private static final double GROUND_INSET = 48;

    private static final int PAUSE_MS = 160;
    private static final double GOES_ON_MS = 400;
    private static final double COARSEST = 1.7;

    final HTMLElement world = Dom.make("div", "world");
    final HTMLElement ground = Dom.make("div", "ground");

    private final HTMLElement view;
    private final HTMLElement content;
    private final Viewport viewport;
    private double painted = -1;
    private double shown = -1;
    private double groundStep = -1;
    private double zoomedAt;
    private int timer = -1;

    WorldLayer(HTMLElement view, HTMLElement content, Viewport viewport) {
        this.view = view;
        this.content = content;
        this.viewport = viewport;
        ground.setAttribute("aria-hidden", "true");
        world.appendChild(content);
        Dom.append(view, ground, world);
    }

    void show() {
        double zoom = viewport.zoom();
        if (zoom != shown) {
            double now = Performance.now();
            boolean goesOn = now - zoomedAt < GOES_ON_MS;
            zoomedAt = now;
            shown = zoom;
            Window.clearTimeout(timer);
            if (goesOn && zoom < painted * COARSEST && zoom > painted / COARSEST) {
                timer = Window.setTimeout(this::paint, PAUSE_MS);
            } else {
                setPainted(zoom);
            }
        }
        place();
    }

    private void paint() {
        setPainted(viewport.zoom());
        place();
    }

    private void setPainted(double zoom) {
        if (zoom != painted) {
            painted = zoom;
            content.getStyle().setProperty("transform", "scale(" + zoom + ")");
            Dom.flag(view, "far", zoom < FAR);
            Dom.flag(view, "middle", zoom < MIDDLE);
        }
    }

    private void place() {
        boolean crisp = painted == viewport.zoom();
        double ratio = Window.current().getDevicePixelRatio();
        double x = crisp ? Math.round(viewport.screenX(0) * ratio) / ratio : viewport.screenX(0);
        double y = crisp ? Math.round(viewport.screenY(0) * ratio) / ratio : viewport.screenY(0);
        world.getStyle().setProperty("transform", "translate(" + x + "px," + y + "px)"
                + (crisp ? "" : " scale(" + viewport.zoom() / painted + ")"));
        double step = viewport.gridStep();
        if (step != groundStep) {
            groundStep = step;
            ground.getStyle().setProperty("background-size", step + "px " + step + "px");
        }
        ground.getStyle().setProperty("transform", 
                "translate(" + (x + GROUND_INSET) % step + "px," + (y + GROUND_INSET) % step + "px)");
    }
}

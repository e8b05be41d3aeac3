package dev.backstep.web.ui.canvas;

import dev.backstep.web.ui.Dom;
import org.teavm.jso.browser.Performance;
import org.teavm.jso.browser.Window;
import org.teavm.jso.dom.html.HTMLElement;

/**
 * What lies under the viewport's transform, and how it is moved at little cost.
 *
 * <p>The ground and the world are layers of their own for good, so panning only tells the compositor where they are.
 * Zooming paints all anew, so while it goes on the pictures there are get scaled; they are painted anew when zooming
 * pauses, the world's also when it has become too coarse. How much nodes show is changed when it pauses too.
 */
final class WorldLayer {
    /** How far the ground reaches beyond the view, as css/parts/canvas.css has it. */
    private static final double GROUND_INSET = 48;

    private static final int PAUSE_MS = 160;
    private static final double GOES_ON_MS = 400;
    private static final double COARSEST = 1.7;
    private static final double MOVES_MS = 120;

    final HTMLElement world = Dom.make("div", "world");
    final HTMLElement ground = Dom.make("div", "ground");

    private final HTMLElement content;
    private final Viewport viewport;
    private final Runnable settled;
    private double painted = -1;
    private double shown = -1;
    /** How far the ground's dots lie apart in its picture. */
    private double groundStep = -1;
    private double zoomedAt;
    private double movedAt = Double.NEGATIVE_INFINITY;
    private int timer = -1;

    /** @param settled is told that the zoom is another one, and will be for a while */
    WorldLayer(HTMLElement view, HTMLElement content, Viewport viewport, Runnable settled) {
        this.settled = settled;
        this.content = content;
        this.viewport = viewport;
        ground.setAttribute("aria-hidden", "true");
        world.appendChild(content);
        Dom.append(view, ground, world);
    }

    /** Whether the view was moved a moment ago. */
    boolean isMoving() {
        return Performance.now() - movedAt < MOVES_MS;
    }

    /** Shows what the viewport says; {@code leaps} where no hand moves there bit by bit. */
    void show(boolean leaps) {
        double zoom = viewport.zoom();
        movedAt = Performance.now();
        if (zoom != shown) {
            boolean goesOn = !leaps && movedAt - zoomedAt < GOES_ON_MS;
            zoomedAt = movedAt;
            shown = zoom;
            Window.clearTimeout(timer);
            timer = Window.setTimeout(this::settle, PAUSE_MS);
            if (!goesOn || zoom >= painted * COARSEST || zoom <= painted / COARSEST) {
                setPainted(zoom);
            }
            // The dots are never closer, so their picture need not shrink, which would lay bare the view's edges.
            setGround(Viewport.GRID);
            if (!goesOn) {
                settled.run();
            }
        }
        place();
    }

    private void settle() {
        setPainted(viewport.zoom());
        setGround(viewport.gridStep());
        place();
        settled.run();
    }

    private void setPainted(double zoom) {
        if (zoom != painted) {
            painted = zoom;
            content.getStyle().setProperty("transform", "scale(" + zoom + ")");
        }
    }

    private void setGround(double step) {
        if (step != groundStep) {
            groundStep = step;
            ground.getStyle().setProperty("background-size", step + "px " + step + "px");
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
        ground.getStyle().setProperty("transform",
                "translate(" + (x + GROUND_INSET) % step + "px," + (y + GROUND_INSET) % step + "px)"
                + (step == groundStep ? "" : " scale(" + step / groundStep + ")"));
    }
}

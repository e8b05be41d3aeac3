package dev.backstep.web.ui.canvas;

import dev.backstep.web.jso.MediaQueryList;
import dev.backstep.web.jso.Styles;
import dev.backstep.web.ui.Frames;
import java.util.LinkedHashMap;
import java.util.Map;
import org.teavm.jso.browser.Performance;

/** Lets nodes glide from where they were drawn to where the document has them; at once where motion is unwanted. */
final class Motion {
    private static final double DURATION_MS = 280;

    private final Scene scene;
    private final MediaQueryList still = Styles.matchMedia("(prefers-reduced-motion: reduce)");
    private final Map<String, double[]> from = new LinkedHashMap<>();
    private final Map<String, Box> to = new LinkedHashMap<>();
    private final Runnable frame = this::frame;
    private final Runnable settled;
    private double started;

    /** @param settled called when the nodes have come to where they go */
    Motion(Scene scene, Runnable settled) {
        this.scene = scene;
        this.settled = settled;
    }

    /** Begins at those places; the nodes are drawn where they go already. */
    void glide(Map<String, Box> places) {
        if (still.matches()) {
            return;
        }
        places.forEach((id, box) -> {
            from.put(id, new double[] {box.left(), box.top()});
            to.put(id, scene.placeOf(id));
        });
        started = Performance.now();
        draw(0);
        Frames.request(frame);
    }

    /** Ends where the document has them. */
    void finish() {
        if (!from.isEmpty()) {
            draw(1);
            stop();
            settled.run();
        }
    }

    /** Forgets what moved: the document has changed, and all is drawn as it has it. */
    void stop() {
        from.clear();
        to.clear();
    }

    private void frame() {
        if (from.isEmpty()) {
            return;
        }
        double time = (Performance.now() - started) / DURATION_MS;
        if (time >= 1) {
            finish();
            return;
        }
        draw(time * time * (3 - 2 * time));
        Frames.request(frame);
    }

    private void draw(double part) {
        from.forEach((id, start) -> {
            Box end = to.get(id);
            scene.place(id, start[0] + part * (end.left() - start[0]), start[1] + part * (end.top() - start[1]));
        });
        scene.notes.redraw();
        from.keySet().forEach(scene::drawEdgesOf);
    }
}

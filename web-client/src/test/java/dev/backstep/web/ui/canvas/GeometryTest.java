package dev.backstep.web.ui.canvas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class GeometryTest {
    @Test
    void zoomKeepsThePointUnderThePointer() {
        Viewport viewport = new Viewport();
        viewport.pan(30, -20);
        double x = viewport.worldX(200);
        double y = viewport.worldY(100);
        viewport.zoomAt(200, 100, 1.7);
        viewport.zoomAt(200, 100, 0.4);
        assertEquals(x, viewport.worldX(200), 1e-9);
        assertEquals(y, viewport.worldY(100), 1e-9);
    }

    @Test
    void zoomHasLimits() {
        Viewport viewport = new Viewport();
        viewport.zoomAt(0, 0, 1e9);
        assertEquals(Viewport.MAX_ZOOM, viewport.zoom());
        viewport.zoomAt(0, 0, 1e-9);
        assertEquals(Viewport.MIN_ZOOM, viewport.zoom());
    }

    @Test
    void fitShowsTheWholeBox() {
        Viewport viewport = new Viewport();
        Box box = new Box(-500, 100, 2_000, 700);
        viewport.fit(box, 800, 600);
        assertTrue(viewport.screenX(box.left()) >= 0 && viewport.screenX(box.right()) <= 800);
        assertTrue(viewport.screenY(box.top()) >= 0 && viewport.screenY(box.bottom()) <= 600);
        assertFalse(viewport.reveal(box, 800, 600));
    }

    @Test
    void centerShowsAPointInTheMiddle() {
        Viewport viewport = new Viewport();
        viewport.zoomAt(10, 20, 0.3);
        viewport.center(700, -40, 800, 600);
        Box seen = viewport.seen(800, 600);
        assertEquals(700, (seen.left() + seen.right()) / 2, 1e-9);
        assertEquals(-40, (seen.top() + seen.bottom()) / 2, 1e-9);
        assertEquals(800 / viewport.zoom(), seen.width(), 1e-9);
    }

    @Test
    void dotsNeverComeCloser() {
        Viewport viewport = new Viewport();
        for (int i = 0; i < 40; i++) {
            viewport.zoomAt(0, 0, 0.9);
            assertTrue(viewport.gridStep() >= 24 && viewport.gridStep() < 48, "at " + viewport.zoom());
        }
    }

    @Test
    void curvesEndAtTheirPorts() {
        EdgeCurve curve = new EdgeCurve(10, 20, -50, 80);
        assertEquals(10, curve.xAt(0));
        assertEquals(80, curve.yAt(1));
    }

    @Test
    void portsLieInsideTheirNode() {
        for (int inputs = 1; inputs < 12; inputs++) {
            NodeShape shape = new NodeShape(inputs, 1);
            assertTrue(shape.inputY(0) > 31);
            assertTrue(shape.inputY(inputs - 1) < shape.height());
        }
    }
}

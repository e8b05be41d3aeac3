package dev.backstep.web.ui.canvas;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ArrangeTest {
    private static final Map<String, Box> BOXES = Map.of(
            "a", new Box(0, 0, 100, 50), "b", new Box(130, 40, 230, 120), "c", new Box(400, 10, 460, 60));

    private static void assertPlace(Arrange how, String id, double x, double y) {
        assertArrayEquals(new double[] {x, y}, how.places(BOXES).get(id), how + " " + id);
    }

    @Test
    void alignsToTheBoxAroundAll() {
        assertPlace(Arrange.LEFT, "b", 0, 40);
        assertPlace(Arrange.RIGHT, "a", 360, 0);
        assertPlace(Arrange.CENTRE, "a", 180, 0);
        assertPlace(Arrange.TOP, "c", 400, 0);
        assertPlace(Arrange.BOTTOM, "a", 0, 70);
        assertPlace(Arrange.MIDDLE, "b", 130, 20);
    }

    @Test
    void distributingKeepsTheEndsAndEvensTheGaps() {
        assertPlace(Arrange.ACROSS, "a", 0, 0);
        assertPlace(Arrange.ACROSS, "c", 400, 10);
        // 400 - 0 - widths 100 and 100 leave 200 for two gaps.
        assertPlace(Arrange.ACROSS, "b", 200, 40);
    }

    @Test
    void snapsToTheNearestSharedLine() {
        List<Box> others = List.of(new Box(0, 0, 100, 100), new Box(300, 200, 400, 260));
        Snapping.Snap snap = Snapping.find(new Box(4, 202, 104, 302), others, 6);
        assertEquals(-4, snap.dx());
        assertEquals(-2, snap.dy());
        // Left edges, middles and right edges with the first; top edges with the second.
        assertEquals(4, snap.lines().size());
        assertTrue(snap.lines().contains(new Snapping.Line(0, 0, 0, 300)));
        assertTrue(snap.lines().contains(new Snapping.Line(0, 200, 400, 200)));
        Snapping.Snap none = Snapping.find(new Box(207, 320, 251, 371), others, 6);
        assertEquals(0, none.dx());
        assertTrue(none.lines().isEmpty());
    }

    @Test
    void strokesCrossCurvesWhereTheyMeet() {
        EdgeCurve curve = new EdgeCurve(0, 0, 200, 100);
        assertTrue(Lines.crosses(curve, 100, 0, 100, 100));
        assertFalse(Lines.crosses(curve, 100, 0, 100, 40));
        assertFalse(Lines.crosses(curve, -50, -50, -10, 200));
        assertEquals(0, Lines.distance(curve, curve.xAt(0.5), curve.yAt(0.5)), 0.5);
        assertEquals(30, Lines.distance(new EdgeCurve(0, 0, 200, 0), 100, 30), 1e-9);
    }
}

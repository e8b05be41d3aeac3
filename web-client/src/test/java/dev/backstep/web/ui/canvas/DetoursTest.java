package dev.backstep.web.ui.canvas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DetoursTest {
    private static Box node(double x, double y) {
        return new Box(x, y, x + 176, y + 100);
    }

    private static EdgeCurve wire(Box from, Box to) {
        return new EdgeCurve(from.right(), from.top() + 66, to.left(), to.top() + 66);
    }

    private static void assertClear(EdgeCurve curve, List<Box> boxes) {
        boxes.forEach(box -> assertFalse(Detours.meets(curve, box), box::toString));
    }

    @Test
    void whatIsFreeStaysAsItIs() {
        List<Box> boxes = List.of(node(0, 0), node(240, 0), node(240, 140));
        EdgeCurve plain = wire(boxes.get(0), boxes.get(1));
        assertSame(plain, new Detours(boxes, 1).around(plain, 0));
    }

    @Test
    void aRowIsPassedAboveOrBelow() {
        List<Box> boxes = List.of(node(0, 0), node(240, 0), node(480, 0), node(720, 0));
        EdgeCurve plain = wire(boxes.get(0), boxes.get(3));
        assertTrue(Detours.meets(plain, boxes.get(1)));
        EdgeCurve curve = new Detours(boxes, 1).around(plain, 0);
        assertClear(curve, boxes);
        assertEquals(plain.x1(), curve.xAt(0));
        assertEquals(plain.y2(), curve.yAt(1));
        assertNotEquals(curve, new Detours(boxes, 1).around(plain, 1), "lines from elsewhere have a lane of their own");
    }

    @Test
    void anEdgeThatRunsBackGoesAroundItsOwnEnds() {
        List<Box> boxes = List.of(node(480, 0), node(0, 0), node(240, 0));
        EdgeCurve curve = new Detours(boxes, 1).around(wire(boxes.get(0), boxes.get(1)), 0);
        assertClear(curve, boxes);
        assertFalse(Double.isNaN(curve.level()));
    }

    /** What is left alone after a move must be what looking at it again would have given. */
    @Test
    void aMovedBoxConcernsAllLinesThatRunOtherwise() {
        Random random = new Random(5);
        int left = 0;
        int bent = 0;
        for (int trial = 0; trial < 300; trial++) {
            List<Box> boxes = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                boxes.add(node(random.nextInt(2400), random.nextInt(1600)));
            }
            Detours before = new Detours(boxes, 40);
            int moved = random.nextInt(40);
            Box there = boxes.get(moved).moved(random.nextInt(61) - 30, random.nextInt(61) - 30);
            List<Box> after = new ArrayList<>(boxes);
            after.set(moved, there);
            for (int i = 0; i < 40; i++) {
                int from = random.nextInt(40);
                int to = random.nextInt(40);
                if (from == to || from == moved || to == moved) {
                    continue;
                }
                EdgeCurve plain = wire(boxes.get(from), boxes.get(to));
                EdgeCurve was = before.around(plain, i);
                if (was.isPlain() && boxes.stream().anyMatch(box -> Detours.meets(was, box))) {
                    // It found no way; it is looked at again when its own boxes move.
                    continue;
                }
                if (!Detours.concerns(was, boxes.get(moved)) && !Detours.concerns(was, there)) {
                    assertEquals(was, new Detours(after, 40).around(plain, i), "trial " + trial);
                    left++;
                    bent += was.isPlain() ? 0 : 1;
                }
            }
        }
        assertTrue(left > 3_000 && bent > 1_000, left + " left alone, of them bent " + bent);
    }

    @Test
    void theCurveIsOnePieceAndStaysInItsBounds() {
        for (double x2 : new double[] {900, -300}) {
            EdgeCurve curve = new EdgeCurve(0, 0, x2, 50).along(x2 > 0 ? 44 : 0, x2 > 0 ? x2 - 44 : x2, -120);
            for (double t = 0; t < 1; t += 1e-3) {
                double step = Math.hypot(curve.xAt(t + 1e-3) - curve.xAt(t), curve.yAt(t + 1e-3) - curve.yAt(t));
                assertTrue(step < 6, "at " + t);
                assertTrue(curve.bounds().contains(curve.xAt(t), curve.yAt(t)), "at " + t);
            }
        }
    }

    @Test
    void everyWireOfAGridFindsAWay() {
        List<Box> boxes = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            boxes.add(node(240 * (i % 6), 160 * (i / 6)));
        }
        Detours detours = new Detours(boxes, 900);
        for (int from = 0; from < 30; from++) {
            for (int to = 0; to < 30; to++) {
                if (from != to) {
                    EdgeCurve curve = detours.around(wire(boxes.get(from), boxes.get(to)), from);
                    if (from % 6 < to % 6) {
                        assertClear(curve, boxes);
                    }
                }
            }
        }
    }
}

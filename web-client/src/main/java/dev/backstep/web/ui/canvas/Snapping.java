package dev.backstep.web.ui.canvas;

import java.util.ArrayList;
import java.util.List;

/** Finds how a box that is moved lines up with others close by: edges with edges, middles with middles. */
final class Snapping {
    /**
     * What lines up.
     *
     * @param dx how far to the right the box must still go
     * @param lines what it then shares with others, to be drawn
     */
    record Snap(double dx, double dy, List<Line> lines) {}

    /** A line that boxes share, from the first of them to the last. */
    record Line(double x1, double y1, double x2, double y2) {}

    private Snapping() {}

    /** @param reach how far the box may be drawn to a line */
    static Snap find(Box moved, List<Box> others, double reach) {
        double[] xs = {moved.left(), (moved.left() + moved.right()) / 2, moved.right()};
        double[] ys = {moved.top(), (moved.top() + moved.bottom()) / 2, moved.bottom()};
        double dx = nearest(xs, others, true, reach);
        double dy = nearest(ys, others, false, reach);
        List<Line> lines = new ArrayList<>();
        Box there = new Box(moved.left() + dx, moved.top() + dy, moved.right() + dx, moved.bottom() + dy);
        addLines(there, others, true, lines);
        addLines(there, others, false, lines);
        return new Snap(dx, dy, lines);
    }

    /** The smallest step that brings one of three places onto one of the others' three. */
    private static double nearest(double[] places, List<Box> others, boolean across, double reach) {
        double best = Double.POSITIVE_INFINITY;
        for (Box other : others) {
            for (int i = 0; i < places.length; i++) {
                double step = place(other, i, across) - places[i];
                if (Math.abs(step) <= reach && Math.abs(step) < Math.abs(best)) {
                    best = step;
                }
            }
        }
        return best == Double.POSITIVE_INFINITY ? 0 : best;
    }

    private static double place(Box box, int index, boolean across) {
        double from = across ? box.left() : box.top();
        double to = across ? box.right() : box.bottom();
        return from + (to - from) * index / 2;
    }

    private static void addLines(Box box, List<Box> others, boolean across, List<Line> lines) {
        for (int i = 0; i < 3; i++) {
            double at = place(box, i, across);
            double from = across ? box.top() : box.left();
            double to = across ? box.bottom() : box.right();
            boolean shared = false;
            for (Box other : others) {
                if (Math.abs(place(other, i, across) - at) < 0.01) {
                    shared = true;
                    from = Math.min(from, across ? other.top() : other.left());
                    to = Math.max(to, across ? other.bottom() : other.right());
                }
            }
            if (shared) {
                lines.add(across ? new Line(at, from, at, to) : new Line(from, at, to, at));
            }
        }
    }
}

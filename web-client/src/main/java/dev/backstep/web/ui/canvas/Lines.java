package dev.backstep.web.ui.canvas;

import java.util.Collection;
import java.util.List;

/** Which wires lie at a place of the world, or are crossed by a stroke. */
final class Lines {
    private static final int PARTS = 24;

    private Lines() {}

    /** The wire nearest to a place, or null where none comes closer than {@code reach}. */
    static EdgeView near(Collection<EdgeView> edges, double x, double y, double reach) {
        EdgeView best = null;
        double bestDistance = reach;
        for (EdgeView edge : edges) {
            EdgeCurve curve = edge.curve();
            double slack = reach + 200;
            boolean may = x > Math.min(curve.x1(), curve.x2()) - slack && x < Math.max(curve.x1(), curve.x2()) + slack
                    && y > Math.min(curve.y1(), curve.y2()) - reach && y < Math.max(curve.y1(), curve.y2()) + reach;
            double distance = may ? distance(curve, x, y) : bestDistance;
            if (distance < bestDistance) {
                best = edge;
                bestDistance = distance;
            }
        }
        return best;
    }

    /** How far a place is from a curve, taken as a chain of short lines. */
    static double distance(EdgeCurve curve, double x, double y) {
        double best = Double.POSITIVE_INFINITY;
        double x1 = curve.x1();
        double y1 = curve.y1();
        for (int i = 1; i <= PARTS; i++) {
            double x2 = curve.xAt((double) i / PARTS);
            double y2 = curve.yAt((double) i / PARTS);
            double length = (x2 - x1) * (x2 - x1) + (y2 - y1) * (y2 - y1);
            double t = length == 0 ? 0 : ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / length;
            t = Math.max(0, Math.min(1, t));
            best = Math.min(best, Math.hypot(x1 + t * (x2 - x1) - x, y1 + t * (y2 - y1) - y));
            x1 = x2;
            y1 = y2;
        }
        return best;
    }

    /** Those that a stroke between two places crosses. */
    static List<EdgeView> crossed(Collection<EdgeView> edges, double x1, double y1, double x2, double y2) {
        return edges.stream().filter(edge -> crosses(edge.curve(), x1, y1, x2, y2)).toList();
    }

    static boolean crosses(EdgeCurve curve, double x1, double y1, double x2, double y2) {
        double lastX = curve.x1();
        double lastY = curve.y1();
        for (int i = 1; i <= PARTS; i++) {
            double x = curve.xAt((double) i / PARTS);
            double y = curve.yAt((double) i / PARTS);
            if (isLeft(x1, y1, x2, y2, lastX, lastY) != isLeft(x1, y1, x2, y2, x, y)
                    && isLeft(lastX, lastY, x, y, x1, y1) != isLeft(lastX, lastY, x, y, x2, y2)) {
                return true;
            }
            lastX = x;
            lastY = y;
        }
        return false;
    }

    /** On which side of the line from one place to another a third lies: by the sign of the triangle's area. */
    private static boolean isLeft(double x1, double y1, double x2, double y2, double x, double y) {
        return (x2 - x1) * (y - y1) - (y2 - y1) * (x - x1) > 0;
    }
}

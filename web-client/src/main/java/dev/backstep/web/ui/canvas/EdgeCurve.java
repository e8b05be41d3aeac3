package dev.backstep.web.ui.canvas;

/** The curve of an edge: leaves an output to the right, enters an input from the left. */
record EdgeCurve(double x1, double y1, double x2, double y2) {
    private static final double MIN_BEND = 28;
    private static final double MAX_BACK_BEND = 180;

    /** How far the curve's handles reach: half the way, and around the nodes where it runs back. */
    private double bend() {
        double dx = x2 - x1;
        return dx >= 0 ? Math.max(MIN_BEND, dx / 2) : Math.min(MAX_BACK_BEND, MIN_BEND - dx / 2);
    }

    String path() {
        double bend = bend();
        return "M" + x1 + " " + y1 + "C" + (x1 + bend) + " " + y1 + " " + (x2 - bend) + " " + y2 + " " + x2 + " " + y2;
    }

    /** The point at {@code t} from 0 (the output) to 1 (the input). */
    double xAt(double t) {
        double bend = bend();
        return cubic(x1, x1 + bend, x2 - bend, x2, t);
    }

    double yAt(double t) {
        return cubic(y1, y1, y2, y2, t);
    }

    private static double cubic(double a, double b, double c, double d, double t) {
        double s = 1 - t;
        return s * s * s * a + 3 * s * s * t * b + 3 * s * t * t * c + t * t * t * d;
    }
}

package dev.backstep.web.ui.canvas;

/**
 * The curve of an edge: leaves an output to the right, enters an input from the left; in between it may run along a
 * level.
 *
 * @param left where it comes to the level, and {@code right} where it leaves it
 * @param level NaN for none
 */
record EdgeCurve(double x1, double y1, double x2, double y2, double left, double right, double level) {
    private static final double MIN_BEND = 28;
    private static final double MAX_BACK_BEND = 180;

    EdgeCurve(double x1, double y1, double x2, double y2) {
        this(x1, y1, x2, y2, Double.NaN, Double.NaN, Double.NaN);
    }

    /** The same ends by way of a level. */
    EdgeCurve along(double newLeft, double newRight, double newLevel) {
        return new EdgeCurve(x1, y1, x2, y2, newLeft, newRight, newLevel);
    }

    /** Whether it runs along no level. */
    boolean isPlain() {
        return Double.isNaN(level);
    }

    /** How far the curve's handles reach: half the way, and around the nodes where it runs back. */
    private double bend() {
        double dx = x2 - x1;
        return dx >= 0 ? Math.max(MIN_BEND, dx / 2) : Math.min(MAX_BACK_BEND, MIN_BEND - dx / 2);
    }

    /** How far the handles of the way to the level and from it reach. */
    private double turn() {
        return left < right ? Math.max(1, (left - x1) / 2) : MIN_BEND;
    }

    /** The handles at the level lie before it, or behind where the edge runs back. */
    private double before() {
        return left < right ? left - turn() : left + turn();
    }

    private double after() {
        return left < right ? right + turn() : right - turn();
    }

    String path() {
        if (isPlain()) {
            return "M" + x1 + " " + y1 + curve(x1 + bend(), y1, x2 - bend(), y2, x2, y2);
        }
        return "M" + x1 + " " + y1 + curve(x1 + turn(), y1, before(), level, left, level) + "L" + right + " " + level
                + curve(after(), level, x2 - turn(), y2, x2, y2);
    }

    private static String curve(double ax, double ay, double bx, double by, double x, double y) {
        return "C" + ax + " " + ay + " " + bx + " " + by + " " + x + " " + y;
    }

    /** A rectangle that it does not leave. */
    Box bounds() {
        double reach = isPlain() ? x2 < x1 ? bend() : 0 : left < right ? 0 : turn();
        double top = Math.min(y1, y2);
        double bottom = Math.max(y1, y2);
        return new Box(Math.min(x1, x2) - reach, isPlain() ? top : Math.min(top, level), Math.max(x1, x2) + reach,
                isPlain() ? bottom : Math.max(bottom, level));
    }

    /** The point at {@code t} from 0 (the output) to 1 (the input). */
    double xAt(double t) {
        if (isPlain()) {
            return cubic(x1, x1 + bend(), x2 - bend(), x2, t);
        }
        return t < 1 / 3.0 ? cubic(x1, x1 + turn(), before(), left, 3 * t)
                : t > 2 / 3.0 ? cubic(right, after(), x2 - turn(), x2, 3 * t - 2)
                : left + (3 * t - 1) * (right - left);
    }

    double yAt(double t) {
        if (isPlain()) {
            return cubic(y1, y1, y2, y2, t);
        }
        return t < 1 / 3.0 ? cubic(y1, y1, level, level, 3 * t)
                : t > 2 / 3.0 ? cubic(level, level, y2, y2, 3 * t - 2) : level;
    }

    private static double cubic(double a, double b, double c, double d, double t) {
        double s = 1 - t;
        return s * s * s * a + 3 * s * s * t * b + 3 * s * t * t * c + t * t * t * d;
    }
}

package dev.backstep.web.ui.canvas;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Leads edges around the boxes that would lie on them, along a level above or below. */
final class Detours {
    /** Boxes times edges beyond which looking would be felt at every edit; then edges run straight on. */
    private static final int MOST = 500_000;
    /** How near a line may come to a box: at its sides, where ports are, nearer than above and below. */
    private static final double CLEAR_SIDE = 1;
    private static final double CLEAR = 9;
    private static final double GAP = 14;
    /** Lines from different places that run along the same boxes lie this far apart, in so many lanes. */
    private static final double LANE = 7;
    private static final int LANES = 4;
    private static final double LEAD = 44;
    private static final int TRIES = 24;
    private static final double SAMPLE = 24;
    private static final int FEWEST_SAMPLES = 32;
    private static final int MOST_SAMPLES = 256;

    private final List<Box> boxes;

    /** @param edges how many will be asked for */
    Detours(List<Box> boxes, int edges) {
        this.boxes = (long) boxes.size() * edges > MOST ? List.of() : boxes;
    }

    /**
     * The curve itself where no box lies on it, or no way around is free.
     *
     * @param lane tells lines that should not run on top of each other apart
     */
    EdgeCurve around(EdgeCurve plain, int lane) {
        if (!meets(plain)) {
            return plain;
        }
        double lead = plain.x2() > plain.x1() ? Math.min(LEAD, (plain.x2() - plain.x1()) / 3) : 0;
        double left = plain.x1() + lead;
        double right = plain.x2() - lead;
        double gap = GAP + LANE * Math.floorMod(lane, LANES);
        double middle = (plain.y1() + plain.y2()) / 2;
        List<Double> levels = new ArrayList<>(List.of(middle, plain.y1(), plain.y2()));
        for (Box box : boxes) {
            if (box.right() > Math.min(left, right) && box.left() < Math.max(left, right)) {
                levels.add(box.top() - gap);
                levels.add(box.bottom() + gap);
            }
        }
        // The shortest way; of those between the ends, which are all as long, the one nearest to the middle.
        levels.sort(Comparator.<Double>comparingDouble(
                level -> Math.max(Math.abs(level - middle), Math.abs(plain.y1() - plain.y2()) / 2))
                .thenComparingDouble(level -> Math.abs(level - middle)));
        for (double level : levels.subList(0, Math.min(TRIES, levels.size()))) {
            EdgeCurve curve = plain.along(left, right, level);
            if (!meets(curve)) {
                return curve;
            }
        }
        return plain;
    }

    private boolean meets(EdgeCurve curve) {
        Box around = curve.bounds();
        for (Box box : boxes) {
            if (isNear(around, box) && meets(curve, box)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether a line may run otherwise because a box came or went: it lies on it, or where the line has looked for its
     * way, which is no farther from its middle than the level that it took.
     */
    static boolean concerns(EdgeCurve curve, Box box) {
        if (curve.isPlain()) {
            return isNear(curve.bounds(), box);
        }
        double middle = (curve.y1() + curve.y2()) / 2;
        double far = Math.max(Math.abs(curve.level() - middle), Math.abs(curve.y1() - curve.y2()) / 2)
                + GAP + LANE * LANES;
        Box around = curve.bounds().and(new EdgeCurve(curve.x1(), curve.y1(), curve.x2(), curve.y2()).bounds());
        return isNear(new Box(around.left(), Math.min(around.top(), middle - far), around.right(),
                Math.max(around.bottom(), middle + far)), box);
    }

    private static boolean isNear(Box around, Box box) {
        return around.left() <= box.right() + CLEAR_SIDE && box.left() - CLEAR_SIDE <= around.right()
                && around.top() <= box.bottom() + CLEAR && box.top() - CLEAR <= around.bottom();
    }

    private static Box grown(Box box) {
        return new Box(box.left() - CLEAR_SIDE, box.top() - CLEAR, box.right() + CLEAR_SIDE, box.bottom() + CLEAR);
    }

    /** Whether a line comes to a box elsewhere than at its ends, where the ports are. */
    static boolean meets(EdgeCurve curve, Box box) {
        Box wide = grown(box);
        int samples = Math.clamp((int) (curve.bounds().width() / SAMPLE), FEWEST_SAMPLES, MOST_SAMPLES);
        for (int i = 1; i < samples; i++) {
            double x = curve.xAt((double) i / samples);
            double y = curve.yAt((double) i / samples);
            boolean atEnd = Math.hypot(x - curve.x1(), y - curve.y1()) < GAP
                    || Math.hypot(x - curve.x2(), y - curve.y2()) < GAP;
            if (!atEnd && wide.contains(x, y)) {
                return true;
            }
        }
        return false;
    }
}

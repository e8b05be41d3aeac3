package dev.backstep.web.ui.canvas;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Puts boxes on one line, or the same way apart. */
enum Arrange {
    LEFT, CENTRE, RIGHT, TOP, MIDDLE, BOTTOM, ACROSS, DOWN;

    /** How many boxes it takes for something to change. */
    int least() {
        return this == ACROSS || this == DOWN ? 3 : 2;
    }

    /** Where each box's left upper corner goes. Aligning keeps to the box around all; distributing keeps the ends. */
    Map<String, double[]> places(Map<String, Box> boxes) {
        Map<String, double[]> places = new LinkedHashMap<>();
        Box all = boxes.values().stream().reduce(Box::and).orElse(new Box(0, 0, 0, 0));
        if (this == ACROSS || this == DOWN) {
            distribute(boxes, places);
        } else {
            boxes.forEach((id, box) -> places.put(id, aligned(box, all)));
        }
        return places;
    }

    private double[] aligned(Box box, Box all) {
        double x = switch (this) {
            case LEFT -> all.left();
            case CENTRE -> Math.round((all.left() + all.right() - box.width()) / 2);
            case RIGHT -> all.right() - box.width();
            default -> box.left();
        };
        double y = switch (this) {
            case TOP -> all.top();
            case MIDDLE -> Math.round((all.top() + all.bottom() - box.height()) / 2);
            case BOTTOM -> all.bottom() - box.height();
            default -> box.top();
        };
        return new double[] {x, y};
    }

    /** The same gap between each box and the next. */
    private void distribute(Map<String, Box> boxes, Map<String, double[]> places) {
        boolean across = this == ACROSS;
        List<Map.Entry<String, Box>> sorted = new ArrayList<>(boxes.entrySet());
        sorted.sort(Comparator.comparingDouble(entry -> start(entry.getValue(), across)));
        double first = start(sorted.getFirst().getValue(), across);
        double last = start(sorted.getLast().getValue(), across);
        double sizes = 0;
        for (Map.Entry<String, Box> entry : sorted.subList(0, sorted.size() - 1)) {
            sizes += size(entry.getValue(), across);
        }
        double gap = (last - first - sizes) / (sorted.size() - 1);
        double at = first;
        for (Map.Entry<String, Box> entry : sorted) {
            Box box = entry.getValue();
            places.put(entry.getKey(), across
                    ? new double[] {Math.round(at), box.top()} : new double[] {box.left(), Math.round(at)});
            at += size(box, across) + gap;
        }
    }

    private static double start(Box box, boolean across) {
        return across ? box.left() : box.top();
    }

    private static double size(Box box, boolean across) {
        return across ? box.width() : box.height();
    }
}

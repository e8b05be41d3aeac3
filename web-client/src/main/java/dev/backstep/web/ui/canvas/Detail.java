package dev.backstep.web.ui.canvas;

import dev.backstep.web.ui.Frames;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * How much nodes and wires show, which depends on how far one has zoomed out. To change all of a large graph at once
 * would stop the page for a third of a second, so a few change in each frame, those in sight first, and none while the
 * view moves.
 */
final class Detail {
    /** How much is shown; each shows more than those before. */
    enum Level {
        /** Nodes are boxes with a large name, wires have no labels. */
        FAR,
        /** Wires have no shapes. */
        MIDDLE,
        NEAR;

        static Level at(double zoom) {
            return zoom < 0.34 ? FAR : zoom < 0.6 ? MIDDLE : NEAR;
        }
    }

    /** What changes in one frame, in the labels of wires. */
    private static final int A_FRAME = 48;

    /** A node is about as much work as so many labels. */
    private static final int NODE = 3;

    private final Scene scene;
    private final BooleanSupplier moving;
    private final Runnable frame = this::frame;
    private final Deque<NodeView> nodes = new ArrayDeque<>();
    private final Deque<EdgeView> edges = new ArrayDeque<>();

    /** @param moving whether the view moves just now */
    Detail(Scene scene, BooleanSupplier moving) {
        this.scene = scene;
        this.moving = moving;
    }

    /** Shows as much as that; first of what lies in {@code seen}, a part of the world. */
    void aim(Level level, Box seen) {
        if (scene.show(level)) {
            nodes.clear();
            edges.clear();
            add(node -> node.box().meets(seen), edge -> seen.contains(edge.curve().xAt(0.5), edge.curve().yAt(0.5)));
            add(node -> !node.box().meets(seen), edge -> !seen.contains(edge.curve().xAt(0.5), edge.curve().yAt(0.5)));
            some();
        }
    }

    private void add(Predicate<NodeView> someNodes, Predicate<EdgeView> someEdges) {
        scene.nodes().stream().filter(someNodes).forEach(nodes::add);
        scene.edges().stream().filter(someEdges).forEach(edges::add);
    }

    private void frame() {
        if (moving.getAsBoolean()) {
            Frames.request(frame);
        } else {
            some();
        }
    }

    private void some() {
        Level level = scene.level();
        int room = A_FRAME;
        while (room > 0 && !nodes.isEmpty()) {
            room -= nodes.remove().show(level) ? NODE : 0;
        }
        while (room > 0 && !edges.isEmpty()) {
            room -= edges.remove().show(level) ? 1 : 0;
        }
        if (!nodes.isEmpty() || !edges.isEmpty()) {
            Frames.request(frame);
        }
    }
}

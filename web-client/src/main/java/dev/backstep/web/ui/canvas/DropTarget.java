package dev.backstep.web.ui.canvas;

import dev.backstep.engine.graph.Change;
import dev.backstep.engine.graph.Wire;
import java.util.Objects;
import java.util.function.Function;

/** The wire that a node would be put into if it were let go here; it is lit while it is. */
final class DropTarget {
    private static final double REACH = 24;

    private final Canvas canvas;
    private final Function<Wire, Change> insertion;
    private EdgeView near;
    private Change change;

    /** @param insertion the edit that puts the node into a wire, or null where it does not fit */
    DropTarget(Canvas canvas, Function<Wire, Change> insertion) {
        this.canvas = canvas;
        this.insertion = insertion;
    }

    /** Looks for a wire at a place of the world. */
    void aimAt(double x, double y) {
        EdgeView now = Lines.near(canvas.scene.edges(), x, y, REACH);
        if (Objects.equals(now, near)) {
            return;
        }
        clear();
        near = now;
        change = now == null ? null : insertion.apply(now.wire);
        if (change != null) {
            now.element.setAttribute("data-drop", "");
        }
    }

    /** The edit that puts the node into the wire aimed at, or null where there is none that takes it. */
    Change change() {
        return change;
    }

    Wire wire() {
        return near.wire;
    }

    void clear() {
        if (near != null) {
            near.element.removeAttribute("data-drop");
        }
        near = null;
        change = null;
    }
}

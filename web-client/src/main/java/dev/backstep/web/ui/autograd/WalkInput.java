package dev.backstep.web.ui.autograd;

import dev.backstep.engine.step.GradFn;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Shortcut;
import dev.backstep.web.ui.Shortcut.Place;
import java.util.List;
import org.teavm.jso.dom.events.KeyboardEvent;

/** The view's keys: Tab walks the nodes from the top, arrows along the edges and to the side, Enter selects. */
final class WalkInput {
    private static final double ZOOM_STEP = 1.25;

    private final AutogradView autograd;

    WalkInput(AutogradView autograd) {
        this.autograd = autograd;
        Dom.on(autograd.view, "keydown", this::key);
    }

    private void key(KeyboardEvent event) {
        if (handled(event)) {
            event.preventDefault();
            event.stopPropagation();
        }
    }

    private boolean handled(KeyboardEvent event) {
        GradFn at = autograd.focused();
        switch (Shortcut.of(event, Place.TAPE, Place.VIEW, Place.PAGE)) {
            case WALK_TAPE -> {
                return walk(at, 1);
            }
            case WALK_TAPE_BACK -> {
                return walk(at, -1);
            }
            case BELOW -> go(at, autograd.below(at));
            case ABOVE -> go(at, autograd.above(at));
            case ASIDE_LEFT -> aside(at, -1);
            case ASIDE_RIGHT -> aside(at, 1);
            case CHOOSE -> {
                if (at != null) {
                    autograd.select(at);
                }
            }
            case LEAVE -> {
                if (autograd.isComputing()) {
                    // The page stops that.
                    return false;
                }
                autograd.deselect();
            }
            case FIT -> autograd.fit();
            case FIT_SELECTION -> autograd.fitSelection();
            case ZOOM_IN -> autograd.zoom(ZOOM_STEP);
            case ZOOM_OUT -> autograd.zoom(1 / ZOOM_STEP);
            case null, default -> {
                return false;
            }
        }
        return true;
    }

    private boolean walk(GradFn from, int direction) {
        List<GradFn> order = autograd.order();
        int next = from == null ? (direction > 0 ? 0 : -1) : order.indexOf(from) + direction;
        if (next < 0 || next >= order.size()) {
            return false;
        }
        autograd.focus(order.get(next));
        return true;
    }

    private void go(GradFn from, List<GradFn> to) {
        if (from == null) {
            walk(null, 1);
        } else if (!to.isEmpty()) {
            autograd.focus(to.getFirst());
        }
    }

    private void aside(GradFn from, int direction) {
        if (from == null) {
            walk(null, 1);
            return;
        }
        List<GradFn> beside = autograd.beside(from);
        int next = beside.indexOf(from) + direction;
        if (next >= 0 && next < beside.size()) {
            autograd.focus(beside.get(next));
        }
    }
}

package dev.backstep.web.ui.canvas;

import dev.backstep.web.ui.Dom;

/** Moves the drawing. A click that begins on the ground, and not on a wire, lets go of what is selected. */
final class PanGesture implements Gesture {
    private final Canvas canvas;
    private final boolean onGround;
    private double lastX;
    private double lastY;

    PanGesture(Canvas canvas, boolean onGround, double x, double y) {
        this.canvas = canvas;
        this.onGround = onGround;
        lastX = x;
        lastY = y;
    }

    boolean isOnGround() {
        return onGround;
    }

    @Override
    public void move(double x, double y) {
        Dom.flag(canvas.view, "panning", true);
        canvas.viewport.pan(x - lastX, y - lastY);
        lastX = x;
        lastY = y;
        canvas.showViewport();
    }

    @Override
    public void end(boolean moved) {
        Dom.flag(canvas.view, "panning", false);
        if (!moved && onGround) {
            canvas.editor.selection.clear();
        }
    }

    @Override
    public void cancel() {
        Dom.flag(canvas.view, "panning", false);
    }
}

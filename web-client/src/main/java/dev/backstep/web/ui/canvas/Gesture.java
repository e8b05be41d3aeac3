package dev.backstep.web.ui.canvas;

/** What one does with the pointer held down. Places are pixels from the canvas's corner. */
interface Gesture {
    /** At most once a frame, and only when the pointer has moved some way. */
    void move(double x, double y);

    /** The pointer was let go; {@code moved} says whether it ever moved, so that this was no click. */
    void end(boolean moved);

    /** The gesture ends without effect. */
    void cancel();
}

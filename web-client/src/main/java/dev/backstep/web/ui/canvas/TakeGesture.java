package dev.backstep.web.ui.canvas;

/**
 * The second click of click-click: the connection ends where it is. A finger that moves instead moves the drawing, so
 * that a port out of sight can be reached.
 */
final class TakeGesture implements Gesture {
    private final Canvas canvas;
    private final PanGesture pan;
    private double x;
    private double y;

    TakeGesture(Canvas canvas, boolean touch, double x, double y) {
        this.canvas = canvas;
        this.pan = touch ? new PanGesture(canvas, false, x, y) : null;
        this.x = x;
        this.y = y;
        canvas.aimConnection(x, y);
    }

    @Override
    public void move(double newX, double newY) {
        x = newX;
        y = newY;
        if (pan == null) {
            canvas.aimConnection(x, y);
        } else {
            pan.move(x, y);
        }
    }

    @Override
    public void end(boolean moved) {
        if (pan != null) {
            pan.end(moved);
        }
        if (pan == null || !moved) {
            canvas.aimConnection(x, y);
            canvas.finishConnection();
        }
    }

    @Override
    public void cancel() {
        if (pan != null) {
            pan.cancel();
        }
    }
}

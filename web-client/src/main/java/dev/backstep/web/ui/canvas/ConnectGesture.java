package dev.backstep.web.ui.canvas;

/** Pulls a wire out of a port. A click on the port leaves the wire at the pointer, for a click on another. */
final class ConnectGesture implements Gesture {
    private final Canvas canvas;

    ConnectGesture(Canvas canvas) {
        this.canvas = canvas;
    }

    @Override
    public void move(double x, double y) {
        canvas.connecting.aimAt(canvas.viewport.worldX(x), canvas.viewport.worldY(y));
        canvas.connecting.placeReason(x, y);
    }

    @Override
    public void end(boolean moved) {
        if (moved) {
            canvas.connecting.finish();
        } else {
            canvas.connecting.clicked();
        }
    }

    @Override
    public void cancel() {
        canvas.connecting.cancel();
    }
}

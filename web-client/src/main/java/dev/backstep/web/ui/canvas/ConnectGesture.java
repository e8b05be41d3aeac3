package dev.backstep.web.ui.canvas;

/** Pulls a wire out of a port. A click on the port leaves the wire at the pointer, for a click on another. */
final class ConnectGesture implements Gesture {
    private final Canvas canvas;

    ConnectGesture(Canvas canvas) {
        this.canvas = canvas;
    }

    @Override
    public void move(double x, double y) {
        canvas.aimConnection(x, y);
    }

    @Override
    public void end(boolean moved) {
        if (moved) {
            canvas.finishConnection();
        } else {
            canvas.connecting.clicked();
        }
    }

    @Override
    public void cancel() {
        canvas.connecting.cancel();
    }
}

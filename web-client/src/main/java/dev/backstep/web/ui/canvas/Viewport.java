package dev.backstep.web.ui.canvas;

/** Which part of the drawing is seen: a world point lies at {@code zoom * world + offset} on the screen. */
public final class Viewport {
    static final double MIN_ZOOM = 0.04;
    static final double MAX_ZOOM = 4;

    private static final double FIT_MARGIN = 56;
    private static final double FIT_ZOOM = 1.25;
    private static final double COMMON_WIDTH = 1_600;
    /** How far the ground's dots lie apart where that is least. */
    static final double GRID = 24;

    private double x;
    private double y;
    private double zoom = 1;

    public double zoom() {
        return zoom;
    }

    public double worldX(double screenX) {
        return (screenX - x) / zoom;
    }

    public double worldY(double screenY) {
        return (screenY - y) / zoom;
    }

    public double screenX(double worldX) {
        return worldX * zoom + x;
    }

    public double screenY(double worldY) {
        return worldY * zoom + y;
    }

    public void pan(double dx, double dy) {
        x += dx;
        y += dy;
    }

    /** Puts a point of the world into the middle of a screen of that size. */
    public void center(double worldX, double worldY, double width, double height) {
        x = width / 2 - zoom * worldX;
        y = height / 2 - zoom * worldY;
    }

    /** The part of the world that a screen of that size shows. */
    public Box seen(double width, double height) {
        return new Box(worldX(0), worldY(0), worldX(width), worldY(height));
    }

    /** Zooms by a factor; the world point at that place of the screen stays there. */
    public void zoomAt(double screenX, double screenY, double factor) {
        double wanted = Math.max(MIN_ZOOM, Math.min(MAX_ZOOM, zoom * factor));
        x = screenX - (screenX - x) * wanted / zoom;
        y = screenY - (screenY - y) * wanted / zoom;
        zoom = wanted;
    }

    /** Shows a whole box of the world in the middle of a screen of that size; it grows only on large screens. */
    public void fit(Box box, double width, double height) {
        double room = Math.min((width - FIT_MARGIN) / box.width(), (height - FIT_MARGIN) / box.height());
        zoom = Math.max(MIN_ZOOM, Math.min(Math.max(FIT_ZOOM, width / COMMON_WIDTH), room));
        x = width / 2 - zoom * (box.left() + box.right()) / 2;
        y = height / 2 - zoom * (box.top() + box.bottom()) / 2;
    }

    /** Moves just far enough that a box lies on a screen of that size; true where it had to. */
    public boolean reveal(Box box, double width, double height) {
        double dx = shift(screenX(box.left()), screenX(box.right()), width);
        double dy = shift(screenY(box.top()), screenY(box.bottom()), height);
        pan(dx, dy);
        return dx != 0 || dy != 0;
    }

    private static double shift(double from, double to, double size) {
        return from < 8 ? 8 - from : to > size - 8 ? Math.max(size - 8 - to, 8 - from) : 0;
    }

    /** How far the background's dots lie apart on the screen: never nearer than 24 px, however far one zooms out. */
    public double gridStep() {
        double step = GRID * zoom;
        while (step < GRID) {
            step *= 2;
        }
        while (step >= 2 * GRID) {
            step /= 2;
        }
        return step;
    }
}

package dev.backstep.web.ui.train;

/** Draws a picture, on the screen or into a file. Colours are CSS colours, sizes are pixels. */
interface Pen {
    void rect(double x, double y, double width, double height, String fill);

    /** @param stroke null for none, likewise {@code fill} */
    void circle(double x, double y, double radius, String fill, String stroke);

    /** A square that stands on a corner. */
    void diamond(double x, double y, double radius, String fill, String stroke);

    /** A line through points x, y, x, y ... */
    void line(double[] points, String stroke, double width);

    /** @param anchor {@code start}, {@code middle} or {@code end}; y is the line that letters stand on */
    void text(String text, double x, double y, String anchor, double size, String fill);

    /** A grid of opaque colours 0xRRGGBB, row by row from the top, scaled up, {@code smooth} or as squares. */
    void grid(int[] colours, int columns, double x, double y, double width, double height, boolean smooth);
}

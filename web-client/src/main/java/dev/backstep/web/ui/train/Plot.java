package dev.backstep.web.ui.train;

import dev.backstep.web.value.NumberText;

/** The ground of a picture with two axes: where a pair of numbers lies, and the numbers along the edges. */
final class Plot {
    private static final double LEFT = 38;
    private static final double BOTTOM = 32;
    private static final double EDGE = 8;
    private static final double LETTERS = 11;

    final double left = LEFT;
    final double top = EDGE;
    final double width;
    final double height;
    private final double[] range;

    /** @param range least and greatest of the first axis, then of the second */
    Plot(double[] range, double width, double height) {
        this.range = range;
        this.width = width - LEFT - EDGE;
        this.height = height - EDGE - BOTTOM;
    }

    double x(double value) {
        return left + (value - range[0]) / (range[1] - range[0]) * width;
    }

    double y(double value) {
        return top + height - (value - range[2]) / (range[3] - range[2]) * height;
    }

    /** Numbers and names along the axes. */
    void axes(Pen pen, Palette palette, String xName, String yName) {
        for (int i = 0; i <= 4; i++) {
            double x = range[0] + (range[1] - range[0]) * i / 4;
            double y = range[2] + (range[3] - range[2]) * i / 4;
            String anchor = i == 0 ? "start" : i == 4 ? "end" : "middle";
            pen.text(NumberText.brief(x), x(x), top + height + 13, anchor, LETTERS, palette.muted());
            pen.text(NumberText.brief(y), left - 5, Math.max(top + LETTERS - 2, y(y) + 4), "end", LETTERS,
                    palette.muted());
        }
        pen.text(xName, left + width / 2, top + height + 27, "middle", LETTERS, palette.muted());
        // Between two numbers, so that neither is in its way.
        String name = yName.length() > 6 ? yName.substring(0, 5) + "…" : yName;
        pen.text(name, left - 5, top + height / 8 + 4, "end", LETTERS, palette.muted());
    }

    /** Lines at the numbers. */
    void raster(Pen pen, Palette palette) {
        for (int i = 0; i <= 4; i++) {
            double x = left + width * i / 4;
            double y = top + height * i / 4;
            pen.line(new double[] {x, top, x, top + height}, palette.line(), 1);
            pen.line(new double[] {left, y, left + width, y}, palette.line(), 1);
        }
    }
}

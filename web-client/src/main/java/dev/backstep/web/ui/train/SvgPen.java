package dev.backstep.web.ui.train;

import dev.backstep.web.value.Png;

/** Draws into the text of an SVG file. */
final class SvgPen implements Pen {
    private final StringBuilder svg = new StringBuilder();

    SvgPen(double width, double height, String ground) {
        svg.append("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"").append(number(width)).append("\" height=\"")
                .append(number(height)).append("\" font-family=\"Inter, system-ui, sans-serif\">");
        rect(0, 0, width, height, ground);
    }

    String done() {
        return svg + "</svg>\n";
    }

    @Override
    public void rect(double x, double y, double width, double height, String fill) {
        svg.append("<rect x=\"").append(number(x)).append("\" y=\"").append(number(y)).append("\" width=\"")
                .append(number(width)).append("\" height=\"").append(number(height)).append('"');
        close(fill, null, 0);
    }

    @Override
    public void circle(double x, double y, double radius, String fill, String stroke) {
        svg.append("<circle cx=\"").append(number(x)).append("\" cy=\"").append(number(y)).append("\" r=\"")
                .append(number(radius)).append('"');
        close(fill, stroke, 1);
    }

    @Override
    public void diamond(double x, double y, double radius, String fill, String stroke) {
        svg.append("<path d=\"M").append(number(x)).append(' ').append(number(y - radius)).append('L')
                .append(number(x + radius)).append(' ').append(number(y)).append('L').append(number(x)).append(' ')
                .append(number(y + radius)).append('L').append(number(x - radius)).append(' ').append(number(y))
                .append("Z\"");
        close(fill, stroke, 1);
    }

    @Override
    public void line(double[] points, String stroke, double width) {
        svg.append("<polyline points=\"");
        for (int i = 0; i < points.length; i += 2) {
            svg.append(i == 0 ? "" : " ").append(number(points[i])).append(',').append(number(points[i + 1]));
        }
        svg.append('"');
        close(null, stroke, width);
    }

    @Override
    public void text(String text, double x, double y, String anchor, double size, String fill) {
        svg.append("<text x=\"").append(number(x)).append("\" y=\"").append(number(y)).append("\" text-anchor=\"")
                .append(anchor).append("\" font-size=\"").append(number(size)).append("\" fill=\"").append(fill)
                .append("\">").append(escaped(text)).append("</text>");
    }

    @Override
    public void grid(int[] colours, int columns, double x, double y, double width, double height, boolean smooth) {
        svg.append("<image x=\"").append(number(x)).append("\" y=\"").append(number(y)).append("\" width=\"")
                .append(number(width)).append("\" height=\"").append(number(height))
                .append("\" preserveAspectRatio=\"none\"")
                .append(smooth ? "" : " style=\"image-rendering:pixelated\"")
                .append(" href=\"").append(Png.url(colours, columns)).append("\"/>");
    }

    private void close(String fill, String stroke, double width) {
        svg.append(" fill=\"").append(fill == null ? "none" : fill).append('"');
        if (stroke != null) {
            svg.append(" stroke=\"").append(stroke).append("\" stroke-width=\"").append(number(width)).append('"');
        }
        svg.append("/>");
    }

    /** A hundredth of a pixel is enough. */
    private static String number(double value) {
        double rounded = Math.rint(value * 100) / 100;
        return rounded == Math.rint(rounded) ? String.valueOf((long) rounded) : String.valueOf(rounded);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}

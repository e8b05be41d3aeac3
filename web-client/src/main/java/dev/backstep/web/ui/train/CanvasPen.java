package dev.backstep.web.ui.train;

import dev.backstep.web.ui.Dom;
import org.teavm.jso.canvas.CanvasRenderingContext2D;
import org.teavm.jso.canvas.ImageData;
import org.teavm.jso.dom.html.HTMLCanvasElement;
import org.teavm.jso.typedarrays.Uint8ClampedArray;

/** Draws on a canvas. */
final class CanvasPen implements Pen {
    private static final double ROUND = 2 * Math.PI;

    private final CanvasRenderingContext2D context;
    private final String font;
    private HTMLCanvasElement scratch;

    /** @param scale how many of the canvas's pixels a pixel of the picture is */
    CanvasPen(HTMLCanvasElement canvas, double scale, String font) {
        this.context = (CanvasRenderingContext2D) canvas.getContext("2d");
        this.font = font;
        context.setTransform(scale, 0, 0, scale, 0, 0);
        context.setLineJoin("round");
    }

    @Override
    public void rect(double x, double y, double width, double height, String fill) {
        context.setFillStyle(fill);
        context.fillRect(x, y, width, height);
    }

    @Override
    public void circle(double x, double y, double radius, String fill, String stroke) {
        context.beginPath();
        context.arc(x, y, radius, 0, ROUND);
        paint(fill, stroke);
    }

    @Override
    public void diamond(double x, double y, double radius, String fill, String stroke) {
        context.beginPath();
        context.moveTo(x, y - radius);
        context.lineTo(x + radius, y);
        context.lineTo(x, y + radius);
        context.lineTo(x - radius, y);
        context.closePath();
        paint(fill, stroke);
    }

    private void paint(String fill, String stroke) {
        if (fill != null) {
            context.setFillStyle(fill);
            context.fill();
        }
        if (stroke != null) {
            context.setStrokeStyle(stroke);
            context.setLineWidth(1);
            context.stroke();
        }
    }

    @Override
    public void line(double[] points, String stroke, double width) {
        context.beginPath();
        for (int i = 0; i < points.length; i += 2) {
            if (i == 0) {
                context.moveTo(points[i], points[i + 1]);
            } else {
                context.lineTo(points[i], points[i + 1]);
            }
        }
        context.setStrokeStyle(stroke);
        context.setLineWidth(width);
        context.stroke();
    }

    @Override
    public void text(String text, double x, double y, String anchor, double size, String fill) {
        context.setFont(size + "px " + font);
        context.setTextAlign(anchor.equals("middle") ? "center" : anchor);
        context.setFillStyle(fill);
        context.fillText(text, x, y);
    }

    @Override
    public void grid(int[] colours, int columns, double x, double y, double width, double height, boolean smooth) {
        int rows = colours.length / columns;
        if (!smooth) {
            squares(colours, columns, x, y, width / columns, height / rows);
            return;
        }
        if (scratch == null) {
            scratch = (HTMLCanvasElement) Dom.make("canvas", "");
        }
        scratch.setWidth(columns);
        scratch.setHeight(rows);
        ImageData image = new ImageData(columns, rows);
        Uint8ClampedArray data = image.getData();
        for (int i = 0; i < colours.length; i++) {
            data.set(4 * i, colours[i] >> 16 & 255);
            data.set(4 * i + 1, colours[i] >> 8 & 255);
            data.set(4 * i + 2, colours[i] & 255);
            data.set(4 * i + 3, 255);
        }
        ((CanvasRenderingContext2D) scratch.getContext("2d")).putImageData(image, 0, 0);
        context.drawImage(scratch, x, y, width, height);
    }

    private void squares(int[] colours, int columns, double x, double y, double width, double height) {
        for (int i = 0; i < colours.length; i++) {
            context.setFillStyle(Palette.css(colours[i]));
            // A hair wider, so that no ground shows between them.
            context.fillRect(x + i % columns * width, y + i / columns * height, width + .4, height + .4);
        }
    }
}

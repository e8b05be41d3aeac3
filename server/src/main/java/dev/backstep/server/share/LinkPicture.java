package dev.backstep.server.share;

import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.Leaf;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.CubicCurve2D;
import java.awt.geom.Point2D;
import java.awt.geom.RoundRectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.imageio.ImageIO;

/** A small drawing of a document: boxes and wires, no text, so that a server needs no fonts for it. */
final class LinkPicture {
    static final int WIDTH = 1200;
    static final int HEIGHT = 630;

    private static final int MARGIN = 60;
    private static final double BOX_WIDTH = 150;
    private static final double BOX_HEIGHT = 64;
    private static final Color PAPER = new Color(0x141a2b);
    private static final Color WIRE = new Color(0x7cc4ff);
    private static final Color LEAF = new Color(0xa9d8ff);
    private static final Color FUNCTION = new Color(0x59657f);

    private LinkPicture() {}

    static byte[] png(Graph graph) {
        var image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        var pen = image.createGraphics();
        pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        pen.setColor(PAPER);
        pen.fillRect(0, 0, WIDTH, HEIGHT);
        draw(pen, graph);
        pen.dispose();
        var out = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", out);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail to be written
        }
        return out.toByteArray();
    }

    private static void draw(Graphics2D pen, Graph graph) {
        var boxes = boxes(graph);
        if (boxes.isEmpty()) {
            return;
        }
        double left = boxes.values().stream().mapToDouble(Point2D::getX).min().orElseThrow();
        double top = boxes.values().stream().mapToDouble(Point2D::getY).min().orElseThrow();
        double wide = boxes.values().stream().mapToDouble(Point2D::getX).max().orElseThrow() - left + BOX_WIDTH;
        double high = boxes.values().stream().mapToDouble(Point2D::getY).max().orElseThrow() - top + BOX_HEIGHT;
        double scale = Math.min(1.6, Math.min((WIDTH - 2.0 * MARGIN) / wide, (HEIGHT - 2.0 * MARGIN) / high));
        pen.translate((WIDTH - wide * scale) / 2, (HEIGHT - high * scale) / 2);
        pen.scale(scale, scale);
        pen.translate(-left, -top);

        pen.setColor(WIRE);
        pen.setStroke(new BasicStroke((float) Math.max(3, 1.5 / scale)));
        for (var wire : graph.wires()) {
            wire(pen, boxes.get(wire.from().node()), boxes.get(wire.to().node()));
        }
        for (var node : graph.nodes()) {
            pen.setColor(node.type().equals(Leaf.TYPE.type()) ? LEAF : FUNCTION);
            pen.fill(new RoundRectangle2D.Double(node.x(), node.y(), BOX_WIDTH, BOX_HEIGHT, 18, 18));
        }
    }

    private static void wire(Graphics2D pen, Point2D from, Point2D to) {
        double x1 = from.getX() + BOX_WIDTH;
        double y1 = from.getY() + BOX_HEIGHT / 2;
        double x2 = to.getX();
        double y2 = to.getY() + BOX_HEIGHT / 2;
        double bend = Math.max(40, Math.abs(x2 - x1) / 2);
        pen.draw(new CubicCurve2D.Double(x1, y1, x1 + bend, y1, x2 - bend, y2, x2, y2));
    }

    /** Where each box's upper left corner is, by node. */
    private static Map<String, Point2D> boxes(Graph graph) {
        var boxes = new LinkedHashMap<String, Point2D>();
        for (var node : graph.nodes()) {
            boxes.put(node.id(), new Point2D.Double(node.x(), node.y()));
        }
        return boxes;
    }
}

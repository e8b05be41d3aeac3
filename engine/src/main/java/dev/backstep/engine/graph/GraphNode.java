package dev.backstep.engine.graph;

import dev.backstep.engine.backend.Attrs;

/**
 * One box of the drawing.
 *
 * @param id names it within its document, for good; letters, digits, '-' and '_'
 * @param type the name of its {@link dev.backstep.engine.tensor.NodeType}
 * @param label what the user calls it; any text, unique in the document
 * @param attrs what was typed into it
 * @param x left edge on the canvas, in pixels at zoom 1
 * @param y top edge likewise, downwards
 */
public record GraphNode(String id, String type, String label, Attrs attrs, double x, double y) {
    public GraphNode at(double newX, double newY) {
        return new GraphNode(id, type, label, attrs, newX, newY);
    }

    public GraphNode labelled(String newLabel) {
        return new GraphNode(id, type, newLabel, attrs, x, y);
    }

    public GraphNode with(Attrs newAttrs) {
        return new GraphNode(id, type, label, newAttrs, x, y);
    }
}

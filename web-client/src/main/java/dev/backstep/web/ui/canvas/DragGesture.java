package dev.backstep.web.ui.canvas;

import dev.backstep.engine.graph.Edits;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.web.ui.Dom;
import java.util.ArrayList;
import java.util.List;

/** Moves the selected nodes; the document learns of it once, at the end. A click selects the clicked one alone. */
final class DragGesture implements Gesture {
    private final Canvas canvas;
    private final List<GraphNode> nodes = new ArrayList<>();
    private final String clicked;
    private final double startX;
    private final double startY;
    private double dx;
    private double dy;

    /** @param clicked the node a click selects, or null where it selects none */
    DragGesture(Canvas canvas, String clicked, double x, double y) {
        this.canvas = canvas;
        this.clicked = clicked;
        startX = canvas.viewport.worldX(x);
        startY = canvas.viewport.worldY(y);
        for (String id : canvas.editor.selection.nodes()) {
            nodes.add(canvas.editor.graph().node(id));
            Dom.flag(canvas.scene.node(id).element, "dragging", true);
        }
    }

    @Override
    public void move(double x, double y) {
        show(Math.round(canvas.viewport.worldX(x) - startX), Math.round(canvas.viewport.worldY(y) - startY));
    }

    private void show(double newDx, double newDy) {
        dx = newDx;
        dy = newDy;
        nodes.forEach(node -> canvas.scene.place(node.id(), node.x() + dx, node.y() + dy));
        nodes.forEach(node -> canvas.scene.drawEdgesOf(node.id()));
    }

    @Override
    public void end(boolean moved) {
        release();
        if (!moved) {
            if (clicked != null) {
                canvas.editor.selection.set(List.of(clicked));
            }
            return;
        }
        List<GraphNode> after = nodes.stream().map(node -> node.at(node.x() + dx, node.y() + dy)).toList();
        canvas.editor.apply(Edits.update(canvas.editor.graph(), after));
    }

    @Override
    public void cancel() {
        release();
        show(0, 0);
    }

    private void release() {
        nodes.forEach(node -> Dom.flag(canvas.scene.node(node.id()).element, "dragging", false));
    }
}

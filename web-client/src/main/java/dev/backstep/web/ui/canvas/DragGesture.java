package dev.backstep.web.ui.canvas;

import dev.backstep.engine.graph.Change;
import dev.backstep.engine.graph.Edits;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.web.session.Framing;
import dev.backstep.web.session.Insertion;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Notices;
import dev.backstep.web.ui.Text;
import java.util.ArrayList;
import java.util.List;
import org.teavm.jso.dom.xml.Element;

/**
 * Moves the selected nodes, and with frames what is in them; the document learns of it once, at the end. They line up
 * with others close by, a single node that is let go on a wire is put into it, and one that is let go in a frame, or
 * outside of it, is a member of it or not. A click selects the clicked one alone.
 */
final class DragGesture implements Gesture {
    private static final double SNAP = 6;

    private final Canvas canvas;
    private final List<GraphNode> nodes = new ArrayList<>();
    private final List<Box> others = new ArrayList<>();
    private final List<Element> guides = new ArrayList<>();
    /** The nodes that are not dragged by their frame: where they are let go decides which frame they are in. */
    private final List<String> loose = new ArrayList<>();
    private final DropTarget drop;
    private final Box start;
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
        Graph graph = canvas.editor.graph();
        List<String> ids = canvas.editor.selection.nodes();
        List<String> all = Framing.withMembers(graph, ids);
        for (String id : all) {
            nodes.add(graph.node(id));
            Dom.flag(canvas.scene.element(id), "dragging", true);
            boolean alone = !Framing.isFrame(graph.node(id))
                    && (graph.frameOf(id) == null || !all.contains(graph.frameOf(id).id()));
            if (alone) {
                loose.add(id);
            }
        }
        Box seen = canvas.seen();
        for (String id : canvas.scene.shown()) {
            Box box = canvas.scene.box(id);
            if (!all.contains(id) && !Framing.isFrame(graph.node(id)) && box.meets(seen)) {
                others.add(box);
            }
        }
        start = canvas.scene.bounds(ids);
        drop = all.size() != 1 ? null
                : new DropTarget(canvas, wire -> Insertion.into(canvas.editor.graph(), ids.getFirst(), wire));
    }

    /** The node a click selects, or null. */
    String clicked() {
        return clicked;
    }

    @Override
    public void move(double x, double y) {
        if (nodes.isEmpty()) {
            return;
        }
        double toX = Math.round(canvas.viewport.worldX(x) - startX);
        double toY = Math.round(canvas.viewport.worldY(y) - startY);
        clearGuides();
        canvas.scene.notes.loosen(loose);
        if (canvas.snaps() && !canvas.pointers.isAlt()) {
            Box there = new Box(start.left() + toX, start.top() + toY, start.right() + toX, start.bottom() + toY);
            Snapping.Snap snap = Snapping.find(there, others, SNAP / canvas.viewport.zoom());
            toX += snap.dx();
            toY += snap.dy();
            snap.lines().forEach(this::addGuide);
        }
        show(toX, toY);
        canvas.scene.notes.light(loose.isEmpty() ? null : frameUnder(loose.getFirst()));
        if (drop != null) {
            drop.aimAt((start.left() + start.right()) / 2 + toX, (start.top() + start.bottom()) / 2 + toY);
        }
    }

    /** The frame that a node's middle lies in, or null. */
    private String frameUnder(String id) {
        Box box = canvas.scene.box(id);
        return canvas.scene.notes.frameAt((box.left() + box.right()) / 2, (box.top() + box.bottom()) / 2);
    }

    private void addGuide(Snapping.Line line) {
        Element guide = Dom.svg("line", "snap-line");
        guide.setAttribute("x1", String.valueOf(line.x1()));
        guide.setAttribute("y1", String.valueOf(line.y1()));
        guide.setAttribute("x2", String.valueOf(line.x2()));
        guide.setAttribute("y2", String.valueOf(line.y2()));
        canvas.scene.edgeLayer().appendChild(guide);
        guides.add(guide);
    }

    private void clearGuides() {
        guides.forEach(guide -> guide.getParentNode().removeChild(guide));
        guides.clear();
    }

    private void show(double newDx, double newDy) {
        dx = newDx;
        dy = newDy;
        nodes.forEach(node -> canvas.scene.place(node.id(), node.x() + dx, node.y() + dy));
        canvas.scene.notes.redraw();
        nodes.forEach(node -> canvas.scene.drawEdgesOf(node.id()));
    }

    @Override
    public void end(boolean moved) {
        Change insertion = drop == null ? null : drop.change();
        release();
        if (!moved) {
            if (clicked != null) {
                canvas.editor.selection.set(List.of(clicked));
            }
            return;
        }
        Graph before = canvas.editor.graph();
        Graph after = insertion == null ? before : before.with(insertion);
        for (String id : loose) {
            after = after.with(Edits.enframe(after, frameUnder(id), List.of(id)));
        }
        Graph framed = after;
        after = framed.with(Edits.update(framed, nodes.stream()
                .map(node -> framed.node(node.id()).at(node.x() + dx, node.y() + dy)).toList()));
        canvas.editor.apply(Change.between(before, after));
        if (insertion != null) {
            Notices.announce(Text.of("canvas.inserted", nodes.getFirst().label()));
        }
    }

    @Override
    public void cancel() {
        release();
        canvas.scene.notes.loosen(List.of());
        show(0, 0);
        canvas.scene.route();
    }

    private void release() {
        clearGuides();
        if (drop != null) {
            drop.clear();
        }
        canvas.scene.notes.light(null);
        nodes.forEach(node -> Dom.flag(canvas.scene.element(node.id()), "dragging", false));
    }
}

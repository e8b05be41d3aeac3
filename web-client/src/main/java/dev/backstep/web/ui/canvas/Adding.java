package dev.backstep.web.ui.canvas;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.graph.Change;
import dev.backstep.engine.graph.Edits;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphException;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.LayerKind;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.graph.Wire;
import dev.backstep.engine.tensor.NodeType;
import dev.backstep.web.session.DataEdits;
import dev.backstep.web.session.Editor;
import dev.backstep.web.session.Framing;
import dev.backstep.web.session.Insertion;
import dev.backstep.web.session.LayerEdits;
import dev.backstep.web.ui.Notices;
import dev.backstep.web.ui.Reasons;
import dev.backstep.web.ui.Text;
import java.util.List;
import java.util.function.Supplier;

/** Puts new nodes on the canvas: where one points or looks, into the wire and the frame that lie there. */
final class Adding {
    private final Canvas canvas;
    private final Editor editor;

    Adding(Canvas canvas) {
        this.canvas = canvas;
        this.editor = canvas.editor;
    }

    /** Where a node that is dragged in from elsewhere would be put into a wire. */
    private DropTarget dropTarget(NodeType type, Attrs attrs) {
        return new DropTarget(canvas, wire -> Insertion.added(editor.graph(), type, attrs, 0, 0, wire));
    }

    /** Lights the wire that a node dragged in from elsewhere would be put into; returns what puts the light out. */
    Canvas.Hovering hover(NodeType type, Attrs attrs) {
        DropTarget target = dropTarget(type, attrs);
        return new Canvas.Hovering() {
            @Override
            public void move(double clientX, double clientY) {
                target.aimAt(canvas.worldX(clientX), canvas.worldY(clientY));
            }

            @Override
            public void end() {
                target.clear();
            }
        };
    }

    /** Adds a node with its middle at a point of the page; into the wire that is there, if the node fits. */
    void at(NodeType type, Attrs attrs, double clientX, double clientY) {
        DropTarget target = dropTarget(type, attrs);
        target.aimAt(canvas.worldX(clientX), canvas.worldY(clientY));
        Wire wire = target.change() == null ? null : target.wire();
        target.clear();
        double x = Math.round(canvas.worldX(clientX) - NodeShape.WIDTH / 2);
        double y = Math.round(canvas.worldY(clientY) - NodeShape.MIDDLE);
        tryAdd(() -> wire == null ? Edits.add(editor.graph(), type, null, attrs, x, y)
                : Insertion.added(editor.graph(), type, attrs, x, y, wire));
    }

    /** Adds a node where one looks, beside what is there. */
    void inView(NodeType type, Attrs attrs) {
        double[] place = freePlace();
        tryAdd(() -> Edits.add(editor.graph(), type, null, attrs, place[0], place[1]));
    }

    /** A place where one looks, of the world. */
    private double[] freePlace() {
        double[] middle = canvas.middle();
        double x = canvas.worldX(middle[0]) - NodeShape.WIDTH / 2;
        double y = canvas.worldY(middle[1]) - NodeShape.MIDDLE;
        for (int i = 0; i < 200 && isTaken(x, y); i++) {
            x += 12;
            y += 28;
        }
        return new double[] {Math.round(x), Math.round(y)};
    }

    /** Asks for a layer's sizes and adds it where one looks; behind what is selected, if one leaves it so. */
    void layerInView(LayerKind kind) {
        Port source = LayerEdits.source(editor.graph(), editor.selection.single());
        double[] place = freePlace();
        if (source != null) {
            Box box = canvas.scene.box(editor.selection.single());
            place = new double[] {Math.round(box.right() + 84), Math.round(box.top())};
        }
        layer(kind, source, place[0], place[1]);
    }

    /** Asks for a layer's sizes and adds it at a place of the world, wired to an output (or null). */
    void layer(LayerKind kind, Port source, double x, double y) {
        LayerDialog.open(editor, kind, source, (text, seed, from) -> {
            Change change = LayerEdits.added(editor.graph(), text, seed, x, y, from);
            editor.apply(change);
            return () -> show(LayerEdits.frame(change));
        });
    }

    /** Puts a table into a data box, or into a new one (null) at a point of the page. */
    void table(String text, String box, double clientX, double clientY) {
        if (box != null) {
            editor.apply(DataEdits.table(editor.graph(), box, text));
            show(editor.graph().node(box));
        } else if (canvas.covers(clientX, clientY)) {
            tryAdd(() -> DataEdits.added(editor.graph(), text,
                    Math.round(canvas.worldX(clientX) - NodeShape.WIDTH / 2),
                    Math.round(canvas.worldY(clientY) - NodeShape.MIDDLE)));
        } else {
            double[] place = freePlace();
            tryAdd(() -> DataEdits.added(editor.graph(), text, place[0], place[1]));
        }
        Notices.announce(Text.of("data.took"));
    }

    private void show(GraphNode node) {
        editor.selection.set(List.of(node.id()));
        canvas.reveal(node.id());
        canvas.focusNode(node.id());
        Notices.announce(Text.of("canvas.added", node.label()));
    }

    private boolean isTaken(double x, double y) {
        Box box = new Box(x - 12, y - 12, x + NodeShape.WIDTH + 12, y + 112);
        return canvas.scene.nodes().stream().anyMatch(node -> canvas.scene.box(node.node().id()).meets(box))
                || canvas.scene.notes.isCollapsedIn(box);
    }

    /** Makes an edit that adds a node and goes to it; says why where there can be none. */
    void tryAdd(Supplier<Change> edit) {
        try {
            Change change = framed(edit.get());
            editor.apply(change);
            GraphNode added = change.added().getFirst();
            show(added);
            if (Framing.isComment(added)) {
                canvas.editNote(added.id());
            }
        } catch (GraphException refused) {
            Notices.error(Reasons.text(refused));
        }
    }

    /** An edit that adds a node, and puts it into the frame that it lies in, unless it could not be seen there. */
    private Change framed(Change change) {
        Graph before = editor.graph();
        Graph after = before.with(change);
        GraphNode added = change.added().getFirst();
        String frame = canvas.scene.notes.frameAt(added.x() + NodeShape.WIDTH / 2, added.y() + NodeShape.MIDDLE);
        return frame == null || Framing.isCollapsed(before.node(frame)) ? change
                : Change.between(before, after.with(Edits.enframe(after, frame, List.of(added.id()))));
    }
}

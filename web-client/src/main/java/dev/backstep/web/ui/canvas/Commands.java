package dev.backstep.web.ui.canvas;

import dev.backstep.engine.data.Csv;
import dev.backstep.engine.graph.Change;
import dev.backstep.engine.graph.Edits;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphException;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.graph.Wire;
import dev.backstep.web.jso.Clipboard;
import dev.backstep.web.session.Clip;
import dev.backstep.web.session.DataEdits;
import dev.backstep.web.session.Editor;
import dev.backstep.web.session.Framing;
import dev.backstep.web.ui.Background;
import dev.backstep.web.ui.Notices;
import dev.backstep.web.ui.Reasons;
import dev.backstep.web.ui.Text;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What is done to the selection or the whole drawing, whether a key, a menu or a gesture asked for it. */
final class Commands {
    private static final double BESIDE = 32;

    private final Canvas canvas;
    private final Editor editor;
    private final LayoutWorker layouts = new LayoutWorker();
    /** What was copied here last, for browsers that let nobody read the clipboard but by a key. */
    private String copied = "";

    Commands(Canvas canvas) {
        this.canvas = canvas;
        this.editor = canvas.editor;
    }

    /** The selection as text, or null where no node is selected. */
    String copy() {
        if (editor.selection.nodes().isEmpty()) {
            return null;
        }
        copied = Clip.write(editor.graph(), editor.selection.nodes());
        Notices.announce(Text.of("canvas.copied", editor.selection.nodes().size()));
        return copied;
    }

    /** Copies into the system's clipboard, where a menu and no key asked for it. */
    void copyOut(boolean cut) {
        String text = copy();
        if (text == null) {
            return;
        }
        if (cut) {
            removeSelected();
        }
        if (Clipboard.isThere()) {
            Background.run(() -> {
                try {
                    Clipboard.writeText(text).await();
                } catch (Throwable refused) {
                    Notices.error(Text.of("canvas.copyRefused"));
                }
            });
        }
    }

    /** Pastes what the system's clipboard holds, where it may be read; else what was copied here last. */
    void pasteIn(double clientX, double clientY) {
        Background.run(() -> {
            String text;
            try {
                text = Clipboard.isThere() ? Clipboard.readText().await().stringValue() : copied;
            } catch (Throwable refused) {
                text = copied;
            }
            if (text.isEmpty()) {
                Notices.tell(Text.of("canvas.pasteByKey"));
            } else {
                paste(text, clientX, clientY);
            }
        });
    }

    /** Adds what a text holds at a point of the page; says why where it holds no document. */
    void paste(String text, double clientX, double clientY) {
        if (!Clip.isMeant(text) && DataEdits.fits(text) && Csv.isMeant(text)) {
            String selected = editor.selection.single();
            canvas.adding.table(text, selected != null && DataEdits.isData(editor.graph().node(selected)) ? selected
                    : null, clientX, clientY);
            return;
        }
        if (!Clip.isMeant(text)) {
            Notices.tell(Text.of("canvas.nothingToPaste"));
            return;
        }
        try {
            Graph part = Clip.read(text);
            insert(Clip.pasteAt(editor.graph(), part, canvas.worldX(clientX), canvas.worldY(clientY)));
        } catch (GraphException refused) {
            Notices.error(Text.of("canvas.pasteRefused", Reasons.text(refused)));
        }
    }

    void duplicate() {
        if (!editor.selection.nodes().isEmpty()) {
            insert(Clip.duplicate(editor.graph(), editor.selection.nodes(), BESIDE, BESIDE));
        }
    }

    private void insert(Change change) {
        List<String> added = Clip.added(change);
        if (added.isEmpty()) {
            return;
        }
        editor.apply(change);
        editor.selection.set(added);
        canvas.focusNode(added.getFirst());
        Notices.announce(Text.of("canvas.pasted", added.size()));
    }

    void selectAll() {
        editor.selection.set(editor.graph().nodes().stream().map(GraphNode::id).toList());
    }

    void removeSelected() {
        Graph graph = editor.graph();
        Wire wire = editor.selection.wireEnd() == null ? null : graph.wireInto(editor.selection.wireEnd());
        if (wire != null) {
            cut(List.of(wire));
        } else if (!editor.selection.isEmpty()) {
            List<String> ids = Framing.withHidden(graph, editor.selection.nodes());
            int count = ids.size();
            editor.apply(Edits.remove(graph, ids));
            Notices.announce(Text.of("canvas.removed", count));
            canvas.view.focus();
        }
    }

    void cut(List<Wire> wires) {
        if (!wires.isEmpty()) {
            editor.apply(Edits.disconnect(editor.graph(), wires));
            Notices.announce(wires.size() == 1 ? Text.of("canvas.wireRemoved")
                    : Text.of("canvas.wiresRemoved", wires.size()));
        }
    }

    /** Cuts every wire at the selected nodes; of a frame those that cross its border. */
    void disconnect() {
        List<String> chosen = editor.selection.nodes();
        Set<String> inside = new HashSet<>(Framing.withMembers(editor.graph(), chosen));
        cut(editor.graph().wires().stream().filter(wire -> {
            boolean from = inside.contains(wire.from().node());
            boolean to = inside.contains(wire.to().node());
            return from != to || chosen.contains(wire.from().node()) || chosen.contains(wire.to().node());
        }).toList());
    }

    /** Puts a frame around the selected nodes, and lets one name it. */
    void frame() {
        List<String> chosen = editor.selection.nodes();
        Box around = canvas.scene.bounds(chosen);
        if (around == null) {
            return;
        }
        Change change = Framing.wrap(editor.graph(), chosen, around.left(), around.top());
        editor.apply(change);
        String frame = change.added().getFirst().id();
        editor.selection.set(List.of(frame));
        Notices.announce(Text.of("note.framed", change.added().getFirst().label()));
        canvas.focusNode(frame);
        canvas.editNote(frame);
    }

    void unframe() {
        editor.apply(Framing.unwrap(editor.graph(), editor.selection.nodes()));
        canvas.view.focus();
    }

    void set(String note, String attribute, Object value) {
        editor.apply(Framing.update(editor.graph(), note, attribute, value));
    }

    /** Collapses a frame, or opens it; what it hides is selected no more. */
    void toggleCollapsed(String frame) {
        boolean collapse = !Framing.isCollapsed(editor.graph().node(frame));
        editor.apply(Framing.collapse(editor.graph(), frame, collapse));
        if (collapse) {
            editor.selection.set(editor.selection.nodes().stream()
                    .filter(id -> Framing.hiding(editor.graph(), id) == null).toList());
        }
    }

    boolean isTarget(String id) {
        return editor.graph().target() != null && editor.graph().target().node().equals(id);
    }

    void toggleTarget(String id) {
        editor.apply(Edits.target(editor.graph(), isTarget(id) ? null : new Port(id, 0)));
    }

    void nudge(double dx, double dy) {
        List<GraphNode> moved = Framing.withMembers(editor.graph(), editor.selection.nodes()).stream()
                .map(editor.graph()::node)
                .map(node -> node.at(node.x() + dx, node.y() + dy)).toList();
        editor.apply(Edits.update(editor.graph(), moved), "nudge " + editor.selection.nodes());
    }

    void arrange(Arrange how) {
        Map<String, Box> boxes = new LinkedHashMap<>();
        editor.selection.nodes().forEach(id -> boxes.put(id, canvas.scene.box(id)));
        if (boxes.size() >= how.least()) {
            glideTo(how.places(boxes), false);
        }
    }

    /** Lays out the selection, or everything where fewer than two nodes are selected. */
    void layOut() {
        List<String> selected = Framing.withMembers(editor.graph(), editor.selection.nodes());
        boolean all = selected.size() < 2;
        Graph graph = editor.graph();
        Set<String> ids = new HashSet<>(all ? graph.nodes().stream().map(GraphNode::id).toList() : selected);
        ElkGraph elk = new ElkGraph(graph, canvas.scene, ids);
        if (elk.isEmpty()) {
            return;
        }
        layouts.layOut(elk.json(), places -> {
            takeLayout(places, all);
            Notices.announce(Text.of("canvas.laidOut", places.size()));
        }, () -> Notices.error(Text.of("canvas.layoutFailed")));
    }

    /** What is laid out keeps its left upper corner. Nodes that went away meanwhile are left out. */
    private void takeLayout(Map<String, double[]> places, boolean all) {
        places.keySet().removeIf(id -> editor.graph().node(id) == null);
        if (places.isEmpty()) {
            return;
        }
        Box before = canvas.scene.bounds(places.keySet());
        double left = places.values().stream().mapToDouble(place -> place[0]).min().orElse(0);
        double top = places.values().stream().mapToDouble(place -> place[1]).min().orElse(0);
        places.replaceAll((id, place) -> new double[] {
            Math.round(before.left() + place[0] - left), Math.round(before.top() + place[1] - top)});
        glideTo(places, all);
    }

    /** Moves things to places, frames with their members. */
    private void glideTo(Map<String, double[]> places, boolean fit) {
        Graph graph = editor.graph();
        Map<String, GraphNode> moved = new LinkedHashMap<>();
        places.forEach((id, place) -> {
            Box box = canvas.scene.box(id);
            double dx = place[0] - box.left();
            double dy = place[1] - box.top();
            for (String part : Framing.withMembers(graph, List.of(id))) {
                GraphNode node = graph.node(part);
                moved.putIfAbsent(part, node.at(node.x() + dx, node.y() + dy));
            }
        });
        Map<String, Box> from = new LinkedHashMap<>();
        moved.keySet().forEach(id -> from.put(id, canvas.scene.placeOf(id)));
        editor.apply(Edits.update(graph, moved.values()));
        if (fit) {
            canvas.fit();
        }
        canvas.motion.glide(from);
    }
}

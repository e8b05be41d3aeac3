package dev.backstep.web.ui.canvas;

import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.Note;
import dev.backstep.engine.graph.Port;
import dev.backstep.web.session.Framing;
import dev.backstep.web.session.Selection;
import dev.backstep.web.ui.Dom;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.teavm.jso.dom.html.HTMLElement;

/** The comments and frames of the drawing: frames lie under the wires, comments among the nodes. */
final class NoteLayer {
    /** What a node's element says of it, as css/parts/node.css has it. */
    private static final List<String> MARKS = List.of("now", "computed", "failed");

    final HTMLElement frameLayer = Dom.make("div", "frames");
    final HTMLElement commentLayer = Dom.make("div", "comments");

    private final Scene scene;
    private final Map<String, CommentView> comments = new LinkedHashMap<>();
    private final Map<String, FrameView> frames = new LinkedHashMap<>();
    private Graph graph = Graph.EMPTY;
    /** Nodes that are being dragged in, or out of, their frames, which stay as they are meanwhile. */
    private Set<String> loose = Set.of();
    /** Collapses a frame, or opens it. */
    private Consumer<String> toggled = id -> {};

    NoteLayer(Scene scene) {
        this.scene = scene;
    }

    void onToggle(Consumer<String> listener) {
        toggled = listener;
    }

    /** Makes the elements those of a document; the nodes must be there already. */
    void sync(Graph newGraph) {
        graph = newGraph;
        loose = Set.of();
        comments.values().removeIf(this::isGone);
        frames.values().removeIf(this::isGone);
        for (GraphNode node : graph.nodes()) {
            if (Framing.isComment(node)) {
                CommentView view = comments.get(node.id());
                if (view == null) {
                    view = new CommentView(node);
                    comments.put(node.id(), view);
                    commentLayer.appendChild(view.element);
                } else if (!view.node().equals(node)) {
                    view.update(node);
                }
                view.moveTo(node.x(), node.y());
            } else if (Framing.isFrame(node)) {
                frames.computeIfAbsent(node.id(), id -> newFrame(node)).update(graph, node);
            }
        }
        comments.forEach((id, view) -> view.element.setHidden(isFolded(id)));
        redraw();
    }

    private FrameView newFrame(GraphNode node) {
        FrameView view = new FrameView(node, () -> toggled.accept(node.id()));
        frameLayer.appendChild(view.element);
        return view;
    }

    private boolean isGone(NoteView view) {
        GraphNode node = graph.node(view.node().id());
        boolean gone = node == null || !node.type().equals(view.node().type());
        if (gone) {
            view.element.delete();
        }
        return gone;
    }

    /** From now on, frames with any of these nodes stay as they are. */
    void loosen(Collection<String> ids) {
        loose = Set.copyOf(ids);
    }

    /** Draws the frames around their members, wherever those are drawn. */
    void redraw() {
        for (FrameView frame : frames.values()) {
            List<String> members = Note.members(frame.node());
            if (frame.box() != null && members.stream().anyMatch(loose::contains)) {
                continue;
            }
            Box box = null;
            for (String member : members) {
                Box around = scene.placeOf(member);
                box = box == null ? around : box.and(around);
            }
            frame.drawAround(box);
        }
    }

    /** Collapsed frames show what happens in them at this step. */
    void showStep() {
        for (FrameView frame : frames.values()) {
            for (String mark : MARKS) {
                Dom.flag(frame.element, mark, frame.isCollapsed() && Note.members(frame.node()).stream()
                        .anyMatch(id -> !has(id) && scene.node(id).element.getClassList().contains(mark)));
            }
        }
    }

    boolean has(String id) {
        return id != null && (comments.containsKey(id) || frames.containsKey(id));
    }

    Collection<String> ids() {
        List<String> ids = new ArrayList<>(comments.keySet());
        ids.addAll(frames.keySet());
        return ids;
    }

    /** Where the collapsed frames are drawn. */
    List<Box> collapsed() {
        return frames.values().stream().filter(FrameView::isCollapsed).map(FrameView::box).toList();
    }

    NoteView view(String id) {
        return comments.containsKey(id) ? comments.get(id) : frames.get(id);
    }

    Box box(String id) {
        return comments.containsKey(id) ? comments.get(id).box() : frames.get(id).box();
    }

    /** Draws one elsewhere for a while; a frame with members follows those. */
    void place(String id, double x, double y) {
        if (comments.containsKey(id)) {
            comments.get(id).moveTo(x, y);
        } else if (Note.members(frames.get(id).node()).isEmpty()) {
            frames.get(id).moveTo(x, y);
        }
    }

    /** Whether a node is not to be seen, its frame being collapsed. */
    boolean isFolded(String id) {
        return foldedIn(id) != null;
    }

    /** The collapsed frame that stands for a node, or null. */
    FrameView foldedIn(String id) {
        GraphNode frame = frames.isEmpty() || graph.node(id) == null ? null : Framing.hiding(graph, id);
        return frame == null ? null : frames.get(frame.id());
    }

    /** Whether a collapsed frame lies in that part of the world. */
    boolean isCollapsedIn(Box box) {
        return frames.values().stream().anyMatch(frame -> frame.isCollapsed() && frame.box().meets(box));
    }

    /** The frame at a place of the world, the smallest where several lie there; null for none. */
    String frameAt(double x, double y) {
        FrameView best = null;
        for (FrameView frame : frames.values()) {
            boolean smaller = best == null || frame.box().width() * frame.box().height()
                    < best.box().width() * best.box().height();
            if (frame.box().contains(x, y) && smaller) {
                best = frame;
            }
        }
        return best == null ? null : best.node().id();
    }

    /** Lights one frame, or none (null). */
    void light(String id) {
        frames.forEach((frame, view) -> Dom.flag(view.element, "drop", frame.equals(id)));
    }

    HTMLElement port(Port port, boolean input) {
        return foldedIn(port.node()).port(port, input);
    }

    Scene.Spot spot(Port port, boolean input) {
        return foldedIn(port.node()).spot(port, input);
    }

    void select(Selection selection) {
        comments.forEach((id, view) -> Dom.flag(view.element, "selected", selection.contains(id)));
        frames.forEach((id, view) -> Dom.flag(view.element, "selected", selection.contains(id)));
    }

    void translate() {
        comments.values().forEach(NoteView::translate);
        frames.values().forEach(NoteView::translate);
    }
}

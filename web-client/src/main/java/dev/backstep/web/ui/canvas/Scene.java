package dev.backstep.web.ui.canvas;

import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.Inference;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.graph.Wire;
import dev.backstep.engine.tensor.Meta;
import dev.backstep.web.session.Framing;
import dev.backstep.web.session.Selection;
import dev.backstep.web.session.Spotlight;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Frames;
import dev.backstep.web.ui.Text;
import dev.backstep.web.value.TensorText;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.HashSet;
import java.util.Map;
import org.teavm.jso.dom.html.HTMLDocument;
import org.teavm.jso.dom.html.HTMLElement;
import org.teavm.jso.dom.xml.Element;
import org.teavm.jso.dom.xml.Node;

/** The elements of the drawing, kept in step with the document. */
final class Scene {
    private static final double MARGIN = 40;

    /** All that is drawn, in the world's own measure. */
    final HTMLElement content = Dom.make("div", "content");

    /**
     * Under the nodes, as large as all of them together. Nothing is seen of it, but with it the browser puts the nodes
     * into one layer instead of dozens, each of which it would handle in every frame.
     */
    private final HTMLElement sheet = Dom.make("div", "sheet");
    private final Element edgeLayer = Dom.svg("svg", "edges");
    private final HTMLElement nodeLayer = Dom.make("div", "nodes");
    private final HTMLElement chipLayer = Dom.make("div", "chips");
    private final Map<String, NodeView> nodes = new LinkedHashMap<>();
    private final Map<Port, EdgeView> edges = new HashMap<>();
    /** Comments and frames. They and the nodes are the drawing's things: what is said of an id holds for both. */
    final NoteLayer notes = new NoteLayer(this);

    private Detail.Level level = Detail.Level.NEAR;
    /** Made since the last frame: nothing was spent on showing them yet. */
    private final List<NodeView> freshNodes = new ArrayList<>();
    private final List<EdgeView> freshEdges = new ArrayList<>();
    private final Runnable seen = this::seen;
    private Box covered;
    private Graph graph = Graph.EMPTY;
    private Inference inference = Inference.of(Graph.EMPTY);
    /** What the wires' words are of. */
    private Inference described;

    Scene() {
        Dom.append(content, sheet, notes.frameLayer);
        content.appendChild(edgeLayer);
        Dom.append(content, notes.commentLayer, nodeLayer, chipLayer);
    }

    /** What is drawn on its own, by id: not what a collapsed frame hides. */
    List<String> shown() {
        List<String> ids = new ArrayList<>(nodes.keySet());
        ids.addAll(notes.ids());
        ids.removeIf(notes::isFolded);
        return ids;
    }

    /** The element of a node or note; of what is hidden, that of its frame. */
    HTMLElement element(String id) {
        FrameView frame = notes.foldedIn(id);
        return frame != null ? frame.element : notes.has(id) ? notes.view(id).element : nodes.get(id).element;
    }

    /** The element of a port; null where a collapsed frame hides it. */
    HTMLElement port(Port port, boolean input) {
        if (notes.isFolded(port.node())) {
            return notes.port(port, input);
        }
        NodeView node = nodes.get(port.node());
        return input ? node.input(port.index()) : node.output(port.index());
    }

    Element edgeLayer() {
        return edgeLayer;
    }

    Collection<NodeView> nodes() {
        return nodes.values();
    }

    NodeView node(String id) {
        return nodes.get(id);
    }

    EdgeView edge(Port end) {
        return edges.get(end);
    }

    Collection<EdgeView> edges() {
        return edges.values();
    }

    /** Makes the elements those of a document. */
    void sync(Graph newGraph, Inference newInference) {
        Graph old = graph;
        graph = newGraph;
        inference = newInference;
        boolean sameWires = old.wires() == graph.wires();
        removeGone();
        int kept = nodes.size();
        List<NodeView> changed = syncNodes(old);
        notes.sync(graph);
        nodes.forEach((id, view) -> view.hide(notes.isFolded(id)));
        if (!sameWires || nodes.size() > kept) {
            orderNodes();
        }
        for (Wire wire : graph.wires()) {
            if (!edges.containsKey(wire.to())) {
                EdgeView view = new EdgeView(wire, chipLayer);
                view.show(level);
                edges.put(wire.to(), view);
                freshEdges.add(view);
                edgeLayer.appendChild(view.element);
            }
        }
        if (sameWires && notes.ids().isEmpty()) {
            if (!changed.isEmpty()) {
                routeAt(changed, old);
            }
        } else {
            route();
        }
        describe(old);
        coverWith(bounds());
        Frames.request(seen);
    }

    /** The nodes that are not what they were. */
    private List<NodeView> syncNodes(Graph old) {
        List<NodeView> changed = new ArrayList<>();
        for (GraphNode node : drawn()) {
            NodeView view = nodes.get(node.id());
            if (view != null && view.node() == node && old.wiresInto(node.id()).equals(graph.wiresInto(node.id()))) {
                // It may have been drawn elsewhere for a while.
                if (view.settle()) {
                    changed.add(view);
                }
                continue;
            }
            NodeShape shape = NodeShape.of(graph, node);
            if (view == null) {
                view = new NodeView(node, shape);
                view.show(level);
                nodes.put(node.id(), view);
                freshNodes.add(view);
            } else {
                view.update(node, shape);
            }
            view.settle();
            changed.add(view);
        }
        return changed;
    }

    private void seen() {
        freshNodes.clear();
        freshEdges.clear();
    }

    Detail.Level level() {
        return level;
    }

    /**
     * What is made from now on shows as much as that, and so does what no frame has shown yet; the rest is
     * {@link Detail}'s. False where that much is shown already.
     */
    boolean show(Detail.Level newLevel) {
        boolean changes = level != newLevel;
        level = newLevel;
        freshNodes.forEach(view -> view.show(level));
        freshEdges.forEach(view -> view.show(level));
        return changes;
    }

    private void coverWith(Box box) {
        if (box != null && !box.equals(covered)) {
            covered = box;
            sheet.getStyle().setProperty("left", box.left() - MARGIN + "px");
            sheet.getStyle().setProperty("top", box.top() - MARGIN + "px");
            sheet.getStyle().setProperty("width", box.width() + 2 * MARGIN + "px");
            sheet.getStyle().setProperty("height", box.height() + 2 * MARGIN + "px");
        }
    }

    /** The nodes in the graph's order, without the notes. */
    private List<GraphNode> drawn() {
        return graph.order().stream().filter(node -> !Framing.isNote(node)).toList();
    }

    private void removeGone() {
        edges.values().removeIf(view -> {
            boolean gone = !view.wire.equals(graph.wireInto(view.wire.to()));
            if (gone) {
                view.delete();
            }
            return gone;
        });
        nodes.values().removeIf(view -> {
            GraphNode node = graph.node(view.node().id());
            boolean gone = node == null || !node.type().equals(view.node().type());
            if (gone) {
                view.element.delete();
            }
            return gone;
        });
    }

    /** Puts the elements in the graph's order, which is the order they are read in. */
    private void orderNodes() {
        HTMLElement focused = HTMLDocument.current().getActiveElement();
        Node at = nodeLayer.getFirstChild();
        for (GraphNode node : drawn()) {
            HTMLElement element = nodes.get(node.id()).element;
            if (element == at) {
                at = at.getNextSibling();
            } else {
                nodeLayer.insertBefore(element, at);
            }
        }
        // An element that moves within the page loses the focus.
        boolean lost = focused != null && focused != HTMLDocument.current().getActiveElement();
        if (lost && focused.getParentNode() != null) {
            focused.focus();
        }
    }

    /** Says the words of wires and ports in the page's language. */
    void translate() {
        nodes.values().forEach(NodeView::translate);
        notes.translate();
        describe(null);
    }

    private void describe(Graph old) {
        for (NodeView view : nodes.values()) {
            String id = view.node().id();
            if (old == null || old.node(id) == null || !old.wiresInto(id).equals(graph.wiresInto(id))
                    || !old.wiresFrom(id).equals(graph.wiresFrom(id))) {
                markPorts(view, id);
            }
        }
        boolean sameWords = old != null && inference == described;
        described = inference;
        for (EdgeView edge : sameWords ? List.<EdgeView>of() : edges.values()) {
            Port from = edge.wire.from();
            Meta meta = inference.at(from);
            String shape = meta == null || meta.shape() == null ? "" : TensorText.shape(meta.shape());
            String name = Text.of("edge.name", graph.name(from), graph.node(edge.wire.to().node()).label());
            edge.describe(shape.isEmpty() ? name : name + ", " + shape, shape.equals("[]") ? "" : shape);
        }
    }

    private void markPorts(NodeView view, String id) {
        for (int i = 0; i < view.shape().inputs(); i++) {
            Dom.flag(view.input(i), "linked", graph.wireInto(new Port(id, i)) != null);
        }
        for (int i = 0; i < view.shape().outputs(); i++) {
            int index = i;
            Dom.flag(view.output(i), "linked",
                    graph.wiresFrom(id).stream().anyMatch(wire -> wire.from().index() == index));
        }
    }

    /** Where it is drawn now: while it is dragged, elsewhere than the document says; hidden, where its frame is. */
    Box box(String id) {
        FrameView frame = notes.foldedIn(id);
        return frame != null ? frame.box() : placeOf(id);
    }

    /** Where it is drawn, or would be if it were not hidden. */
    Box placeOf(String id) {
        if (notes.has(id)) {
            return notes.box(id);
        }
        return nodes.get(id).box();
    }

    /** The box around nodes, or null where there are none. */
    Box bounds(Collection<String> ids) {
        Box bounds = null;
        for (String id : ids) {
            bounds = bounds == null ? box(id) : bounds.and(box(id));
        }
        return bounds;
    }

    Box bounds() {
        return bounds(shown());
    }

    /** Draws a node somewhere, without its edges. */
    void place(String id, double x, double y) {
        if (notes.has(id)) {
            notes.place(id, x, y);
            return;
        }
        nodes.get(id).move(x, y);
    }

    /** Draws the edges at a node anew, straight through what is in the way: nothing stands still yet. */
    void drawEdgesOf(String id) {
        Detours none = new Detours(List.of(), 0);
        graph.wiresInto(id).forEach(wire -> draw(edges.get(wire.to()), none));
        graph.wiresFrom(id).forEach(wire -> draw(edges.get(wire.to()), none));
    }

    /** Draws all edges anew, around the boxes that are in the way. */
    void route() {
        Detours detours = detours();
        edges.values().forEach(edge -> draw(edge, detours));
    }

    /** The same for those edges that nodes that are not what they were can be in the way of, or at an end of. */
    private void routeAt(List<NodeView> changed, Graph old) {
        Set<String> ids = new HashSet<>();
        List<Box> boxes = new ArrayList<>();
        boolean onlyMoved = true;
        for (NodeView view : changed) {
            GraphNode node = view.node();
            GraphNode before = old.node(node.id());
            ids.add(node.id());
            boxes.add(view.box());
            onlyMoved &= before != null && before.at(node.x(), node.y()).equals(node);
            if (onlyMoved) {
                boxes.add(view.box().moved(before.x() - node.x(), before.y() - node.y()));
            }
        }
        Detours detours = detours();
        for (EdgeView edge : edges.values()) {
            boolean touched = ids.contains(edge.wire.from().node()) || ids.contains(edge.wire.to().node())
                    || !onlyMoved && !edge.curve().isPlain();
            for (int i = 0; i < boxes.size() && !touched; i++) {
                touched = Detours.concerns(edge.curve(), boxes.get(i));
            }
            if (touched) {
                draw(edge, detours);
            }
        }
    }

    private Detours detours() {
        List<Box> boxes = new ArrayList<>();
        for (String id : shown()) {
            GraphNode node = graph.node(id);
            if (!Framing.isNote(node) || Framing.isFrame(node) && Framing.isCollapsed(node)) {
                boxes.add(box(id));
            }
        }
        return new Detours(boxes, edges.size());
    }

    private void draw(EdgeView edge, Detours detours) {
        Spot from = output(edge.wire.from());
        Spot to = input(edge.wire.to());
        edge.draw(detours.around(new EdgeCurve(from.x(), from.y(), to.x(), to.y()), edge.wire.from().hashCode()));
        FrameView frame = notes.foldedIn(edge.wire.from().node());
        edge.fold(frame != null && frame == notes.foldedIn(edge.wire.to().node()));
    }

    /** A place in the world. */
    record Spot(double x, double y) {}

    Spot output(Port port) {
        if (notes.isFolded(port.node())) {
            return notes.spot(port, false);
        }
        Box box = box(port.node());
        return new Spot(box.right(), box.top() + nodes.get(port.node()).shape().outputY(port.index()));
    }

    Spot input(Port port) {
        if (notes.isFolded(port.node())) {
            return notes.spot(port, true);
        }
        Box box = box(port.node());
        return new Spot(box.left(), box.top() + nodes.get(port.node()).shape().inputY(port.index()));
    }

    /** What a place means: the port nearest to it, or {@code otherwise} where none comes closer than {@code reach}. */
    Hit portNear(double x, double y, double reach, Hit otherwise) {
        Hit best = otherwise;
        double bestDistance = reach;
        for (NodeView node : nodes.values()) {
            String id = node.node().id();
            for (int i = 0; i < node.shape().inputs() + node.shape().outputs(); i++) {
                boolean input = i < node.shape().inputs();
                Port port = new Port(id, input ? i : i - node.shape().inputs());
                if (port(port, input) == null) {
                    continue;
                }
                Spot spot = input ? input(port) : output(port);
                double distance = Math.hypot(spot.x() - x, spot.y() - y);
                if (distance < bestDistance) {
                    best = new Hit(id, input ? port : null, input ? null : port, null, false);
                    bestDistance = distance;
                }
            }
        }
        return best;
    }

    void select(Selection selection) {
        notes.select(selection);
        nodes.forEach((id, view) -> view.select(selection.contains(id)));
        edges.forEach((end, view) -> view.select(end.equals(selection.wireEnd())));
    }

    /** Shows the way that an answer speaks of, and the box that is the cause. */
    void light(Spotlight light) {
        nodes.forEach((id, view) -> view.light(light.lights(id), id.equals(light.cause())));
        edges.forEach((end, view) -> view.light(light.lights(end)));
    }
}

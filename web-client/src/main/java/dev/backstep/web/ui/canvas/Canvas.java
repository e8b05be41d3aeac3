package dev.backstep.web.ui.canvas;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.graph.Change;
import dev.backstep.engine.graph.Edits;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphException;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.Wire;
import dev.backstep.engine.step.Event;
import dev.backstep.engine.tensor.NodeType;
import dev.backstep.web.jso.ResizeObserver;
import dev.backstep.web.session.Editor;
import dev.backstep.web.session.Player;
import dev.backstep.web.session.Signal;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Frames;
import dev.backstep.web.ui.Notices;
import dev.backstep.web.ui.Reasons;
import dev.backstep.web.ui.Text;
import java.util.List;
import org.teavm.jso.dom.html.HTMLElement;
import org.teavm.jso.dom.html.TextRectangle;

/** The drawing: shows the document, and turns what one does on it into edits. */
public final class Canvas {
    /** Enter was pressed on a node: its particulars are asked for. */
    public final Signal opened = new Signal();

    /** The zoom is another one. */
    public final Signal zoomed = new Signal();

    final HTMLElement view;
    final Editor editor;
    final Viewport viewport = new Viewport();
    final Scene scene = new Scene();
    final Connecting connecting;
    final TypedValues typedValues;
    final PointerInput pointers;

    private final Player player;
    private final WorldLayer layer;
    private final PulseLayer pulses;
    private final Faces faces;
    private final HeatLegend legend = new HeatLegend();
    private final Minimap minimap;
    private final Runnable showStep = this::showStep;
    private double left;
    private double top;
    private double width;
    private double height;

    public Canvas(HTMLElement view, Editor editor, Player player) {
        this.view = view;
        this.editor = editor;
        this.player = player;
        view.setTabIndex(0);
        view.setAttribute("role", "group");
        layer = new WorldLayer(view, scene.content, viewport);
        pulses = new PulseLayer(view, viewport);
        faces = new Faces(editor, player);
        minimap = new Minimap(this);
        HTMLElement corner = Dom.make("div", "canvas-corner", legend.element, minimap.element);
        view.getParentNode().appendChild(corner);
        connecting = new Connecting(editor, scene, view);
        pointers = new PointerInput(this);
        new KeyInput(this);
        typedValues = new TypedValues(this);
        editor.changed.listen(this::sync);
        editor.selection.changed.listen(() -> {
            scene.select(editor.selection);
            minimap.redraw();
        });
        editor.spotlight.changed.listen(() -> scene.light(editor.spotlight));
        editor.spotlight.asked.listen(() -> reveal(editor.spotlight.wanted()));
        player.moved.listen(() -> Frames.request(showStep));
        Text.onChange(this::translate);
        new ResizeObserver(entries -> resized()).observe(view);
        measure();
        showViewport();
    }

    private void translate() {
        view.setAttribute("aria-label", Text.of("canvas.title"));
        scene.translate();
        legend.translate();
        minimap.translate();
        Frames.request(showStep);
    }

    private void sync() {
        connecting.cancel();
        scene.sync(editor.graph(), editor.inference());
        scene.select(editor.selection);
        minimap.redraw();
        scene.light(editor.spotlight);
    }

    /** Shows what nodes and edges hold at the step one stands at, and lets what moved there move. */
    private void showStep() {
        legend.show(faces.show(scene));
        Event event = player.event();
        if (event == null || !player.isStepAhead()) {
            pulses.stop();
            return;
        }
        pulses.run(event.wires().stream().map(wire -> scene.edge(wire.to()).curve()).toList(),
                !(event instanceof Event.Forward));
    }

    /** Finds out where on the page the canvas lies; gestures reckon from there. */
    void measure() {
        TextRectangle place = view.getBoundingClientRect();
        left = place.getLeft();
        top = place.getTop();
        width = place.getWidth();
        height = place.getHeight();
    }

    private void resized() {
        measure();
        pulses.resize(width, height);
        minimap.showView();
    }

    double width() {
        return width;
    }

    double height() {
        return height;
    }

    double left() {
        return left;
    }

    double top() {
        return top;
    }

    void showViewport() {
        layer.show();
        minimap.showView();
        zoomed.fire();
    }

    public double zoom() {
        return viewport.zoom();
    }

    /** Zooms around the middle. */
    public void zoom(double factor) {
        viewport.zoomAt(width / 2, height / 2, factor);
        showViewport();
    }

    /** Shows the whole drawing. */
    public void fit() {
        fit(scene.bounds());
    }

    /** Shows what is selected; everything where nothing is. */
    public void fitSelection() {
        List<String> nodes = editor.selection.nodes();
        fit(nodes.isEmpty() ? scene.bounds() : scene.bounds(nodes));
    }

    private void fit(Box box) {
        measure();
        if (box == null) {
            viewport.zoomAt(width / 2, height / 2, 1 / viewport.zoom());
        } else {
            viewport.fit(box, width, height);
        }
        showViewport();
    }

    /** Whether a point of the page lies on the canvas. */
    public boolean covers(double clientX, double clientY) {
        measure();
        return clientX >= left && clientX < left + width && clientY >= top && clientY < top + height;
    }

    /** Adds a node with its middle at a point of the page. */
    public void addAt(NodeType type, Attrs attrs, double clientX, double clientY) {
        add(type, attrs, viewport.worldX(clientX - left) - NodeShape.WIDTH / 2,
                viewport.worldY(clientY - top) - 50);
    }

    /** Adds a node where one looks, beside what is there. */
    public void add(NodeType type, Attrs attrs) {
        measure();
        double x = viewport.worldX(width / 2) - NodeShape.WIDTH / 2;
        double y = viewport.worldY(height / 2) - 50;
        for (int i = 0; i < 200 && isTaken(x, y); i++) {
            x += 12;
            y += 28;
        }
        add(type, attrs, x, y);
    }

    private boolean isTaken(double x, double y) {
        Box box = new Box(x - 12, y - 12, x + NodeShape.WIDTH + 12, y + 112);
        return scene.nodes().stream().anyMatch(node -> scene.box(node.node().id()).meets(box));
    }

    private void add(NodeType type, Attrs attrs, double x, double y) {
        try {
            Change change = Edits.add(editor.graph(), type, null, attrs, Math.round(x), Math.round(y));
            editor.apply(change);
            GraphNode added = change.added().getFirst();
            editor.selection.set(List.of(added.id()));
            reveal(added.id());
            focusNode(added.id());
            Notices.announce(Text.of("canvas.added", added.label()));
        } catch (GraphException refused) {
            Notices.error(Reasons.text(refused));
        }
    }

    void removeSelected() {
        Graph graph = editor.graph();
        Wire wire = editor.selection.wireEnd() == null ? null : graph.wireInto(editor.selection.wireEnd());
        if (wire != null) {
            editor.apply(Edits.disconnect(graph, List.of(wire)));
            Notices.announce(Text.of("canvas.wireRemoved"));
        } else if (!editor.selection.isEmpty()) {
            int count = editor.selection.nodes().size();
            editor.apply(Edits.remove(graph, editor.selection.nodes()));
            Notices.announce(Text.of("canvas.removed", count));
            view.focus();
        }
    }

    /** Moves the drawing until a node can be seen. */
    public void reveal(String id) {
        if (viewport.reveal(scene.box(id), width, height)) {
            showViewport();
        }
    }

    public void focus() {
        view.focus();
    }

    void focus(Hit hit) {
        if (hit.node() == null) {
            view.focus();
        } else {
            scene.node(hit.node()).element.focus();
        }
    }

    void focusNode(String id) {
        scene.node(id).element.focus();
        reveal(id);
    }
}

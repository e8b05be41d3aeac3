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
import dev.backstep.engine.step.Event;
import dev.backstep.engine.tensor.NodeType;
import dev.backstep.web.device.Devices;
import dev.backstep.web.jso.ResizeObserver;
import dev.backstep.web.session.Editor;
import dev.backstep.web.session.Framing;
import dev.backstep.web.session.Happenings;
import dev.backstep.web.session.HealthCheck;
import dev.backstep.web.session.Insertion;
import dev.backstep.web.session.Player;
import dev.backstep.web.session.Signal;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Entry;
import dev.backstep.web.ui.Frames;
import dev.backstep.web.ui.Notices;
import dev.backstep.web.ui.Reasons;
import dev.backstep.web.ui.Text;
import dev.backstep.web.ui.timeline.Breaks;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.teavm.jso.dom.html.HTMLElement;
import org.teavm.jso.dom.html.TextRectangle;

/** The drawing: shows the document, and turns what one does on it into edits. */
public final class Canvas {
    /** How close to a port one must come on the screen, however far one has zoomed out. */
    static final double PORT_REACH = 22;

    /** Enter was pressed on a node: its particulars are asked for. */
    public final Signal opened = new Signal();

    /** Where the selected node runs is asked for. */
    public final Signal askedDevice = new Signal();

    /** The zoom is another one. */
    public final Signal zoomed = new Signal();

    /** Lining up, or selecting several, was switched on or off. */
    public final Signal modes = new Signal();

    final HTMLElement view;
    final Editor editor;
    final Viewport viewport = new Viewport();
    final Scene scene = new Scene();
    final Connecting connecting;
    final TypedValues typedValues;
    final PointerInput pointers;
    final KeyInput keys;
    final Commands commands;
    final Adding adding;
    final AddMenu addMenu;
    final ContextMenu menu;
    final Motion motion = new Motion(scene, this::boxesSettled);

    private final Player player;
    private final WorldLayer layer;
    private final Detail detail;
    private final HealthLayer health;
    private final PulseLayer pulses;
    private final Faces faces;
    private final HeatLegend legend = new HeatLegend();
    private final Minimap minimap;
    private final Runnable showStep = this::showStep;
    private final Runnable showFaces = this::showFaces;
    private double left;
    private double top;
    private double width;
    private double height;
    private final HTMLElement corner;
    /** What the view was made to show whole, or null where it has moved since. */
    private Box fitted;
    /** The step that the view has come to. */
    private int followed;
    private boolean snaps = true;
    private Boolean mode;
    private boolean selecting;

    public Canvas(HTMLElement view, Editor editor, Player player, HealthCheck check, Devices devices) {
        this.view = view;
        this.editor = editor;
        this.player = player;
        view.setTabIndex(0);
        view.setAttribute("role", "group");
        layer = new WorldLayer(view, scene.content, viewport, this::zoomSettled);
        detail = new Detail(scene, layer::isMoving);
        pulses = new PulseLayer(view, viewport);
        faces = new Faces(editor, player, devices);
        minimap = new Minimap(this);
        corner = Dom.make("div", "canvas-corner", legend.element, minimap.element);
        view.getParentNode().appendChild(corner);
        health = new HealthLayer(check, scene, view);
        check.changed.listen(() -> Frames.request(showStep));
        connecting = new Connecting(editor, scene, view);
        commands = new Commands(this);
        adding = new Adding(this);
        addMenu = new AddMenu(this);
        menu = new ContextMenu(this);
        pointers = new PointerInput(this);
        keys = new KeyInput(this);
        new ClipboardInput(this);
        new TableDrop(this);
        typedValues = new TypedValues(this);
        scene.notes.onToggle(commands::toggleCollapsed);
        editor.changed.listen(this::sync);
        editor.selection.changed.listen(() -> {
            scene.select(editor.selection);
            minimap.redraw();
        });
        editor.spotlight.changed.listen(() -> scene.light(editor.spotlight));
        editor.spotlight.asked.listen(() -> reveal(editor.spotlight.wanted()));
        player.moved.listen(() -> Frames.request(showStep));
        player.breakpoints.changed.listen(() -> Frames.request(showFaces));
        devices.changed.listen(() -> Frames.request(showFaces));
        Text.onChange(this::translate);
        new ResizeObserver(entries -> resized()).observe(view);
        new ResizeObserver(entries -> fitAgain()).observe(corner);
        measure();
        showViewport();
    }

    private void translate() {
        view.setAttribute("aria-label", Text.of("canvas.title"));
        scene.translate();
        legend.translate();
        minimap.translate();
        health.translate();
        Frames.request(showStep);
    }

    private void sync() {
        connecting.cancel();
        motion.stop();
        scene.sync(editor.graph(), editor.inference());
        scene.select(editor.selection);
        minimap.redraw();
        scene.light(editor.spotlight);
    }

    private void boxesSettled() {
        scene.route();
        minimap.redraw();
    }

    /** Shows in which mode the document runs: trained (true), measured (false), or as its boxes say (null). */
    public void mode(Boolean training) {
        if (!Objects.equals(training, mode)) {
            mode = training;
            faces.mode(training);
            showFaces();
        }
    }

    /** Shows what nodes and edges hold at the step one stands at, and lets what moved there move. */
    private void showStep() {
        showFaces();
        scene.notes.showStep();
        health.show();
        Event event = player.event();
        follow(event);
        if (event == null || !player.isStepAhead()) {
            pulses.stop();
            return;
        }
        pulses.run(event.wires().stream().map(wire -> scene.edge(wire.to()).curve()).toList(),
                !(event instanceof Event.Forward));
    }

    /** Where something happened out of sight, goes there. */
    private void follow(Event event) {
        String box = event == null || player.step() == followed ? null : Happenings.box(event);
        followed = player.step();
        if (box != null && editor.graph().node(box) != null && width > 0) {
            if (!viewport.seen(width, height).meets(scene.box(box))) {
                reveal(box);
            }
        }
    }

    private void showFaces() {
        if (faces.prepare(scene)) {
            legend.show(faces.show(scene));
        } else {
            Frames.request(showFaces);
        }
    }

    boolean hasBreakpoint(String node) {
        return player.breakpoints.isAt(node);
    }

    void runTo(String node) {
        Breaks.runTo(player, editor.graph(), node);
    }

    void toggleBreakpoint(String node) {
        Breaks.toggle(player, editor.graph(), node);
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
        fitAgain();
    }

    /** Who sees the whole drawing goes on seeing it. */
    private void fitAgain() {
        if (fitted != null && fitted.equals(scene.bounds()) && width > 0) {
            fit();
        }
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

    double worldX(double clientX) {
        return viewport.worldX(clientX - left);
    }

    double worldY(double clientY) {
        return viewport.worldY(clientY - top);
    }

    /** The middle of the canvas, as a point of the page. */
    double[] middle() {
        measure();
        return new double[] {left + width / 2, top + height / 2};
    }

    /** What of the world is seen. */
    Box seen() {
        return viewport.seen(width, height);
    }

    /** Whether nodes that are dragged line up with others close by. */
    public boolean snaps() {
        return snaps;
    }

    public void snap(boolean on) {
        if (on != snaps) {
            snaps = on;
            modes.fire();
        }
    }

    /** Whether nodes have a mark that says on which device they ran. */
    public boolean showsDevices() {
        return faces.showsDevices();
    }

    public void showDevices(boolean on) {
        if (on != showsDevices()) {
            faces.showDevices(on);
            Frames.request(showFaces);
            modes.fire();
        }
    }

    boolean isComputing() {
        return player.isComputing();
    }

    /** Whether presses choose several nodes, as with Shift: fingers have no Shift. */
    public boolean isSelecting() {
        return selecting;
    }

    public void selecting(boolean on) {
        selecting = on;
        Dom.flag(view, "selecting", on);
        modes.fire();
    }

    /** Lays out what is selected, or everything. */
    public void layOut() {
        commands.layOut();
    }

    void showViewport() {
        showViewport(false);
    }

    private void showViewport(boolean leaps) {
        fitted = null;
        layer.show(leaps);
        minimap.showView();
        zoomed.fire();
    }

    private void zoomSettled() {
        detail.aim(Detail.Level.at(viewport.zoom()), seen());
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
        fitted = scene.bounds();
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
            clearCorner(box);
        }
        showViewport(true);
    }

    /** Where something lies under what is in the lower right corner, fits beside that or above it, as is larger. */
    private void clearCorner(Box box) {
        TextRectangle place = corner.getBoundingClientRect();
        double right = place.getLeft() - left;
        double above = place.getTop() - top;
        if (place.getHeight() == 0 || right < width / 2 || above < height / 3) {
            return;
        }
        Box hidden = new Box(viewport.worldX(right), viewport.worldY(above), viewport.worldX(width),
                viewport.worldY(height));
        if (scene.shown().stream().map(scene::box).noneMatch(hidden::meets)) {
            return;
        }
        viewport.fit(box, right, height);
        double beside = viewport.zoom();
        viewport.fit(box, width, above);
        if (beside > viewport.zoom()) {
            viewport.fit(box, right, height);
        }
    }

    /** Whether a point of the page lies on the canvas. */
    public boolean covers(double clientX, double clientY) {
        measure();
        return clientX >= left && clientX < left + width && clientY >= top && clientY < top + height;
    }

    /** Lights the wire that a node dragged in from elsewhere would be put into; returns what puts the light out. */
    public Hovering hover(NodeType type, Attrs attrs) {
        return adding.hover(type, attrs);
    }

    /** Something is dragged over the canvas from elsewhere. */
    public interface Hovering {
        void move(double clientX, double clientY);

        void end();
    }

    /** Adds a node with its middle at a point of the page; into the wire that is there, if the node fits. */
    public void addAt(NodeType type, Attrs attrs, double clientX, double clientY) {
        adding.at(type, attrs, clientX, clientY);
    }

    /** Adds what an entry stands for with its middle at a point of the page; a layer after its sizes were asked for. */
    public void addAt(Entry entry, double clientX, double clientY) {
        if (entry.layer() == null) {
            addAt(entry.type(), entry.attrs(), clientX, clientY);
        } else {
            adding.layer(entry.layer(), null, Math.round(worldX(clientX) - NodeShape.WIDTH / 2),
                    Math.round(worldY(clientY) - NodeShape.MIDDLE));
        }
    }

    /** Adds a layer where one looks, after its sizes were asked for; wired to what is selected, if one wants. */
    public void addLayer(LayerKind kind) {
        adding.layerInView(kind);
    }

    /** Tables came that data boxes were waiting for. */
    public void showData() {
        scene.translate();
    }

    /** Adds a node where one looks, beside what is there. */
    public void add(NodeType type, Attrs attrs) {
        adding.inView(type, attrs);
    }

    /** Lets one change a comment's text or a frame's name where it stands. */
    void editNote(String id) {
        GraphNode node = editor.graph().node(id);
        boolean comment = Framing.isComment(node);
        String name = Text.of(comment ? "note.text" : "node.name");
        scene.notes.view(id).edit(comment ? "textarea" : "input", name, typed -> {
            try {
                editor.apply(comment ? Framing.update(editor.graph(), id, "text", typed)
                        : Edits.update(editor.graph(), List.of(editor.graph().node(id).labelled(typed.strip()))));
            } catch (GraphException refused) {
                Notices.error(Reasons.text(refused));
            }
        });
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

    /** Aims the connection that is being made at a point of the canvas. */
    void aimConnection(double x, double y) {
        connecting.aimAt(viewport.worldX(x), viewport.worldY(y), PORT_REACH / viewport.zoom());
        connecting.placeReason(x, y, pointers.isTouch());
    }

    /** Ends the connection at what it is aimed at; on empty ground a new node may take it. */
    void finishConnection() {
        double[] place = pointers.place();
        boolean onItself = connecting.isActive()
                && scene.box(connecting.source().node()).contains(worldX(place[0]), worldY(place[1]));
        if (connecting.isOpenEnded() && !onItself) {
            addToConnection();
        } else {
            connecting.finish();
        }
    }

    /** Lets one choose a new node for the open end of the connection that is being made. */
    void addToConnection() {
        double[] place = pointers.place();
        Port source = connecting.source();
        boolean forwards = connecting.isForwards();
        connecting.cancel();
        addMenu.openFor(source, forwards, place[0], place[1]);
    }

    void focus(Hit hit) {
        if (hit.node() == null) {
            view.focus();
        } else {
            scene.element(hit.node()).focus();
        }
    }

    void focusNode(String id) {
        scene.element(id).focus();
        reveal(id);
    }
}

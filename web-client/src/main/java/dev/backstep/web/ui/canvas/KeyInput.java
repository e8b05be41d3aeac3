package dev.backstep.web.ui.canvas;

import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.tensor.NodeType;
import dev.backstep.web.jso.Elements;
import dev.backstep.web.jso.FocusEvent;
import dev.backstep.web.session.Framing;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Notices;
import dev.backstep.web.ui.Shortcut;
import dev.backstep.web.ui.Shortcut.Place;
import dev.backstep.web.ui.Text;
import java.util.List;
import org.teavm.jso.dom.events.KeyboardEvent;
import org.teavm.jso.dom.xml.Element;

/** The canvas's keys: Tab walks the nodes in the graph's order, arrows nudge, C connects, and so on. */
final class KeyInput {
    private static final double NUDGE = 8;
    private static final double FAR = 40;
    private static final double ZOOM_STEP = 1.25;

    private final Canvas canvas;
    private boolean spaceHeld;
    private boolean spaceUsed;

    KeyInput(Canvas canvas) {
        this.canvas = canvas;
        Dom.on(canvas.view, "keydown", this::key);
        Dom.on(canvas.view, "keyup", this::keyUp);
        Dom.on(canvas.view, "focusout", (FocusEvent event) -> {
            if (!Elements.contains(canvas.view, event.getRelatedTarget())) {
                releaseSpace();
            }
        });
    }

    private void key(KeyboardEvent event) {
        Hit hit = Hit.of((Element) event.getTarget(), canvas.view);
        boolean handled = hit.isField() ? inField(event, hit)
                : canvas.connecting.isActive() ? whileConnecting(event)
                : onCanvas(event, hit.node());
        if (handled) {
            event.preventDefault();
            event.stopPropagation();
        }
    }

    /** Enter takes over what was typed into a node, Escape puts back what was there; both leave the field. */
    private boolean inField(KeyboardEvent event, Hit hit) {
        switch (event.getKey()) {
            case "Enter" -> {
                if (event.isCtrlKey() || event.isMetaKey()) {
                    canvas.typedValues.take(hit.node());
                    return false;
                }
                if (canvas.typedValues.take(hit.node())) {
                    canvas.focusNode(hit.node());
                }
            }
            case "Escape" -> {
                canvas.typedValues.reset(hit.node());
                canvas.focusNode(hit.node());
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean whileConnecting(KeyboardEvent event) {
        switch (event.getKey()) {
            case "Escape" -> {
                canvas.pointers.cancelGesture();
                canvas.connecting.cancel();
            }
            case "Enter", " " -> canvas.connecting.finish();
            case "/" -> canvas.addToConnection();
            case "ArrowRight", "ArrowDown" -> canvas.connecting.aimNext(1);
            case "ArrowLeft", "ArrowUp" -> canvas.connecting.aimNext(-1);
            case "Tab" -> canvas.connecting.aimNext(event.isShiftKey() ? -1 : 1);
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean onCanvas(KeyboardEvent event, String node) {
        Shortcut shortcut = Shortcut.of(event, Place.CANVAS, Place.EDIT, Place.VIEW, Place.PAGE);
        if (shortcut != null && shortcut != Shortcut.LEAVE && shortcut != Shortcut.ADD) {
            // What is dragged would not survive that the document changes under the hand.
            canvas.pointers.cancelGesture();
        }
        switch (shortcut) {
            case ADD -> add(event);
            case WALK -> {
                return walk(node, 1);
            }
            case WALK_BACK -> {
                return walk(node, -1);
            }
            case INSPECT -> canvas.opened.fire();
            case TYPE -> {
                if (node != null && canvas.scene.notes.has(node)) {
                    canvas.editNote(node);
                } else {
                    canvas.typedValues.typeInto(node);
                }
            }
            case CONNECT, CONNECT_INPUT -> connect(node, shortcut == Shortcut.CONNECT_INPUT);
            case BREAKPOINT -> {
                if (node == null || canvas.scene.notes.has(node)) {
                    return false;
                }
                canvas.toggleBreakpoint(node);
            }
            case DEVICE_MARKS -> {
                canvas.showDevices(!canvas.showsDevices());
                Notices.announce(Text.of(canvas.showsDevices() ? "devices.marks.on" : "devices.marks.off"));
            }
            case MENU -> canvas.menu.openAtFocus(node);
            case ALL -> canvas.commands.selectAll();
            case DUPLICATE -> canvas.commands.duplicate();
            case DELETE -> canvas.commands.removeSelected();
            case NUDGE -> nudge(event.getKey(), NUDGE);
            case NUDGE_FAR -> nudge(event.getKey(), FAR);
            case FRAME -> canvas.commands.frame();
            case UNFRAME -> canvas.commands.unframe();
            case LAYOUT -> canvas.commands.layOut();
            case LEAVE -> {
                if (canvas.isSelecting()) {
                    canvas.selecting(false);
                } else if (!canvas.pointers.cancelGesture()) {
                    if (canvas.isComputing()) {
                        // The page stops that.
                        return false;
                    }
                    canvas.editor.selection.clear();
                }
            }
            case FIT -> canvas.fit();
            case FIT_SELECTION -> canvas.fitSelection();
            case ZOOM_IN -> canvas.zoom(ZOOM_STEP);
            case ZOOM_OUT -> canvas.zoom(1 / ZOOM_STEP);
            // The browser answers COPY, CUT and PASTE with events of their own; the rest is the page's.
            case null, default -> {
                return false;
            }
        }
        return true;
    }

    /** Space adds when it is let go, unless the drawing was dragged with it meanwhile. */
    private void add(KeyboardEvent event) {
        if (!event.getKey().equals(" ")) {
            openAdd();
        } else if (!event.isRepeat()) {
            spaceHeld = true;
            spaceUsed = false;
            Dom.flag(canvas.view, "grabbing", true);
        }
    }

    private void openAdd() {
        double[] place = canvas.pointers.place();
        canvas.addMenu.open(place[0], place[1]);
    }

    private void keyUp(KeyboardEvent event) {
        if (spaceHeld && event.getKey().equals(" ")) {
            boolean used = spaceUsed;
            releaseSpace();
            if (!used) {
                openAdd();
            }
        }
    }

    private void releaseSpace() {
        spaceHeld = false;
        Dom.flag(canvas.view, "grabbing", false);
    }

    /** Whether Space is held, so that a drag moves the drawing; asking means to do so. */
    boolean takeSpace() {
        spaceUsed = spaceHeld;
        return spaceHeld;
    }

    /** Moves the focus to the node after or before; false where there is none, so that the browser moves on. */
    private boolean walk(String from, int direction) {
        List<String> order = canvas.editor.graph().order().stream().map(GraphNode::id)
                .filter(id -> !canvas.scene.notes.isFolded(id)).toList();
        int next = from == null ? (direction > 0 ? 0 : -1) : order.indexOf(from) + direction;
        if (next < 0 || next >= order.size()) {
            return false;
        }
        canvas.editor.selection.set(List.of(order.get(next)));
        canvas.focusNode(order.get(next));
        return true;
    }

    private void nudge(String arrow, double step) {
        switch (arrow) {
            case "ArrowLeft" -> canvas.commands.nudge(-step, 0);
            case "ArrowRight" -> canvas.commands.nudge(step, 0);
            case "ArrowUp" -> canvas.commands.nudge(0, -step);
            default -> canvas.commands.nudge(0, step);
        }
    }

    private void connect(String node, boolean fromInput) {
        if (node == null) {
            Notices.announce(Text.of("connect.focusFirst"));
            return;
        }
        Graph graph = canvas.editor.graph();
        Framing.Border ports = Framing.isFrame(graph.node(node))
                ? Framing.border(graph, graph.node(node)) : ports(graph, node);
        if (!ports.inputs().isEmpty() && (fromInput || ports.outputs().isEmpty())) {
            canvas.connecting.startAtInput(ports.inputs().getFirst());
        } else if (!ports.outputs().isEmpty()) {
            canvas.connecting.startAtOutput(ports.outputs().getFirst());
        } else {
            Notices.announce(Text.of("connect.nothingFits"));
            return;
        }
        Notices.announce(Text.of("connect.started", canvas.editor.graph().node(node).label()));
        canvas.connecting.aimNext(1);
    }

    private static Framing.Border ports(Graph graph, String id) {
        NodeType type = NodeTypes.of(graph.node(id));
        return new Framing.Border(type.inputs().isEmpty() ? List.of() : List.of(new Port(id, 0)),
                type.outputs().isEmpty() ? List.of() : List.of(new Port(id, 0)));
    }
}

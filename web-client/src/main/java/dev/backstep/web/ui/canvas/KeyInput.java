package dev.backstep.web.ui.canvas;

import dev.backstep.engine.graph.Edits;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.Port;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Notices;
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

    KeyInput(Canvas canvas) {
        this.canvas = canvas;
        Dom.on(canvas.view, "keydown", this::key);
    }

    private void key(KeyboardEvent event) {
        Hit hit = Hit.of((Element) event.getTarget(), canvas.view);
        boolean command = event.isCtrlKey() || event.isMetaKey();
        boolean handled = hit.isField() ? inField(event, hit)
                : canvas.connecting.isActive() ? whileConnecting(event)
                : command ? withCommand(event)
                : plain(event, hit.node());
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
            case "ArrowRight", "ArrowDown" -> canvas.connecting.aimNext(1);
            case "ArrowLeft", "ArrowUp" -> canvas.connecting.aimNext(-1);
            case "Tab" -> canvas.connecting.aimNext(event.isShiftKey() ? -1 : 1);
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean withCommand(KeyboardEvent event) {
        if (event.getKey().equalsIgnoreCase("a")) {
            canvas.editor.selection.set(canvas.editor.graph().nodes().stream().map(GraphNode::id).toList());
            return true;
        }
        return false;
    }

    private boolean plain(KeyboardEvent event, String node) {
        double step = event.isShiftKey() ? FAR : NUDGE;
        switch (event.getKey()) {
            case "Tab" -> {
                return walk(node, event.isShiftKey() ? -1 : 1);
            }
            case "ArrowLeft" -> nudge(-step, 0);
            case "ArrowRight" -> nudge(step, 0);
            case "ArrowUp" -> nudge(0, -step);
            case "ArrowDown" -> nudge(0, step);
            case "Enter" -> canvas.opened.fire();
            case "F2" -> canvas.typedValues.typeInto(node);
            case "c", "C" -> connect(node, event.isShiftKey());
            case "Delete", "Backspace" -> canvas.removeSelected();
            case "Escape" -> {
                if (!canvas.pointers.cancelGesture()) {
                    canvas.editor.selection.clear();
                }
            }
            case "0" -> canvas.fit();
            case "." -> canvas.fitSelection();
            case "+", "=" -> canvas.zoom(ZOOM_STEP);
            case "-" -> canvas.zoom(1 / ZOOM_STEP);
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Moves the focus to the node after or before; false where there is none, so that the browser moves on. */
    private boolean walk(String from, int direction) {
        List<String> order = canvas.editor.graph().order().stream().map(GraphNode::id).toList();
        int next = from == null ? (direction > 0 ? 0 : -1) : order.indexOf(from) + direction;
        if (next < 0 || next >= order.size()) {
            return false;
        }
        canvas.editor.selection.set(List.of(order.get(next)));
        canvas.focusNode(order.get(next));
        return true;
    }

    private void nudge(double dx, double dy) {
        List<GraphNode> moved = canvas.editor.selection.nodes().stream().map(canvas.editor.graph()::node)
                .map(node -> node.at(node.x() + dx, node.y() + dy)).toList();
        canvas.editor.apply(Edits.update(canvas.editor.graph(), moved), "nudge " + canvas.editor.selection.nodes());
    }

    private void connect(String node, boolean fromInput) {
        if (node == null) {
            Notices.announce(Text.of("connect.focusFirst"));
            return;
        }
        if (fromInput && canvas.scene.node(node).shape().inputs() > 0) {
            canvas.connecting.startAtInput(new Port(node, 0));
        } else {
            canvas.connecting.startAtOutput(new Port(node, 0));
        }
        Notices.announce(Text.of("connect.started", canvas.editor.graph().node(node).label()));
        canvas.connecting.aimNext(1);
    }
}

package dev.backstep.web.ui.canvas;

import dev.backstep.engine.graph.Change;
import dev.backstep.engine.graph.Edits;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphException;
import dev.backstep.engine.graph.Inference;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.graph.Reason;
import dev.backstep.engine.graph.Wire;
import dev.backstep.web.session.Editor;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Notices;
import dev.backstep.web.ui.Reasons;
import dev.backstep.web.ui.Text;
import java.util.ArrayList;
import java.util.List;
import org.teavm.jso.dom.html.HTMLElement;
import org.teavm.jso.dom.xml.Element;

/**
 * A connection being made, by dragging, by clicking one port after another, or with the keyboard. While it lasts every
 * port it could end at carries a mark, and the one aimed at says why it does not fit.
 */
final class Connecting {
    private static final double AIM_DISTANCE = 26;

    private final Editor editor;
    private final Scene scene;
    private final HTMLElement view;
    private final Element draft = Dom.svg("path", "edge-draft");
    private final HTMLElement reasonChip = Dom.make("div", "connect-reason");
    private final List<End> ends = new ArrayList<>();
    private Port source;
    private boolean forwards;
    private Wire lifted;
    private End aim;

    /** A port the connection could end at, and why it must not (null where it may). */
    private record End(Port port, Reason reason, HTMLElement element, Scene.Spot spot) {}

    Connecting(Editor editor, Scene scene, HTMLElement view) {
        this.editor = editor;
        this.scene = scene;
        this.view = view;
        reasonChip.setHidden(true);
        view.appendChild(reasonChip);
    }

    boolean isActive() {
        return source != null;
    }

    /** Whether the connection begins at an output and looks for an input. */
    boolean isForwards() {
        return forwards;
    }

    Port source() {
        return source;
    }

    /** Whether it would end at nothing if it ended now, and a new node could take it. */
    boolean isOpenEnded() {
        return source != null && aim == null && lifted == null;
    }

    /** Begins at an output. */
    void startAtOutput(Port output) {
        start(output, true, null);
    }

    /** Begins at an input: lifts the end of the wire that is there, or looks for an output. */
    void startAtInput(Port input) {
        Wire wire = editor.graph().wireInto(input);
        if (wire == null) {
            start(input, false, null);
        } else {
            start(wire.from(), true, wire);
        }
    }

    private void start(Port port, boolean isOutput, Wire lift) {
        cancel();
        source = port;
        forwards = isOutput;
        lifted = lift;
        Dom.flag(view, "connecting", true);
        Dom.flag(scene.port(port, !isOutput), "source", true);
        mark();
        scene.edgeLayer().appendChild(draft);
        if (lift != null) {
            scene.edge(lift.to()).element.setAttribute("visibility", "hidden");
        }
        Scene.Spot from = sourceSpot();
        aimAt(from.x(), from.y());
    }

    private void mark() {
        Inference inference = editor.inference();
        for (NodeView node : scene.nodes()) {
            String id = node.node().id();
            int count = forwards ? node.shape().inputs() : node.shape().outputs();
            for (int i = 0; i < count; i++) {
                Port port = new Port(id, i);
                Reason reason = forwards ? inference.fits(source, port) : inference.fits(port, source);
                HTMLElement element = scene.port(port, forwards);
                if (element == null) {
                    continue;
                }
                Dom.flag(element, reason == null ? "fits" : "unfit", true);
                ends.add(new End(port, reason, element, forwards ? scene.input(port) : scene.output(port)));
            }
        }
    }

    private Scene.Spot sourceSpot() {
        return forwards ? scene.output(source) : scene.input(source);
    }

    /** Aims at the port at that place of the world: one close by, or the first fitting one of the node there. */
    void aimAt(double x, double y) {
        aimAt(x, y, AIM_DISTANCE);
    }

    /** @param reach how far off a port may be, at least */
    void aimAt(double x, double y, double reach) {
        End best = null;
        double bestDistance = Math.max(AIM_DISTANCE, reach);
        for (End end : ends) {
            double distance = Math.hypot(end.spot.x() - x, end.spot.y() - y);
            if (distance < bestDistance) {
                best = end;
                bestDistance = distance;
            }
        }
        aim(best != null ? best : onNodeAt(x, y));
        Scene.Spot end = aim == null ? new Scene.Spot(x, y) : aim.spot;
        drawDraft(end);
    }

    private End onNodeAt(double x, double y) {
        End first = null;
        for (End end : ends) {
            if (!end.port.node().equals(source.node()) && scene.box(end.port.node()).contains(x, y)) {
                boolean free = !forwards || editor.graph().wireInto(end.port) == null;
                if (end.reason == null && free) {
                    return end;
                }
                first = first == null ? end : first;
            }
        }
        return first;
    }

    /** With the keyboard: aims at the next port that fits, or the one before; tells which. */
    void aimNext(int direction) {
        List<End> fitting = ends.stream().filter(end -> end.reason == null).toList();
        if (fitting.isEmpty()) {
            Notices.announce(Text.of("connect.nothingFits"));
            return;
        }
        int at = fitting.indexOf(aim);
        int next = at < 0 ? (direction > 0 ? 0 : fitting.size() - 1)
                : (at + direction + fitting.size()) % fitting.size();
        aim(fitting.get(next));
        drawDraft(aim.spot);
        Notices.announce(aim.element.getAttribute("aria-label"));
    }

    private void aim(End end) {
        if (end != aim) {
            if (aim != null) {
                Dom.flag(aim.element, "aim", false);
            }
            aim = end;
            if (aim != null) {
                Dom.flag(aim.element, "aim", true);
            }
        }
        boolean refused = aim != null && aim.reason != null && !aim.port.node().equals(source.node());
        reasonChip.setHidden(!refused);
        if (refused) {
            reasonChip.setTextContent(Reasons.text(aim.reason));
        }
    }

    private void drawDraft(Scene.Spot end) {
        Scene.Spot from = sourceSpot();
        EdgeCurve curve = forwards
                ? new EdgeCurve(from.x(), from.y(), end.x(), end.y())
                : new EdgeCurve(end.x(), end.y(), from.x(), from.y());
        draft.setAttribute("d", curve.path());
        draft.setAttribute("class", "edge-draft" + (aim == null ? "" : aim.reason == null ? " fits" : " refused"));
    }

    /** Puts the reason beside the pointer, and above a finger, which hides what is below. */
    void placeReason(double screenX, double screenY, boolean touch) {
        double x = Math.min(screenX + 14, view.getOffsetWidth() - reasonChip.getOffsetWidth() - 8);
        double y = touch ? screenY - 30 - reasonChip.getOffsetHeight() : screenY + 18;
        reasonChip.getStyle().setProperty("transform",
                "translate(" + Math.max(8, x) + "px," + Math.max(8, y) + "px)");
    }

    /** The port was clicked and not pulled: the other end follows the pointer, and a wire that is there is selected. */
    void clicked() {
        if (lifted != null) {
            Port end = lifted.to();
            cancel();
            editor.selection.setWire(end);
        }
    }

    /** Ends at what is aimed at. Beside every port a lifted wire is dropped, and anything else is forgotten. */
    void finish() {
        End end = aim;
        Port from = forwards || end == null ? source : end.port;
        Port to = forwards && end != null ? end.port : source;
        Wire wasLifted = lifted;
        boolean wasForwards = forwards;
        cancel();
        if (end == null) {
            if (wasLifted != null) {
                editor.apply(Edits.disconnect(editor.graph(), List.of(wasLifted)));
            }
            return;
        }
        if (wasLifted != null && wasLifted.to().equals(end.port)) {
            return;
        }
        if (end.reason != null) {
            if (!end.port.node().equals(from.node()) || !wasForwards) {
                Notices.error(Text.of("connect.refused", Reasons.text(end.reason)));
            }
            return;
        }
        connect(from, to, wasLifted);
    }

    private void connect(Port from, Port to, Wire replaced) {
        Graph before = editor.graph();
        try {
            Graph without = replaced == null ? before : before.with(Edits.disconnect(before, List.of(replaced)));
            Graph after = without.with(Edits.connect(without, from, to));
            editor.apply(Change.between(before, after));
            Notices.announce(Text.of("connect.done", after.name(from), after.node(to.node()).label()));
        } catch (GraphException refused) {
            Notices.error(Reasons.text(refused));
        }
    }

    void cancel() {
        if (source == null) {
            return;
        }
        aim(null);
        HTMLElement begun = scene.port(source, !forwards);
        if (begun != null) {
            Dom.flag(begun, "source", false);
        }
        for (End end : ends) {
            end.element.getClassList().remove("fits", "unfit");
        }
        ends.clear();
        draft.getParentNode().removeChild(draft);
        if (lifted != null && scene.edge(lifted.to()) != null) {
            scene.edge(lifted.to()).element.removeAttribute("visibility");
        }
        Dom.flag(view, "connecting", false);
        source = null;
        lifted = null;
    }
}

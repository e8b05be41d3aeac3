package dev.backstep.web.ui.canvas;

import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.Inference;
import dev.backstep.engine.graph.Mode;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.graph.Reason;
import dev.backstep.engine.graph.Wire;
import dev.backstep.engine.step.Event;
import dev.backstep.engine.step.Timeline;
import dev.backstep.engine.tensor.Meta;
import dev.backstep.engine.tensor.Tensor;
import dev.backstep.web.device.Devices;
import dev.backstep.web.session.Editor;
import dev.backstep.web.session.Player;
import dev.backstep.web.ui.Reasons;
import dev.backstep.web.ui.devices.DeviceMark;
import dev.backstep.web.value.HeatMap;
import dev.backstep.web.value.SumText;
import dev.backstep.web.value.TensorText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.teavm.jso.browser.Performance;

/** What nodes and wires show at the step one stands at. Only what is based on other things than before is made anew. */
final class Faces {
    private static final String DETACH = "detach";
    private static final int SLICE_MS = 8;
    /** Where runs follow one another so fast that none is read, more of each is read in a frame. */
    private static final int HURRY_MS = 1000;
    private static final int LONG_SLICE_MS = 24;

    private final Editor editor;
    private final Player player;
    private final Devices devices;
    private Graph graph;
    private Inference inference;
    private Timeline timeline;
    private TensorLooks looks = new TensorLooks();
    private Boolean mode;
    private boolean showsDevices = true;
    private final Set<String> needGrad = new HashSet<>();
    private Port target;

    /** When the numbers that are being read were begun with. */
    private double begun = Double.NaN;

    private int step;
    private Event event;
    private Set<String> acting = Set.of();
    private Set<Wire> moving = Set.of();
    private final Map<String, String> sums = new HashMap<>();
    private Scales scales = Scales.NONE;

    Faces(Editor editor, Player player, Devices devices) {
        this.editor = editor;
        this.player = player;
        this.devices = devices;
    }

    /** The scales of all pictures on the canvas, values' and gradients'; 0 where there are none. */
    record Scales(double values, double grads) {
        static final Scales NONE = new Scales(0, 0);
    }

    /** What a node's face is made of: where that is the same, so is the face. */
    private record Basis(Tensor value, Tensor grad, Scales scales, String sum, String shape, Reason error,
            List<Badge> badges, NodeFace.Mark mark, boolean breaks) {}

    /** Whether the document is being trained (true) or measured (false); null where it does neither. */
    void mode(Boolean training) {
        mode = training;
    }

    boolean showsDevices() {
        return showsDevices;
    }

    void showDevices(boolean on) {
        showsDevices = on;
    }

    /**
     * Reads the numbers that are to be shown, as many as there is time for in a frame; false where some are left. Then
     * the scene shows what it showed, and this is called again in the next frame.
     */
    boolean prepare(Scene scene) {
        look();
        if (timeline == null) {
            return true;
        }
        double now = Performance.now();
        begun = Double.isNaN(begun) ? now : begun;
        int slice = now - begun < HURRY_MS ? SLICE_MS : LONG_SLICE_MS;
        for (NodeView view : scene.nodes()) {
            Port output = new Port(view.node().id(), 0);
            for (Tensor tensor : new Tensor[] {timeline.valueAt(output, step), gradient(output)}) {
                while (looks.read(tensor)) {
                    if (Performance.now() - now > slice) {
                        return false;
                    }
                }
            }
        }
        begun = Double.NaN;
        return true;
    }

    /** Makes a scene show the step one stands at. */
    Scales show(Scene scene) {
        look();
        findScales(scene);
        for (NodeView view : scene.nodes()) {
            Basis basis = basis(view.node());
            if (!basis.equals(view.basis())) {
                view.show(face(view.node(), basis), basis);
            }
        }
        for (EdgeView view : scene.edges()) {
            Tensor moved = timeline == null ? null : timeline.movedAlong(view.wire, step);
            EdgeView.State state = state(view.wire, moved);
            if (!view.shows(state, moved)) {
                view.show(state, moved, looks.grad(moved));
            }
        }
        return scales;
    }

    private void look() {
        if (timeline != player.timeline()) {
            timeline = player.timeline();
            looks = new TensorLooks();
        }
        if (graph != editor.graph()) {
            graph = editor.graph();
            inference = editor.inference();
            target = graph.targetOrLast();
            findNeedGrad();
        }
        step = player.step();
        event = player.event();
        moving = event == null ? Set.of() : Set.copyOf(event.wires());
        acting = switch (event) {
            case null -> Set.of();
            case Event.NodeRun run -> run.box() == null ? Set.of() : Set.of(run.box());
            default -> Set.copyOf(event.boxes());
        };
        findSums();
    }

    /** The nodes that gradients will reach once the graph is run. */
    private void findNeedGrad() {
        needGrad.clear();
        for (GraphNode node : graph.order()) {
            boolean needs = node.type().equals(DETACH) || isLeaf(node) ? node.attrs().flag("requires_grad")
                    : hasInputThatNeedsGrad(node) && isFloat(node) && !graph.isUnderNoGrad(node.id());
            if (needs) {
                needGrad.add(node.id());
            }
        }
    }

    private static boolean isLeaf(GraphNode node) {
        return NodeTypes.of(node).isLeaf();
    }

    private boolean isFloat(GraphNode node) {
        Meta meta = inference.at(new Port(node.id(), 0));
        return meta == null || meta.dtype().isFloat();
    }

    /** One scale for the values of the whole graph, one for its gradients. */
    private void findScales(Scene scene) {
        double values = -1;
        double grads = -1;
        if (timeline != null) {
            for (NodeView view : scene.nodes()) {
                Port output = new Port(view.node().id(), 0);
                Tensor value = timeline.valueAt(output, step);
                if (looks.isPicture(value)) {
                    values = Math.max(values, looks.size(value));
                }
                Tensor grad = gradient(output);
                if (looks.isPicture(grad)) {
                    grads = Math.max(grads, looks.size(grad));
                }
            }
        }
        scales = new Scales(values < 0 ? 0 : HeatMap.scale(values), grads < 0 ? 0 : HeatMap.scale(grads));
    }

    private Basis basis(GraphNode node) {
        Port output = new Port(node.id(), 0);
        Tensor value = timeline == null ? null : timeline.valueAt(output, step);
        Tensor grad = gradient(output);
        Scales used = new Scales(looks.isPicture(value) ? scales.values : 0, looks.isPicture(grad) ? scales.grads : 0);
        return new Basis(value, grad, used, sums.get(node.id()),
                value == null ? shape(inference.at(output)) : null, reason(node), badges(node, output, value),
                mark(node), player.breakpoints.isAt(node.id()));
    }

    private NodeFace face(GraphNode node, Basis basis) {
        return new NodeFace(basis.shape != null ? basis.shape : shape(basis.value.meta()), looks.value(basis.value),
                basis.value != null && basis.value.version() > 0,
                looks.grad(basis.grad), basis.sum, looks.heat(basis.value, scales.values),
                looks.heat(basis.grad, scales.grads), basis.error == null ? null : Reasons.text(basis.error),
                basis.badges, basis.mark, basis.breaks);
    }

    /** {@code .grad} where there is one; in between, where it stays None, the gradient that has arrived. */
    private Tensor gradient(Port output) {
        if (timeline == null) {
            return null;
        }
        Tensor grad = timeline.gradAt(output, step);
        return grad != null ? grad : timeline.arrivedAt(output, step);
    }

    private static String shape(Meta meta) {
        if (meta == null) {
            return "";
        }
        String shape = meta.shape() == null ? "[?]" : TensorText.shape(meta.shape());
        return meta.dtype().shortName() + " " + shape;
    }

    private Reason reason(GraphNode node) {
        Reason reason = timeline != null ? player.playback().reason(node.id()) : inference.reason(node.id());
        boolean waits = reason != null
                && (reason.code() == Reason.Code.INPUT_MISSING || reason.code() == Reason.Code.UPSTREAM);
        if (reason != null && (!waits || player.wasAttempted())) {
            return reason;
        }
        return event instanceof Event.Refused refused && node.id().equals(refused.box()) ? refused.reason() : null;
    }

    private List<Badge> badges(GraphNode node, Port output, Tensor value) {
        Timeline.Status status = timeline == null ? null : timeline.statusAt(output, step);
        boolean requiresGrad = status == null ? needGrad.contains(node.id())
                && !NodeTypes.of(node).outputs().isEmpty() : status.requiresGrad();
        List<Badge> badges = new ArrayList<>(2);
        add(badges, StateBadge.Kind.FAILED, reason(node) != null);
        add(badges, StateBadge.Kind.TARGET, target != null && target.node().equals(node.id()));
        boolean unrecorded = status == null ? graph.isUnderNoGrad(node.id()) : status.madeUnderNoGrad();
        boolean cut = isFloat(node) && hasInputThatNeedsGrad(node);
        if (isLeaf(node)) {
            badges.add(new StateBadge(requiresGrad ? StateBadge.Kind.LEAF : StateBadge.Kind.CONSTANT));
        } else if (cut) {
            add(badges, StateBadge.Kind.NO_GRAD, unrecorded);
            add(badges, StateBadge.Kind.DETACHED, !unrecorded && (!requiresGrad || node.type().equals(DETACH)));
        }
        add(badges, StateBadge.Kind.REQUIRES_GRAD, requiresGrad);
        add(badges, StateBadge.Kind.RETAINS_GRAD, status != null && status.retainsGrad() && !status.isLeaf());
        if (NodeTypes.of(node).isModal()) {
            badges.add(new StateBadge(isTraining(node) ? StateBadge.Kind.TRAIN : StateBadge.Kind.EVAL));
        }
        if (value != null && value.version() > 0) {
            badges.add(new StateBadge(StateBadge.Kind.VERSION, value.version()));
        }
        DeviceMark mark = showsDevices ? DeviceMark.of(devices, node, value) : null;
        if (mark != null) {
            badges.add(new DeviceBadge(mark));
        }
        return badges;
    }

    /** In which mode a box runs that knows modes: the training's, where there is one, else what was set of the box. */
    private boolean isTraining(GraphNode node) {
        return mode != null ? mode : NodeTypes.complete(NodeTypes.of(node), node.attrs()).flag(Mode.TRAINING);
    }

    private static void add(List<Badge> badges, StateBadge.Kind kind, boolean applies) {
        if (applies) {
            badges.add(new StateBadge(kind));
        }
    }

    private boolean hasInputThatNeedsGrad(GraphNode node) {
        for (Wire wire : graph.wiresInto(node.id())) {
            if (needGrad.contains(wire.from().node())) {
                return true;
            }
        }
        return false;
    }

    private NodeFace.Mark mark(GraphNode node) {
        return !acting.contains(node.id()) ? NodeFace.Mark.NONE
                : event instanceof Event.Forward ? NodeFace.Mark.COMPUTED : NodeFace.Mark.NOW;
    }

    /** The nodes at which gradients are added up in this very step, and the sums spelled out. */
    private void findSums() {
        sums.clear();
        switch (event) {
            case Event.NodeRun run -> {
                for (Event.Arrival arrival : run.arrivals()) {
                    if (arrival.isSum() && arrival.port() != null) {
                        sums.put(arrival.port().node(), SumText.of(
                                arrival.terms().stream().map(Event.Term::gradient).toList(), arrival.after()));
                    }
                }
            }
            case Event.Accumulate sum when sum.before() != null ->
                sums.put(sum.box(), SumText.of(List.of(sum.before(), sum.added()), sum.after()));
            case null, default -> { }
        }
    }

    private EdgeView.State state(Wire wire, Tensor moved) {
        if (moving.contains(wire)) {
            return event instanceof Event.Forward ? EdgeView.State.FLOWS : EdgeView.State.NOW;
        }
        return moved == null ? EdgeView.State.REST : EdgeView.State.CARRIED;
    }
}

package dev.backstep.engine.step;

import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.graph.Wire;
import dev.backstep.engine.tensor.Edge;
import dev.backstep.engine.tensor.Node;
import dev.backstep.engine.tensor.Tensor;
import dev.backstep.engine.tensor.TorchError;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a learner asks when something is missing: why {@code .grad} is None, why backward refused. Data, no text. */
public final class Why {
    /** No event of the timeline. */
    public static final int NONE = -1;

    /** Why a {@code .grad} is None. */
    public enum NoGrad {
        /** An op made the tensor, and nobody asked to retain its gradient. */
        NOT_A_LEAF,
        /** Neither the tensor nor anything it was computed from requires a gradient. */
        REQUIRES_GRAD_IS_FALSE,
        /** It is the {@code detach()} of another tensor. */
        DETACHED,
        /** It was computed under {@code no_grad}. */
        MADE_UNDER_NO_GRAD,
        /** Backward was not called. */
        BACKWARD_HAS_NOT_RUN,
        /** Backward was called and has not come here yet. */
        NOT_REACHED_YET,
        /** Backward refused before it came here. */
        BACKWARD_REFUSED,
        /** What backward started from does not depend on it. */
        NOT_ON_A_PATH,
        /** It was there and is gone: {@code zero_grad}, or an assignment. */
        CLEARED
    }

    /**
     * The reason, and the place that causes it.
     *
     * @param node the node that made the tensor, or null on a leaf
     * @param source what the tensor was detached from, or null
     * @param box the box of the document that causes it: the tensor's own, or the first behind it through which no
     *         gradient comes; null where there is none
     * @param event the event that causes it: the start of the backward, its refusal, the clearing; or {@link #NONE}
     */
    public record GradIsNone(NoGrad code, Node node, Tensor source, String box, int event) {
    }

    /** Why backward refused. */
    public enum Refusal {
        /** A tensor that a node had saved was written in place. */
        WRITTEN_IN_PLACE,
        /** An earlier backward freed what the node had saved. */
        FREED,
        /** Anything else; the refusal's own text says it. */
        OTHER
    }

    /**
     * A write in place.
     *
     * @param version the version it made
     * @param writer what {@link dev.backstep.engine.tensor.Tape#scope} named as the maker then, or null
     */
    public record Write(int version, Object writer) {
    }

    /**
     * The reason of a refusal.
     *
     * @param node the node that refused, or null where none did
     * @param tensor the tensor it had saved, or null; {@code expected} and {@code found} its versions then and now
     * @param writes the writes in between, oldest first
     * @param saved the event of the call that saved it, or {@link #NONE}
     * @param freed the event in which the node ran before and freed it, or {@link #NONE}
     */
    public record Refused(Refusal code, Node node, Tensor tensor, int expected, int found, List<Write> writes,
            int saved, int freed) {
    }

    private Why() {
    }

    /**
     * Why a tensor's {@code .grad} is None.
     *
     * @param targets what backward was called on so far
     * @return null where it is not None
     */
    public static GradIsNone gradIsNone(Tensor tensor, List<Tensor> targets) {
        if (tensor.grad() != null) {
            return null;
        }
        NoGrad own = own(tensor);
        if (own != null) {
            return new GradIsNone(own, tensor.gradFn(), tensor.detachedFrom(), null, NONE);
        }
        NoGrad code = NoGrad.BACKWARD_HAS_NOT_RUN;
        for (Tensor target : targets) {
            code = code == NoGrad.CLEARED || leadsTo(target, tensor) ? NoGrad.CLEARED : NoGrad.NOT_ON_A_PATH;
        }
        return new GradIsNone(code, tensor.gradFn(), null, null, NONE);
    }

    /** What the tensor itself says, or null where a gradient may come. */
    private static NoGrad own(Tensor tensor) {
        if (tensor.madeUnderNoGrad()) {
            return NoGrad.MADE_UNDER_NO_GRAD;
        }
        if (!tensor.requiresGrad()) {
            return tensor.detachedFrom() != null ? NoGrad.DETACHED : NoGrad.REQUIRES_GRAD_IS_FALSE;
        }
        return tensor.isLeaf() || tensor.retainsGrad() ? null : NoGrad.NOT_A_LEAF;
    }

    /**
     * Why the {@code .grad} of a document's tensor is None after a step.
     *
     * @return null where it is not None, or there is no such tensor
     */
    public static GradIsNone gradIsNone(Playback playback, Port port, int step) {
        Tensor tensor = playback.tensor(port);
        Timeline timeline = playback.timeline();
        if (tensor == null || timeline.gradAt(port, step) != null) {
            return null;
        }
        NoGrad own = own(tensor);
        if (own != null) {
            return new GradIsNone(own, tensor.gradFn(), tensor.detachedFrom(), port.node(), NONE);
        }
        Event.Start start = null;
        int last = NONE;
        int refused = NONE;
        int cleared = NONE;
        for (int i = 0; i < step; i++) {
            if (timeline.event(i) instanceof Event.Start begun) {
                start = begun;
                last = i;
                refused = NONE;
            } else if (timeline.event(i) instanceof Event.Refused && start != null) {
                refused = i;
            }
            if (timeline.gradAt(port, i) != null && timeline.gradAt(port, i + 1) == null) {
                cleared = i;
            }
        }
        if (cleared != NONE) {
            return new GradIsNone(NoGrad.CLEARED, tensor.gradFn(), null, port.node(), cleared);
        }
        if (start == null) {
            return new GradIsNone(NoGrad.BACKWARD_HAS_NOT_RUN, tensor.gradFn(), null, null, NONE);
        }
        if (!leadsTo(playback.tensor(start.target()), tensor)) {
            return new GradIsNone(NoGrad.NOT_ON_A_PATH, tensor.gradFn(), null, cut(playback, port, start.target()),
                    last);
        }
        NoGrad code = refused == NONE ? NoGrad.NOT_REACHED_YET : NoGrad.BACKWARD_REFUSED;
        return new GradIsNone(code, tensor.gradFn(), null, null, refused == NONE ? last : refused);
    }

    /** The first box on the wires to the target whose result has lost the tensor; null where no wires lead there. */
    private static String cut(Playback playback, Port port, Port target) {
        Graph graph = playback.graph();
        Tensor tensor = playback.tensor(port);
        Set<String> leading = new HashSet<>();
        ArrayDeque<String> open = new ArrayDeque<>(List.of(target.node()));
        while (!open.isEmpty()) {
            String box = open.pop();
            if (leading.add(box)) {
                graph.wiresInto(box).forEach(wire -> open.push(wire.from().node()));
            }
        }
        Set<String> reached = new HashSet<>(Set.of(port.node()));
        for (GraphNode node : graph.order()) {
            boolean follows = false;
            for (Wire wire : graph.wiresInto(node.id())) {
                follows |= wire.from().equals(port)
                        || !wire.from().node().equals(port.node()) && reached.contains(wire.from().node());
            }
            if (follows && leading.contains(node.id())) {
                if (!anyLeadsTo(playback, node, tensor)) {
                    return node.id();
                }
                reached.add(node.id());
            }
        }
        return null;
    }

    private static boolean anyLeadsTo(Playback playback, GraphNode node, Tensor tensor) {
        for (int i = 0; i < NodeTypes.of(node).outputs().size(); i++) {
            Tensor output = playback.tensor(new Port(node.id(), i));
            if (output != null && leadsTo(output, tensor)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a gradient of {@code target} comes to {@code tensor}. */
    private static boolean leadsTo(Tensor target, Tensor tensor) {
        if (target == null) {
            return false;
        }
        Edge wanted = tensor.gradientEdge();
        Set<Node> seen = new HashSet<>();
        ArrayDeque<Edge> open = new ArrayDeque<>(List.of(target.gradientEdge()));
        while (!open.isEmpty()) {
            Edge edge = open.pop();
            if (edge.equals(wanted)) {
                return edge.node() != null;
            }
            if (edge.node() != null && seen.add(edge.node())) {
                edge.node().next().forEach(open::push);
            }
        }
        return false;
    }

    /** Why backward refused. */
    public static Refused refused(TorchError refusal) {
        return refused(refusal, NONE, NONE);
    }

    /**
     * Why backward refused at that event.
     *
     * @return null where the event is no refusal of backward
     */
    public static Refused refused(Playback playback, int event) {
        TorchError refusal = playback.refusal(event);
        if (refusal == null) {
            return null;
        }
        int saved = NONE;
        int freed = NONE;
        for (int i = 0; i < event && refusal.node() != null; i++) {
            Event happened = playback.timeline().event(i);
            if (happened instanceof Event.Forward forward && forward.box().equals(refusal.node().scope())) {
                saved = i;
            } else if (happened instanceof Event.NodeRun run && run.node() == refusal.node()) {
                freed = i;
            }
        }
        return refused(refusal, saved, refusal.isFreed() ? freed : NONE);
    }

    private static Refused refused(TorchError refusal, int saved, int freed) {
        TorchError.Changed changed = refusal.changed();
        if (changed == null) {
            return new Refused(refusal.isFreed() ? Refusal.FREED : Refusal.OTHER, refusal.node(), null, 0, 0, List.of(),
                    saved, freed);
        }
        List<Write> writes = new ArrayList<>();
        for (int version = changed.expected() + 1; version <= changed.found(); version++) {
            writes.add(new Write(version, changed.tensor().view().buffer().writer(version)));
        }
        return new Refused(Refusal.WRITTEN_IN_PLACE, refusal.node(), changed.tensor(), changed.expected(),
                changed.found(), List.copyOf(writes), saved, freed);
    }
}

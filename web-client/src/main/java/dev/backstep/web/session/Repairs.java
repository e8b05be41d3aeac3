package dev.backstep.web.session;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.graph.Change;
import dev.backstep.engine.graph.Edits;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphException;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.engine.graph.Note;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.graph.Wire;
import dev.backstep.engine.step.Action;
import dev.backstep.engine.step.BackwardCall;
import dev.backstep.engine.step.Event;
import dev.backstep.engine.step.Playback;
import dev.backstep.engine.step.Why;
import dev.backstep.engine.tensor.Group;
import dev.backstep.engine.tensor.InPlaceOp;
import dev.backstep.engine.tensor.NodeType;
import dev.backstep.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** What can be done, by one press, about a gradient that is missing and a backward that was refused. */
public final class Repairs {
    /** The most leaves that are offered one by one. */
    private static final int MAX_LEAVES = 3;

    /** How far apart boxes must be not to lie on one another. */
    private static final double ROOM_X = 190;

    private static final double ROOM_Y = 120;

    /** A gradient that is written into the run must stay small. */
    private static final int MAX_ONES = 4_096;

    private final Playback playback;
    private final Graph graph;
    private final List<Repair> repairs = new ArrayList<>();

    private Repairs(Playback playback) {
        this.playback = playback;
        this.graph = playback.graph();
    }

    /** For a {@code .grad} that is None. */
    public static List<Repair> of(Playback playback, Port port, Why.GradIsNone why) {
        Repairs found = new Repairs(playback);
        switch (why.code()) {
            case NOT_A_LEAF -> found.retainGrad(port.node());
            case REQUIRES_GRAD_IS_FALSE -> found.requireGrad(port.node());
            case DETACHED -> found.bypass(port.node());
            case MADE_UNDER_NO_GRAD -> found.leaveNoGrad(port.node());
            case BACKWARD_HAS_NOT_RUN, CLEARED -> found.runBackward();
            case NOT_ON_A_PATH -> found.findPath(port, why.box());
            case NOT_REACHED_YET, BACKWARD_REFUSED -> { }
        }
        return List.copyOf(found.repairs);
    }

    /** For the refusal in that event. */
    public static List<Repair> of(Playback playback, int event) {
        Repairs found = new Repairs(playback);
        Event.Refused refused = (Event.Refused) playback.timeline().event(event);
        Why.Refused why = Why.refused(playback, event);
        if (why == null) {
            found.inPlace(refused.box());
            return List.copyOf(found.repairs);
        }
        switch (why.code()) {
            case FREED -> found.retainGraph();
            case WRITTEN_IN_PLACE -> {
                for (Why.Write write : why.writes()) {
                    if (write.writer() instanceof String box) {
                        found.inPlace(box);
                    }
                }
            }
            case OTHER -> found.start(refused.box());
        }
        return found.repairs.stream().distinct().toList();
    }

    private void add(Repair.Kind kind, Change change, List<Action> actions, String... boxes) {
        List<String> names = new ArrayList<>();
        for (String box : boxes) {
            names.add(graph.node(box).label());
        }
        repairs.add(new Repair(kind, List.copyOf(names), change, actions));
    }

    /** Offers an edit, if it makes a document. */
    private void edit(Repair.Kind kind, Supplier<Change> edit, String... boxes) {
        try {
            Change change = edit.get();
            graph.with(change);
            add(kind, change, actionsOrOne(), boxes);
        } catch (GraphException _) {
            // It cannot be put right this way.
        }
    }

    private List<Action> actionsOrOne() {
        return playback.actions().isEmpty() ? List.of(BackwardCall.PLAIN) : playback.actions();
    }

    private void retainGrad(String box) {
        GraphNode node = graph.node(box);
        edit(Repair.Kind.RETAIN_GRAD, () -> Edits.update(graph,
                List.of(node.with(node.attrs().with(NodeTypes.RETAIN_GRAD, true)))), box);
    }

    private void requireGrad(String box) {
        int offered = 0;
        for (GraphNode node : graph.order()) {
            NodeType type = NodeTypes.of(node);
            Tensor tensor = type.isLeaf() ? playback.tensor(new Port(node.id(), 0)) : null;
            boolean may = tensor != null && tensor.dtype().isFloat() && !tensor.requiresGrad()
                    && type.attrs().stream().anyMatch(spec -> spec.name().equals("requires_grad"));
            if (may && offered < MAX_LEAVES && graph.reaches(node.id(), box)) {
                edit(Repair.Kind.REQUIRE_GRAD, () -> Edits.update(graph,
                        List.of(node.with(node.attrs().with("requires_grad", true)))), node.id());
                offered++;
            }
        }
    }

    /** Takes the frame around a box out of {@code no_grad}. */
    private void leaveNoGrad(String box) {
        for (GraphNode frame : graph.nodes()) {
            if (NodeTypes.of(frame) == Note.FRAME && frame.attrs().flag("no_grad")
                    && Note.members(frame).contains(box)) {
                edit(Repair.Kind.LEAVE_NO_GRAD, () -> Edits.update(graph,
                        List.of(frame.with(frame.attrs().with("no_grad", false)))), frame.id());
            }
        }
    }

    /** Leads what used a detached tensor back to what it was detached from. */
    private void bypass(String box) {
        Wire into = graph.node(box).type().equals("detach") ? graph.wireInto(new Port(box, 0)) : null;
        if (into == null) {
            return;
        }
        edit(Repair.Kind.BYPASS_DETACH, () -> {
            List<Wire> gone = new ArrayList<>(graph.wiresFrom(box));
            List<Wire> made = gone.stream().map(wire -> new Wire(into.from(), wire.to())).toList();
            gone.add(into);
            boolean isTarget = graph.target() != null && graph.target().node().equals(box);
            return new Change(List.of(), List.of(), List.of(graph.node(box)), made, gone, graph.target(),
                    isTarget ? into.from() : graph.target());
        }, box, into.from().node());
    }

    private void runBackward() {
        if (graph.targetOrLast() != null) {
            List<Action> actions = retainingAll();
            actions.add(BackwardCall.PLAIN);
            add(Repair.Kind.RUN_BACKWARD, null, List.copyOf(actions), graph.targetOrLast().node());
        }
    }

    /** What was done so far, each backward keeping the graph for the next. */
    private List<Action> retainingAll() {
        List<Action> actions = new ArrayList<>();
        for (Action action : playback.actions()) {
            actions.add(action instanceof BackwardCall call
                    ? new BackwardCall(call.target(), call.gradient(), true, call.createGraph()) : action);
        }
        return actions;
    }

    /** Either what cuts the way is taken out, or backward starts elsewhere. */
    private void findPath(Port port, String cut) {
        if (cut != null) {
            bypass(cut);
        }
        for (GraphNode node : graph.order().reversed()) {
            Port end = new Port(node.id(), 0);
            Tensor tensor = playback.tensor(end);
            boolean fits = tensor != null && tensor.requiresGrad() && tensor.numel() == 1 && graph.wiresFrom(node.id())
                    .isEmpty() && !end.equals(graph.targetOrLast()) && !node.id().equals(port.node());
            if (fits && graph.reaches(port.node(), node.id())) {
                edit(Repair.Kind.CHOOSE_TARGET, () -> Edits.target(graph, end), node.id());
                return;
            }
        }
    }

    private void retainGraph() {
        List<Action> actions = retainingAll();
        actions.set(actions.size() - 1, playback.actions().getLast());
        add(Repair.Kind.RETAIN_GRAPH, null, List.copyOf(actions));
    }

    /** Backward could not begin: the target needs no gradient, or is no single number. */
    private void start(String box) {
        Tensor tensor = box == null ? null : playback.tensor(new Port(box, 0));
        if (tensor == null || !(playback.actions().getLast() instanceof BackwardCall last)) {
            return;
        }
        if (!tensor.requiresGrad()) {
            requireGrad(box);
        } else if (tensor.numel() != 1 && last.gradient() == null && tensor.numel() <= MAX_ONES) {
            List<Action> actions = new ArrayList<>(playback.actions());
            actions.set(actions.size() - 1, new BackwardCall(last.target(), ones(tensor.shape(), 0),
                    last.retainGraph(), last.createGraph()));
            add(Repair.Kind.GRADIENT_OF_ONES, null, List.copyOf(actions), box);
        }
    }

    private static Object ones(int[] shape, int depth) {
        if (depth == shape.length) {
            return 1.0;
        }
        List<Object> list = new ArrayList<>();
        for (int i = 0; i < shape[depth]; i++) {
            list.add(ones(shape, depth + 1));
        }
        return list;
    }

    /** An op in place gives way to the one that leaves its input alone, or gets a copy to write into. */
    private void inPlace(String box) {
        GraphNode node = box == null ? null : graph.node(box);
        if (node == null || !(NodeTypes.of(node) instanceof InPlaceOp writing)) {
            return;
        }
        if (writing.outOfPlace() != null) {
            edit(Repair.Kind.OUT_OF_PLACE, () -> Edits.update(graph, List.of(new GraphNode(node.id(),
                    writing.outOfPlace().type(), node.label(), node.attrs(), node.x(), node.y()))), box);
        }
        Wire into = graph.wireInto(new Port(box, 0));
        NodeType clone = NodeTypes.find("clone");
        if (into != null && clone != null) {
            edit(Repair.Kind.CLONE_BEFORE, () -> cloned(node, into, clone), box);
        }
    }

    private Change cloned(GraphNode node, Wire into, NodeType clone) {
        GraphNode source = graph.node(into.from().node());
        double x = Math.rint((source.x() + node.x()) / 2);
        double y = Math.rint((source.y() + node.y()) / 2);
        while (isTaken(x, y)) {
            y += ROOM_Y / 4;
        }
        Change added = Edits.add(graph, clone, null, Attrs.NONE, x, y);
        String id = added.added().getFirst().id();
        return new Change(added.added(), List.of(), List.of(),
                List.of(new Wire(into.from(), new Port(id, 0)), new Wire(new Port(id, 0), into.to())), List.of(into),
                graph.target(), graph.target());
    }

    private boolean isTaken(double x, double y) {
        return graph.nodes().stream().anyMatch(other -> NodeTypes.of(other).group() != Group.NOTE
                && Math.abs(other.x() - x) < ROOM_X && Math.abs(other.y() - y) < ROOM_Y);
    }
}

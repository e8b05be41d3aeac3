package dev.backstep.web.session;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.graph.Change;
import dev.backstep.engine.graph.Edits;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphException;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.Leaf;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.graph.Wire;
import dev.backstep.engine.step.BackwardCall;
import dev.backstep.engine.step.Event;
import dev.backstep.engine.step.Playback;
import dev.backstep.engine.step.Why;
import dev.backstep.engine.tensor.NodeType;
import dev.backstep.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** What can be done, by one press, about a gradient that is missing and a backward that was refused. */
public final class Repairs {
    /** The most leaves that are offered one by one. */
    private static final int MAX_LEAVES = 3;

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
            case BACKWARD_HAS_NOT_RUN, CLEARED -> found.runBackward();
            case NOT_ON_A_PATH -> found.findPath(port, why.box());
            case MADE_UNDER_NO_GRAD, NOT_REACHED_YET, BACKWARD_REFUSED -> { }
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

    private void add(Repair.Kind kind, Change change, List<BackwardCall> calls, String... boxes) {
        List<String> names = new ArrayList<>();
        for (String box : boxes) {
            names.add(graph.node(box).label());
        }
        repairs.add(new Repair(kind, List.copyOf(names), change, calls));
    }

    /** Offers an edit, if it makes a document. */
    private void edit(Repair.Kind kind, Supplier<Change> edit, String... boxes) {
        try {
            Change change = edit.get();
            graph.with(change);
            add(kind, change, callsOrOne(), boxes);
        } catch (GraphException _) {
            // It cannot be put right this way.
        }
    }

    private List<BackwardCall> callsOrOne() {
        return playback.calls().isEmpty() ? List.of(BackwardCall.PLAIN) : playback.calls();
    }

    private void retainGrad(String box) {
        GraphNode node = graph.node(box);
        boolean known = NodeTypes.of(node).attrs().stream().anyMatch(spec -> spec.name().equals("retain_grad"));
        if (known) {
            edit(Repair.Kind.RETAIN_GRAD, () -> Edits.update(graph,
                    List.of(node.with(node.attrs().with("retain_grad", true)))), box);
        }
    }

    private void requireGrad(String box) {
        int offered = 0;
        for (GraphNode node : graph.order()) {
            if (offered < MAX_LEAVES && NodeTypes.of(node) == Leaf.TYPE && graph.reaches(node.id(), box)
                    && Leaf.dtype(node.attrs()).isFloat() && !Leaf.requiresGrad(node.attrs())) {
                edit(Repair.Kind.REQUIRE_GRAD, () -> LeafValues.requiresGrad(graph, node.id(), true), node.id());
                offered++;
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
            List<BackwardCall> calls = new ArrayList<>(playback.calls());
            if (!calls.isEmpty()) {
                calls.set(calls.size() - 1, retaining(calls.getLast()));
            }
            calls.add(BackwardCall.PLAIN);
            add(Repair.Kind.RUN_BACKWARD, null, List.copyOf(calls), graph.targetOrLast().node());
        }
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

    private static BackwardCall retaining(BackwardCall call) {
        return new BackwardCall(call.target(), call.gradient(), true, call.createGraph());
    }

    private void retainGraph() {
        List<BackwardCall> calls = new ArrayList<>(playback.calls());
        for (int i = 0; i < calls.size() - 1; i++) {
            calls.set(i, retaining(calls.get(i)));
        }
        add(Repair.Kind.RETAIN_GRAPH, null, List.copyOf(calls));
    }

    /** Backward could not begin: the target needs no gradient, or is no single number. */
    private void start(String box) {
        Tensor tensor = box == null ? null : playback.tensor(new Port(box, 0));
        BackwardCall last = playback.calls().getLast();
        if (tensor == null) {
            return;
        }
        if (!tensor.requiresGrad()) {
            requireGrad(box);
        } else if (tensor.numel() != 1 && last.gradient() == null && tensor.numel() <= 4_096) {
            List<BackwardCall> calls = new ArrayList<>(playback.calls());
            calls.set(calls.size() - 1, new BackwardCall(last.target(), ones(tensor.shape(), 0), last.retainGraph(),
                    last.createGraph()));
            add(Repair.Kind.GRADIENT_OF_ONES, null, List.copyOf(calls), box);
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
        if (node == null || !node.type().endsWith("_")) {
            return;
        }
        NodeType plain = NodeTypes.find(node.type().substring(0, node.type().length() - 1));
        if (plain != null && plain.outputs().size() == NodeTypes.of(node).outputs().size()) {
            edit(Repair.Kind.OUT_OF_PLACE, () -> Edits.update(graph, List.of(new GraphNode(node.id(), plain.type(),
                    node.label(), node.attrs(), node.x(), node.y()))), box);
        }
        Wire into = graph.wireInto(new Port(box, 0));
        NodeType clone = NodeTypes.find("clone");
        if (into != null && clone != null) {
            edit(Repair.Kind.CLONE_BEFORE, () -> cloned(node, into, clone), box);
        }
    }

    private Change cloned(GraphNode node, Wire into, NodeType clone) {
        GraphNode source = graph.node(into.from().node());
        Change added = Edits.add(graph, clone, null, Attrs.NONE,
                Math.rint((source.x() + node.x()) / 2), Math.rint((source.y() + node.y()) / 2) + 60);
        String id = added.added().getFirst().id();
        return new Change(added.added(), List.of(), List.of(),
                List.of(new Wire(into.from(), new Port(id, 0)), new Wire(new Port(id, 0), into.to())), List.of(into),
                graph.target(), graph.target());
    }
}

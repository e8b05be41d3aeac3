package dev.backstep.engine.step;

import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.GraphRunner;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.graph.Reason;
import dev.backstep.engine.graph.Wire;
import dev.backstep.engine.tensor.AccumulateGrad;
import dev.backstep.engine.tensor.Edge;
import dev.backstep.engine.tensor.GradMode;
import dev.backstep.engine.tensor.Node;
import dev.backstep.engine.tensor.Snapshots;
import dev.backstep.engine.tensor.Step;
import dev.backstep.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes a run into a {@link Timeline}, saying of each node of the tape which box and wires of the drawing it is. */
final class Recorder {
    private final Graph graph;
    private final Timeline timeline = new Timeline();
    private final BackwardGraph tape = timeline.backwardGraph();
    private final Snapshots snapshots = new Snapshots();
    /** The tensors of the forward going on. */
    private final Map<Port, Tensor> live = new LinkedHashMap<>();
    /** The outputs that give a tensor: several where a box gives its input on. */
    private final Map<Tensor, List<Port>> outputs = new HashMap<>();
    /** Which output of the drawing a gradient sent along an edge belongs to. */
    private final Map<Edge, Port> made = new HashMap<>();
    private final Map<Tensor, Port> leaves = new HashMap<>();
    /** Outputs that are the very tensor of an earlier output, as {@code contiguous} may give. */
    private final Map<Port, Port> aliases = new HashMap<>();
    /** The gradients that arrived at an edge in the backward going on. */
    private final Map<Edge, Event.Term> terms = new HashMap<>();
    private int runs;
    private int passes;

    Recorder(Graph graph) {
        this.graph = graph;
        tape.sources(this::source);
    }

    Timeline timeline() {
        return timeline;
    }

    void leaf(Port port, Tensor tensor) {
        output(port, tensor);
        if (tensor.grad() != null) {
            timeline.grad(port, snapshots.of(tensor.grad()));
        }
    }

    /** Says that the memory of a tensor is about to be written. */
    void beforeWrite(Tensor tensor) {
        snapshots.beforeWrite(tensor);
    }

    /** @param written the tensors that the op has written in place */
    void forward(GraphRunner.Ran ran, List<Tensor> written) {
        GraphNode node = ran.node();
        if (ran.reason() != null) {
            timeline.add(new Event.Refused(node.id(), ran.kind(), ran.reason()));
            return;
        }
        List<Port> others = written.isEmpty() ? List.of()
                : written.stream().flatMap(tensor -> sharing(tensor).stream()).toList();
        timeline.add(new Event.Forward(node.id(), graph.wiresInto(node.id()), others));
        for (int i = 0; i < ran.outputs().size(); i++) {
            output(new Port(node.id(), i), ran.outputs().get(i));
        }
        others.forEach(this::rewritten);
        int storey = storey(node);
        ran.outputs().forEach(tensor -> tape.reach(tensor, null, storey, timeline.written()));
        others.forEach(port -> tape.reach(live.get(port), null, storey, timeline.written()));
        if (storey > 0) {
            tape.lookForFreed(timeline.written());
        }
    }

    /** The storey of the backward graph that a box builds on: one up for each time that gradients are taken of it. */
    private int storey(GraphNode node) {
        if (!node.type().equals("grad")) {
            return 0;
        }
        Tensor differentiated = live.get(graph.wireInto(new Port(node.id(), 0)).from());
        GradFn made = differentiated.gradFn() == null ? null : tape.of(differentiated.gradFn());
        return made == null ? 1 : made.storey() + 1;
    }

    /** The first output that gives a tensor, or null. */
    private Port source(Tensor tensor) {
        List<Port> ports = outputs.getOrDefault(tensor, List.of());
        return ports.isEmpty() ? null : ports.getFirst();
    }

    /** Nodes that nothing leads to any more are gone. */
    private void sweep() {
        List<Tensor> reachable = new ArrayList<>();
        for (Tensor tensor : live.values()) {
            reachable.add(tensor);
            if (tensor.grad() != null) {
                reachable.add(tensor.grad());
            }
        }
        tape.sweep(reachable, timeline.written());
    }

    /** The outputs whose tensors lie in the same memory. */
    private List<Port> sharing(Tensor tensor) {
        List<Port> ports = new ArrayList<>();
        live.forEach((port, other) -> {
            if (other.view().buffer() == tensor.view().buffer()) {
                ports.add(port);
            }
        });
        return ports;
    }

    /** The tensor at an output has other numbers now, and perhaps another place in the graph. */
    private void rewritten(Port port) {
        Tensor tensor = live.get(port);
        if (tensor.gradFn() != null) {
            made.putIfAbsent(new Edge(tensor.gradFn(), tensor.outputNr()), port);
        }
        timeline.value(port, snapshots.of(tensor), Timeline.Status.of(tensor));
    }

    private void output(Port port, Tensor tensor) {
        live.put(port, tensor);
        outputs.computeIfAbsent(tensor, _ -> new ArrayList<>()).add(port);
        Node maker = tensor.gradFn();
        Port earlier = maker == null ? leaves.putIfAbsent(tensor, port)
                : made.putIfAbsent(new Edge(maker, tensor.outputNr()), port);
        if (earlier != null && !earlier.equals(port)) {
            aliases.put(port, earlier);
        }
        timeline.value(port, snapshots.of(tensor), Timeline.Status.of(tensor));
    }

    /** Forward begins anew: what the ops gave is gone, the leaves stay. */
    void again() {
        timeline.add(new Event.Again(++passes));
        timeline.clearMoves();
        for (GraphNode node : graph.order()) {
            for (int i = 0; i < NodeTypes.of(node).outputs().size() && !NodeTypes.of(node).isLeaf(); i++) {
                Port port = new Port(node.id(), i);
                Tensor gone = live.remove(port);
                if (gone != null) {
                    leaves.remove(gone, port);
                    outputs.getOrDefault(gone, new ArrayList<>()).remove(port);
                    aliases.remove(port);
                    timeline.value(port, null, null);
                    timeline.grad(port, null);
                }
            }
        }
        made.clear();
        sweep();
    }

    private List<Tensor> unchanging(Tensor[] tensors) {
        Tensor[] copies = new Tensor[tensors.length];
        for (int i = 0; i < copies.length; i++) {
            copies[i] = snapshots.of(tensors[i]);
        }
        return Collections.unmodifiableList(Arrays.asList(copies));
    }

    /** @param root where in the backward graph it starts */
    void start(Port target, Edge root, Tensor gradient) {
        terms.clear();
        timeline.add(new Event.Start(runs++, target, snapshots.of(gradient)));
        timeline.clearMoves();
        tape.arrived(root, snapshots.of(gradient), timeline.written());
        arrive(earliest(target), snapshots.of(gradient));
    }

    void refused(String box, String kind, Reason reason) {
        timeline.add(new Event.Refused(box, kind, reason));
    }

    /**
     * An action has changed leaves or their gradients.
     *
     * @param optimizer the box that acted, or null
     * @param tensors the leaves concerned
     * @param valuesToo whether the leaves themselves were written, not only their gradients
     */
    void acted(Action action, String optimizer, List<Tensor> tensors, boolean valuesToo, Tensor norm) {
        Set<Port> ports = new LinkedHashSet<>();
        for (Tensor tensor : tensors) {
            ports.add(leaves.get(tensor));
            if (valuesToo) {
                ports.addAll(sharing(tensor));
            }
        }
        Set<String> boxes = new LinkedHashSet<>();
        if (optimizer != null) {
            boxes.add(optimizer);
        }
        ports.forEach(port -> boxes.add(port.node()));
        timeline.add(new Event.Acted(action, List.copyOf(boxes), snapshots.of(norm)));
        if (action instanceof Action.ZeroGrad) {
            // What the backward before has left on its way would pass for gradients that are still there.
            timeline.clearMoves();
        }
        if (valuesToo) {
            ports.forEach(this::rewritten);
        }
        for (Tensor tensor : tensors) {
            grad(tensor, snapshots.of(tensor.grad()));
        }
        sweep();
    }

    void step(Step step) {
        List<Step.HookCall> late = new ArrayList<>();
        for (Step.HookCall call : step.hooks()) {
            if (call.kind() == Step.HookCall.Kind.POST_ACCUMULATE) {
                late.add(call);
            } else {
                hook(step.node(), call);
            }
        }
        int before = timeline.written();
        if (step.node() instanceof AccumulateGrad leaf) {
            accumulate(leaves.get(leaf.variable()), step);
        } else {
            nodeRun(step);
        }
        if (timeline.written() > before) {
            tape.ran(step, timeline.written());
        }
        late.forEach(call -> hook(step.node(), call));
    }

    private void hook(Node node, Step.HookCall call) {
        Port port = node instanceof AccumulateGrad leaf ? leaves.get(leaf.variable())
                : call.kind() == Step.HookCall.Kind.NODE ? null : made.get(new Edge(node, call.nr()));
        Tensor before = snapshots.of(call.before());
        Tensor after = call.after() == call.before() ? before : snapshots.of(call.after());
        timeline.add(new Event.Hook(runs - 1, (String) call.scope(), call.kind(), port, before, after));
        if (port != null && call.kind() == Step.HookCall.Kind.POST_ACCUMULATE) {
            grad(live.get(port), after);
        } else if (port != null && before != after) {
            arrive(port, after);
        }
        if (before != after && call.kind() != Step.HookCall.Kind.NODE
                && call.kind() != Step.HookCall.Kind.POST_ACCUMULATE) {
            tape.arrived(new Edge(node, call.nr()), after, timeline.written());
        }
    }

    private void accumulate(Port port, Step step) {
        if (port == null) {
            throw new IllegalStateException("a gradient reached a leaf that is not in the document");
        }
        for (Step.Accumulation sum : step.sums()) {
            Tensor after = snapshots.of(sum.after());
            timeline.add(new Event.Accumulate(
                    runs - 1, port.node(), snapshots.of(sum.before()), snapshots.of(sum.added()), after));
            grad(live.get(port), after);
        }
    }

    private void nodeRun(Step step) {
        String box = (String) step.node().scope();
        List<Event.Arrival> arrivals = new ArrayList<>();
        for (Step.Accumulation sum : step.sums()) {
            Edge edge = new Edge(sum.target(), sum.targetNr());
            Port port = sum.target() instanceof AccumulateGrad leaf ? leaves.get(leaf.variable()) : made.get(edge);
            Wire wire = port == null || box == null ? null : wire(step.node(), box, sum.input(), port);
            Tensor added = snapshots.of(sum.added());
            Event.Term term = new Event.Term(terms.get(edge), box, wire, added);
            terms.put(edge, term);
            arrivals.add(new Event.Arrival(sum.input(), port, wire, added, snapshots.of(sum.after()), term));
        }
        timeline.add(new Event.NodeRun(
                runs - 1,
                box,
                step.node(),
                unchanging(step.incoming()),
                unchanging(step.raw()),
                unchanging(step.outgoing()),
                List.copyOf(arrivals)));
        for (int i = 0; i < arrivals.size(); i++) {
            Step.Accumulation sum = step.sums()[i];
            tape.arrived(new Edge(sum.target(), sum.targetNr()), arrivals.get(i).after(), timeline.written());
        }
        for (Event.Arrival arrival : arrivals) {
            if (arrival.port() != null) {
                arrive(arrival.port(), arrival.after());
            }
            if (arrival.wire() != null) {
                move(arrival.wire(), arrival.added());
            }
        }
        for (int nr = 0; nr < step.node().outputs(); nr++) {
            Port port = made.get(new Edge(step.node(), nr));
            Tensor tensor = port == null ? null : live.get(port);
            if (tensor != null && tensor.retainsGrad() && tensor.gradFn() == step.node()) {
                grad(tensor, snapshots.of(tensor.grad()));
            }
        }
    }

    /** The {@code .grad} of a tensor is another one, at every output that gives this tensor. */
    private void grad(Tensor tensor, Tensor gradient) {
        outputs.getOrDefault(tensor, List.of()).forEach(port -> timeline.grad(port, gradient));
    }

    private List<Port> aliasesOf(Port port) {
        return aliases.entrySet().stream().filter(entry -> entry.getValue().equals(port)).map(Map.Entry::getKey)
                .toList();
    }

    private void arrive(Port port, Tensor gradient) {
        timeline.arrived(port, gradient);
        if (!aliases.isEmpty()) {
            aliasesOf(port).forEach(alias -> timeline.arrived(alias, gradient));
        }
    }

    /** A box of several nodes may send several gradients along one wire; what moved is their sum. */
    private void move(Wire wire, Tensor gradient) {
        Tensor before = timeline.lastMoved(wire);
        try (GradMode.Scope _ = GradMode.noGrad()) {
            timeline.moved(wire, before == null ? gradient : before.add(gradient));
        }
    }

    private Port earliest(Port port) {
        return aliases.getOrDefault(port, port);
    }

    /** The wire along which a box used an output, or null where that cannot be told. */
    private Wire wire(Node node, String box, int input, Port from) {
        List<Wire> into = graph.wiresInto(box);
        Wire only = null;
        boolean several = false;
        for (Wire wire : into) {
            if (earliest(wire.from()).equals(from)) {
                several |= only != null;
                only = wire;
            }
        }
        if (!several) {
            return only;
        }
        // A node that stands for its whole box has the box's inputs, in order. A leaf's node carries the mark of the
        // box that used it first, so it says nothing.
        boolean whole = node.inputCount() == into.size();
        for (Edge edge : node.next()) {
            Node next = edge.node();
            whole &= next == null || next instanceof AccumulateGrad || !box.equals(next.scope());
        }
        return whole && earliest(into.get(input).from()).equals(from) ? into.get(input) : null;
    }
}

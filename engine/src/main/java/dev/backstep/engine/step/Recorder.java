package dev.backstep.engine.step;

import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.GraphRunner;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.graph.Reason;
import dev.backstep.engine.graph.Wire;
import dev.backstep.engine.tensor.AccumulateGrad;
import dev.backstep.engine.tensor.Edge;
import dev.backstep.engine.tensor.GradMode;
import dev.backstep.engine.tensor.Node;
import dev.backstep.engine.tensor.Step;
import dev.backstep.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes a run into a {@link Timeline}, saying of each node of the tape which box and wires of the drawing it is. */
final class Recorder {
    private final Graph graph;
    private final Timeline timeline = new Timeline();
    /** Which output of the drawing a gradient sent along an edge belongs to. */
    private final Map<Edge, Port> made = new HashMap<>();
    private final Map<Tensor, Port> first = new HashMap<>();
    /** Outputs that are the very tensor of an earlier output, as {@code contiguous} may give. */
    private final Map<Port, Port> aliases = new HashMap<>();
    /** The gradients that arrived at an edge in the backward going on. */
    private final Map<Edge, Event.Term> terms = new HashMap<>();
    private int runs;

    Recorder(Graph graph) {
        this.graph = graph;
    }

    Timeline timeline() {
        return timeline;
    }

    void leaf(Port port, Tensor tensor) {
        output(port, tensor);
    }

    void forward(GraphRunner.Ran ran) {
        GraphNode node = ran.node();
        if (ran.reason() != null) {
            timeline.add(new Event.Refused(node.id(), ran.kind(), ran.reason()));
            return;
        }
        timeline.add(new Event.Forward(node.id(), graph.wiresInto(node.id())));
        for (int i = 0; i < ran.outputs().size(); i++) {
            output(new Port(node.id(), i), ran.outputs().get(i));
        }
    }

    private void output(Port port, Tensor tensor) {
        Port earlier = first.putIfAbsent(tensor, port);
        if (earlier != null) {
            aliases.put(port, earlier);
        } else if (tensor.gradFn() != null) {
            made.putIfAbsent(new Edge(tensor.gradFn(), tensor.outputNr()), port);
        }
        timeline.value(port, unchanging(tensor));
    }

    /** The same memory in an object of its own: a tensor may be given other memory, but memory is never rewritten. */
    private static Tensor unchanging(Tensor tensor) {
        return tensor == null ? null : tensor.detach();
    }

    private static List<Tensor> unchanging(Tensor[] tensors) {
        Tensor[] copies = new Tensor[tensors.length];
        for (int i = 0; i < copies.length; i++) {
            copies[i] = unchanging(tensors[i]);
        }
        return Collections.unmodifiableList(Arrays.asList(copies));
    }

    void start(Port target, Tensor gradient) {
        terms.clear();
        timeline.add(new Event.Start(runs++, target, unchanging(gradient)));
        timeline.clearMoves();
        arrive(earliest(target), unchanging(gradient));
    }

    void refused(String box, String kind, Reason reason) {
        timeline.add(new Event.Refused(box, kind, reason));
    }

    void step(Step step) {
        if (step.node() instanceof AccumulateGrad leaf) {
            accumulate(first.get(leaf.variable()), step);
        } else {
            nodeRun(step);
        }
    }

    private void accumulate(Port port, Step step) {
        if (port == null) {
            throw new IllegalStateException("a gradient reached a leaf that is not in the document");
        }
        for (Step.Accumulation sum : step.sums()) {
            Tensor after = unchanging(sum.after());
            timeline.add(new Event.Accumulate(
                    runs - 1, port.node(), unchanging(sum.before()), unchanging(sum.added()), after));
            timeline.grad(port, after);
        }
    }

    private void nodeRun(Step step) {
        String box = (String) step.node().scope();
        List<Event.Arrival> arrivals = new ArrayList<>();
        for (Step.Accumulation sum : step.sums()) {
            Edge edge = new Edge(sum.target(), sum.targetNr());
            Port port = sum.target() instanceof AccumulateGrad leaf ? first.get(leaf.variable()) : made.get(edge);
            Wire wire = port == null || box == null ? null : wire(step.node(), box, sum.input(), port);
            Tensor added = unchanging(sum.added());
            Event.Term term = new Event.Term(terms.get(edge), box, wire, added);
            terms.put(edge, term);
            arrivals.add(new Event.Arrival(sum.input(), port, wire, added, unchanging(sum.after()), term));
        }
        timeline.add(new Event.NodeRun(
                runs - 1,
                box,
                step.node(),
                unchanging(step.incoming()),
                unchanging(step.raw()),
                unchanging(step.outgoing()),
                List.copyOf(arrivals)));
        for (Event.Arrival arrival : arrivals) {
            if (arrival.port() != null) {
                arrive(arrival.port(), arrival.after());
            }
            if (arrival.wire() != null) {
                move(arrival.wire(), arrival.added());
            }
        }
    }

    private void arrive(Port port, Tensor gradient) {
        timeline.arrived(port, gradient);
        for (Map.Entry<Port, Port> alias : aliases.entrySet()) {
            if (alias.getValue().equals(port)) {
                timeline.arrived(alias.getKey(), gradient);
            }
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

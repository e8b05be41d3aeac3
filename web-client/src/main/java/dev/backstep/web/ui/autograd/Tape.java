package dev.backstep.web.ui.autograd;

import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.step.BackwardGraph;
import dev.backstep.engine.step.GradFn;
import dev.backstep.engine.step.Playback;
import dev.backstep.engine.step.Timeline;
import dev.backstep.engine.tensor.Edge;
import dev.backstep.engine.tensor.Tensor;
import dev.backstep.web.ui.canvas.Box;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The backward graph of a part of a run, all its nodes at their places, so that none moves as one steps. */
final class Tape {
    static final double WIDTH = 224;

    private static final double HEAD = 48;
    private static final double ROW = 19;
    private static final double FOOT = 7;

    /**
     * An entry of {@code next_functions}.
     *
     * @param place which entry it is
     * @param to the node it leads to
     * @param output which output of that node
     */
    record Link(GradFn from, int place, GradFn to, int output) {}

    final Playback playback;
    final BackwardGraph graph;
    final BackwardGraph.Span span;
    final List<GradFn> nodes;
    final List<Link> links = new ArrayList<>();

    private final Map<GradFn, Integer> places = new HashMap<>();
    private final Map<GradFn, List<Port>> outputs = new HashMap<>();
    private final Layered layout;

    /** @param span the part of the run to show */
    Tape(Playback playback, BackwardGraph.Span span) {
        this.playback = playback;
        this.span = span;
        graph = playback.timeline().backwardGraph();
        nodes = graph.in(span);
        nodes.forEach(fn -> places.put(fn, places.size()));
        findOutputs();
        for (GradFn fn : nodes) {
            List<Edge> next = fn.node().next();
            for (int i = 0; i < next.size(); i++) {
                GradFn to = next.get(i).node() == null ? null : graph.of(next.get(i).node());
                if (places.containsKey(to)) {
                    links.add(new Link(fn, i, to, next.get(i).inputNr()));
                }
            }
        }
        layout = new Layered(nodes.stream().mapToInt(GradFn::storey).toArray(), WIDTH,
                nodes.stream().mapToDouble(this::height).toArray(), links.stream()
                        .map(link -> new int[] {places.get(link.from()), places.get(link.to())}).toArray(int[][]::new));
    }

    /** The tensors of the document that nothing else was computed of. */
    private void findOutputs() {
        Graph document = playback.graph();
        for (GraphNode node : document.order()) {
            for (int i = 0; i < NodeTypes.of(node).outputs().size(); i++) {
                Port port = new Port(node.id(), i);
                Timeline.Status status = status(port);
                boolean used = document.wiresFrom(node.id()).stream().anyMatch(wire -> wire.from().equals(port));
                GradFn fn = status == null || status.gradFn() == null ? null : graph.of(status.gradFn());
                if (fn != null && (!used || port.equals(document.targetOrLast()))) {
                    outputs.computeIfAbsent(fn, _ -> new ArrayList<>()).add(port);
                }
            }
        }
    }

    /** What a tensor is at the end of the span, or null. */
    private Timeline.Status status(Port port) {
        return playback.timeline().statusAt(port, Math.min(span.last(), playback.timeline().size()));
    }

    /** The tensor at an output, or null. */
    Tensor tensor(Port port) {
        return status(port) == null ? null : status(port).tensor();
    }

    /** The tensors of the document that this node made and that are results of it. */
    List<Port> outputs(GradFn fn) {
        return outputs.getOrDefault(fn, List.of());
    }

    private int rows(GradFn fn) {
        return outputs(fn).size() + (fn.variable() != null ? 1 : 0) + (graph.gradOf(fn) != null ? 1 : 0)
                + fn.saved().size() + 1;
    }

    private double height(GradFn fn) {
        return HEAD + ROW * rows(fn) + FOOT;
    }

    Box box(GradFn fn) {
        double left = layout.left(places.get(fn));
        double top = layout.top(places.get(fn));
        return new Box(left, top, left + WIDTH, top + height(fn));
    }

    /** The nodes that exist at a step of the span. */
    List<GradFn> at(int step) {
        return nodes.stream().filter(fn -> graph.exists(fn, step)).toList();
    }

    /** The box around all that exist at a step and lie in a storey; null where there are none. */
    Box bounds(int step, int storey) {
        Box bounds = null;
        for (GradFn fn : at(step)) {
            if (storey < 0 || fn.storey() == storey) {
                bounds = bounds == null ? box(fn) : bounds.and(box(fn));
            }
        }
        return bounds;
    }

    int storeys() {
        return nodes.stream().mapToInt(GradFn::storey).max().orElse(0) + 1;
    }

    /** How far from its left end an edge leaves a node. */
    static double portX(GradFn fn, int place) {
        return WIDTH * (place + 1) / (fn.node().next().size() + 1);
    }

    /** The curve of a link, from the node that holds it down to the one it names. */
    String path(int link) {
        Link at = links.get(link);
        Box from = box(at.from());
        Box to = box(at.to());
        double x = from.left() + portX(at.from(), at.place());
        double y = from.bottom() + (at.from().node().next().size() > 1 ? 8 : 4);
        StringBuilder path = new StringBuilder("M" + x + " " + y);
        for (double[] bend : layout.bends(link)) {
            curve(path, x, y, bend[0], bend[1]);
            path.append('V').append(bend[2]);
            x = bend[0];
            y = bend[2];
        }
        int outputs = at.to().node().outputs();
        curve(path, x, y, to.left() + WIDTH * (at.output() + 1) / (outputs + 1), to.top() - 3);
        return path.toString();
    }

    /** The arrow's tip at the end of a link. */
    String tip(int link) {
        Link at = links.get(link);
        Box to = box(at.to());
        double x = to.left() + WIDTH * (at.output() + 1) / (at.to().node().outputs() + 1);
        return "M" + x + " " + to.top() + "l-4.5 -8h9z";
    }

    private static void curve(StringBuilder path, double x1, double y1, double x2, double y2) {
        double reach = Math.max(14, Math.abs(y2 - y1) / 2);
        path.append('C').append(x1).append(' ').append(y1 + reach).append(' ').append(x2).append(' ')
                .append(y2 - reach).append(' ').append(x2).append(' ').append(y2);
    }

    /** The nodes of a node's layer that exist at a step, from left to right. */
    List<GradFn> beside(GradFn fn, int step) {
        return layout.beside(places.get(fn)).stream().map(nodes::get).filter(other -> graph.exists(other, step))
                .toList();
    }
}

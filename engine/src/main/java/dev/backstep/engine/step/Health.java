package dev.backstep.engine.step;

import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.graph.Wire;
import dev.backstep.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * How the gradients of a run fare: how large they are along each wire and by depth, which ReLUs let nothing through,
 * and where the first number that is none came from. Data, no text.
 *
 * @param norms the Euclidean norm of the gradient that has moved along each wire in the backward going on
 * @param relus for each ReLU that was computed, what share of its outputs is zero
 * @param layers the gradients by depth, the one nearest to the target first; empty where none has arrived
 * @param trend what they say of the whole
 * @param nonFinite the first value or gradient of the run with a NaN or an infinity, or null
 */
public record Health(Map<Wire, Double> norms, Map<String, Double> relus, List<Layer> layers, Trend trend,
        NonFinite nonFinite) {
    /** A layer whose gradient is smaller than this has vanished. */
    public static final double TINY = 1e-6;
    /** The gradient of the first layer over that of the last: less than this is vanishing too. */
    public static final double SHRUNK = 1e-3;
    /** A layer whose gradient is larger than this has exploded. */
    public static final double HUGE = 100;

    /** What becomes of the gradients on their way down. */
    public enum Trend {
        /** No gradients yet, or none that a trend could be told of. */
        UNKNOWN,
        HEALTHY,
        VANISHING,
        EXPLODING
    }

    /**
     * What the boxes as many wires away from the target, on the longest way, have sent to their inputs. A tensor that
     * several layers use counts in each with what came from there.
     *
     * @param depth from 1: what the target's own box has sent; the gradient at the target is given and no layer
     * @param ports the tensors that it was sent to
     * @param norm the Euclidean norm of all these gradients together
     */
    public record Layer(int depth, List<Port> ports, double norm) {}

    /**
     * The first NaN or infinity.
     *
     * @param event the event that made it, or {@link Why#NONE} where it was typed into a leaf
     * @param box where, or null
     * @param isGradient whether it is in a gradient, and not in a value
     * @param value the number found, NaN or an infinity
     */
    public record NonFinite(int event, String box, boolean isGradient, double value) {}

    /** How a run fares at a step; {@link #nonFinite} is of the run as a whole. */
    public static Health of(Playback playback, int step) {
        List<Layer> layers = layers(playback, step);
        return new Health(norms(playback, step), relus(playback, step), layers, trend(layers), nonFinite(playback));
    }

    /** The norm of the first layer over that of the last: the gradient's growth on its way; NaN where it has none. */
    public double ratio() {
        return ratio(layers);
    }

    private static double ratio(List<Layer> layers) {
        return layers.size() < 2 ? Double.NaN : layers.getLast().norm() / layers.getFirst().norm();
    }

    private static Map<Wire, Double> norms(Playback playback, int step) {
        Map<Wire, Double> norms = new LinkedHashMap<>();
        for (Wire wire : playback.graph().wires()) {
            Tensor moved = playback.timeline().movedAlong(wire, step);
            if (moved != null) {
                norms.put(wire, Math.sqrt(squares(moved)));
            }
        }
        return norms;
    }

    private static Map<String, Double> relus(Playback playback, int step) {
        Map<String, Double> shares = new LinkedHashMap<>();
        for (GraphNode node : playback.graph().order()) {
            Tensor value = playback.timeline().valueAt(new Port(node.id(), 0), step);
            if (node.type().equals("relu") && value != null && value.numel() > 0) {
                int zeros = 0;
                for (double element : value.toDoubles()) {
                    zeros += element == 0 ? 1 : 0;
                }
                shares.put(node.id(), (double) zeros / value.numel());
            }
        }
        return shares;
    }

    private static double squares(Tensor tensor) {
        double sum = 0;
        for (double element : tensor.toDoubles()) {
            sum += element * element;
        }
        return sum;
    }

    private static List<Layer> layers(Playback playback, int step) {
        Timeline timeline = playback.timeline();
        Port target = null;
        for (int i = step - 1; i >= 0 && target == null; i--) {
            target = timeline.event(i) instanceof Event.Start start ? start.target() : null;
        }
        Map<Integer, Set<Port>> ports = new TreeMap<>();
        Map<Integer, Double> squares = new HashMap<>();
        Map<String, Integer> depths = target == null ? Map.of() : depths(playback.graph(), target);
        for (Wire wire : playback.graph().wires()) {
            Integer depth = depths.get(wire.to().node());
            Tensor moved = depth == null ? null : timeline.movedAlong(wire, step);
            if (moved != null) {
                ports.computeIfAbsent(depth + 1, _ -> new LinkedHashSet<>()).add(wire.from());
                squares.merge(depth + 1, squares(moved), Double::sum);
            }
        }
        List<Layer> layers = new ArrayList<>();
        ports.forEach((depth, at) -> layers.add(new Layer(depth, List.copyOf(at), Math.sqrt(squares.get(depth)))));
        return layers;
    }

    /** How many wires lie between each box and the target, on the longest way; boxes without one are left out. */
    private static Map<String, Integer> depths(Graph graph, Port target) {
        Map<String, Integer> depths = new HashMap<>(Map.of(target.node(), 0));
        for (GraphNode node : graph.order().reversed()) {
            Integer depth = depths.get(node.id());
            if (depth != null) {
                graph.wiresInto(node.id()).forEach(wire -> depths.merge(wire.from().node(), depth + 1, Math::max));
            }
        }
        return depths;
    }

    private static Trend trend(List<Layer> layers) {
        if (layers.isEmpty() || layers.stream().anyMatch(layer -> !Double.isFinite(layer.norm()))) {
            return Trend.UNKNOWN;
        }
        if (layers.stream().anyMatch(layer -> layer.norm() > HUGE)) {
            return Trend.EXPLODING;
        }
        return layers.stream().anyMatch(layer -> layer.norm() < TINY) || ratio(layers) < SHRUNK
                ? Trend.VANISHING : Trend.HEALTHY;
    }

    private static NonFinite nonFinite(Playback playback) {
        Timeline timeline = playback.timeline();
        for (GraphNode node : playback.graph().order()) {
            NonFinite typed = value(timeline, node, Why.NONE);
            if (typed != null) {
                return typed;
            }
        }
        for (int i = 0; i < timeline.size(); i++) {
            NonFinite found = switch (timeline.event(i)) {
                case Event.Forward forward -> computed(playback, forward, i);
                case Event.Acted acted -> changed(playback, acted, i);
                case Event.Hook hook -> gradient(hook.after(), hook.box(), i);
                case Event.Start start -> gradient(start.gradient(), start.target().node(), i);
                case Event.NodeRun run -> sent(run, i);
                case Event.Accumulate sum -> gradient(sum.after(), sum.box(), i);
                case Event.Refused _, Event.Again _ -> null;
            };
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    /** What an op gave, and what it wrote in place. */
    private static NonFinite computed(Playback playback, Event.Forward forward, int event) {
        NonFinite found = value(playback.timeline(), playback.graph().node(forward.box()), event);
        for (int i = 0; i < forward.written().size() && found == null; i++) {
            found = value(playback.timeline(), playback.graph().node(forward.written().get(i).node()), event);
        }
        return found;
    }

    /** The leaves that an optimizer or a line of the loop has changed, and their gradients. */
    private static NonFinite changed(Playback playback, Event.Acted acted, int event) {
        NonFinite found = null;
        for (int i = 0; i < acted.boxes().size() && found == null; i++) {
            GraphNode node = playback.graph().node(acted.boxes().get(i));
            found = value(playback.timeline(), node, event);
            for (int nr = 0; nr < NodeTypes.of(node).outputs().size() && found == null; nr++) {
                found = gradient(playback.timeline().gradAt(new Port(node.id(), nr), event + 1), node.id(), event);
            }
        }
        return found;
    }

    /** What a node sent on, and the sums it was added to, which may overflow where no term does. */
    private static NonFinite sent(Event.NodeRun run, int event) {
        NonFinite found = null;
        for (int i = 0; i < run.outgoing().size() && found == null; i++) {
            found = gradient(run.outgoing().get(i), run.box(), event);
        }
        for (int i = 0; i < run.arrivals().size() && found == null; i++) {
            found = gradient(run.arrivals().get(i).after(), run.box(), event);
        }
        return found;
    }

    private static NonFinite value(Timeline timeline, GraphNode node, int event) {
        for (int i = 0; i < NodeTypes.of(node).outputs().size(); i++) {
            Tensor value = timeline.valueAt(new Port(node.id(), i), event + 1);
            NonFinite found = value == null ? null : find(value, node.id(), event, false);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private static NonFinite gradient(Tensor gradient, String box, int event) {
        return gradient == null ? null : find(gradient, box, event, true);
    }

    private static NonFinite find(Tensor tensor, String box, int event, boolean isGradient) {
        for (double element : tensor.dtype().isFloat() ? tensor.toDoubles() : new double[0]) {
            if (!Double.isFinite(element)) {
                return new NonFinite(event, box, isGradient, element);
            }
        }
        return null;
    }
}

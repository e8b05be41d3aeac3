package dev.backstep.engine.step;

import dev.backstep.engine.backend.Buffer;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.tensor.AccumulateGrad;
import dev.backstep.engine.tensor.Edge;
import dev.backstep.engine.tensor.Node;
import dev.backstep.engine.tensor.SavedTensor;
import dev.backstep.engine.tensor.Step;
import dev.backstep.engine.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * PyTorch's own graph over the steps of a run: which nodes there are, what they keep alive, what was freed, and which
 * gradients have arrived. Written as the run is recorded, because a run that has ended has freed what its nodes kept.
 */
public final class BackwardGraph {
    private final List<GradFn> nodes = new ArrayList<>();
    private final Map<Node, GradFn> known = new HashMap<>();
    private final Map<GradFn, History<Integer>> runs = new HashMap<>();
    private final Map<GradFn, Integer> freed = new HashMap<>();
    private final Map<Integer, List<Freed>> frees = new HashMap<>();
    private final Map<GradFn, Integer> gone = new HashMap<>();
    private final Map<GradFn, Port> gradients = new HashMap<>();
    private final Map<Edge, History<Tensor>> arrived = new HashMap<>();
    private final History<GradFn> running = new History<>();
    private final History<Integer> counts = new History<>();
    private final History<Long> bytes = new History<>();
    /** The steps at which nodes went, in order. */
    private final List<Integer> sweeps = new ArrayList<>();
    /** How often each memory is kept now. */
    private final Map<Buffer, Integer> held = new HashMap<>();
    private Function<Tensor, Port> sources = _ -> null;
    private long total;

    BackwardGraph() {}

    /** Says how to find which tensor of the document a tensor is. */
    void sources(Function<Tensor, Port> newSources) {
        sources = newSources;
    }

    /** The nodes that exist at a step, in the order they came. */
    public List<GradFn> at(int step) {
        return nodes.stream().filter(node -> exists(node, step)).toList();
    }

    public boolean exists(GradFn node, int step) {
        return node.made() <= step && gone.getOrDefault(node, Integer.MAX_VALUE) > step;
    }

    /** How many nodes exist at a step. */
    public int countAt(int step) {
        Integer count = counts.at(step);
        return count == null ? 0 : count;
    }

    /**
     * A part of the run in which nodes come but none goes.
     *
     * @param first its first step, and {@code last} its last; {@link Integer#MAX_VALUE} for the end of the run
     */
    public record Span(int first, int last) {}

    /** The span that a step lies in. */
    public Span span(int step) {
        int next = 0;
        while (next < sweeps.size() && sweeps.get(next) <= step) {
            next++;
        }
        return new Span(next == 0 ? 0 : sweeps.get(next - 1),
                next == sweeps.size() ? Integer.MAX_VALUE : sweeps.get(next) - 1);
    }

    /** All nodes that exist at some step of a span. */
    public List<GradFn> in(Span span) {
        return nodes.stream().filter(node -> node.made() <= span.last()
                && gone.getOrDefault(node, Integer.MAX_VALUE) > span.first()).toList();
    }

    /** The node as the run knows it, or null where it is not in it. */
    public GradFn of(Node node) {
        return known.get(node);
    }

    /** The node that ran in the event that led to a step, or null. */
    public GradFn runningAt(int step) {
        return running.at(step);
    }

    /** The last event by that step in which a node ran, or {@link Why#NONE}. */
    public int ranAt(GradFn node, int step) {
        History<Integer> history = runs.get(node);
        Integer event = history == null ? null : history.at(step);
        return event == null ? Why.NONE : event;
    }

    /**
     * The event in which a node ran and let go of what it kept, or {@link Why#NONE}. A node that keeps nothing is never
     * freed, and may run again.
     */
    public int freedBy(GradFn node) {
        return freed.getOrDefault(node, Why.NONE);
    }

    /**
     * A node that let go of what it kept.
     *
     * @param bytes of the memory that nothing in the graph keeps any more: less than what the node kept where others
     *              keep the same
     */
    public record Freed(GradFn node, long bytes) {}

    /** The nodes that let go of what they kept in an event, in the order it happened. */
    public List<Freed> freedIn(int event) {
        return frees.getOrDefault(event, List.of());
    }

    /** Whether a node has let go of what it kept by a step. */
    public boolean isFreed(GradFn node, int step) {
        int event = freedBy(node);
        return event != Why.NONE && event < step;
    }

    /** The leaf whose {@code .grad} the node made under {@code create_graph}, or null. */
    public Port gradOf(GradFn node) {
        return gradients.get(node);
    }

    /** The gradient that has arrived for an output of a node in the backward going on, or null. */
    public Tensor arrivedAt(GradFn node, int output, int step) {
        History<Tensor> history = arrived.get(new Edge(node.node(), output));
        return history == null ? null : history.at(step);
    }

    /** Bytes of the memory that the graph keeps alive at a step; memory that several nodes keep counts once. */
    public long bytesAt(int step) {
        Long size = bytes.at(step);
        return size == null ? 0 : size;
    }

    /** The most that {@link #bytesAt} says of the steps up to one. */
    public long mostBytes(int step) {
        long most = 0;
        for (int i = 0; i < bytes.changes() && bytes.step(i) <= step; i++) {
            most = Math.max(most, bytes.change(i));
        }
        return most;
    }

    // Writing

    /**
     * Takes in the nodes behind a tensor that are not known yet.
     *
     * @param maker the node whose run made them, or null
     * @param storey the storey they belong to, unless they lead to a higher one
     */
    void reach(Tensor tensor, GradFn maker, int storey, int step) {
        Node top = tensor == null ? null : tensor.gradFn();
        if (top == null || known.containsKey(top)) {
            return;
        }
        Set<Node> found = new HashSet<>();
        walk(List.of(top), found::add, node -> known.containsKey(node) || found.contains(node));
        // A node is made after those it leads to, but for the leaves' own.
        found.stream().sorted(Comparator.comparingLong(node -> node instanceof AccumulateGrad ? -1 : node.sequence()))
                .forEach(node -> add(node, maker, storey, step));
        written(step);
    }

    private interface Visit {
        /** @return whether to go on from there */
        boolean at(Node node);
    }

    private static void walk(Collection<Node> from, Visit visit, Function<Node, Boolean> seen) {
        ArrayDeque<Node> open = new ArrayDeque<>(from);
        while (!open.isEmpty()) {
            Node node = open.pop();
            if (visit.at(node)) {
                for (Edge next : node.next()) {
                    if (next.node() != null && !seen.apply(next.node())) {
                        open.push(next.node());
                    }
                }
            }
        }
    }

    private void add(Node node, GradFn maker, int least, int step) {
        List<GradFn.Kept> kept = new ArrayList<>();
        for (SavedTensor saved : node.saved()) {
            if (!saved.isFreed()) {
                Tensor tensor = saved.tensor();
                kept.add(new GradFn.Kept(saved.name(), sources.apply(tensor), tensor.shape(), tensor.dtype(),
                        saved.version(), saved.bytes(), saved.memory()));
            }
        }
        int storey = least;
        for (Edge next : node.next()) {
            GradFn to = next.node() == null ? null : known.get(next.node());
            storey = to == null ? storey : Math.max(storey, to.storey());
        }
        Port variable = node instanceof AccumulateGrad leaf ? sources.apply(leaf.variable()) : null;
        GradFn fn = new GradFn(nodes.size(), node, step, variable == null ? maker : null, variable == null ? storey : 0,
                variable, List.copyOf(kept));
        nodes.add(fn);
        known.put(node, fn);
        hold(fn, 1);
    }

    /** Counts what a node keeps in, or out. */
    private void hold(GradFn fn, int by) {
        for (GradFn.Kept kept : fn.saved()) {
            int count = held.merge(kept.memory(), by, Integer::sum);
            if (count == 0) {
                held.remove(kept.memory());
            }
            if (count == 0 || by > 0 && count == 1) {
                total += by * SavedTensor.bytes(kept.memory());
            }
        }
    }

    private void written(int step) {
        bytes.put(step, total);
        counts.put(step, nodes.size() - gone.size());
    }

    /** Says which tensors there are: nodes that none of them leads to are gone. A leaf keeps its own node. */
    void sweep(Collection<Tensor> reachable, int step) {
        Set<Node> seen = new HashSet<>();
        walk(reachable.stream().map(Tensor::gradFn).filter(node -> node != null).toList(), seen::add, seen::contains);
        boolean any = false;
        for (GradFn fn : nodes) {
            if (fn.variable() == null && !gone.containsKey(fn) && !seen.contains(fn.node())) {
                any = true;
                gone.put(fn, step);
                if (!freed.containsKey(fn)) {
                    hold(fn, -1);
                }
            }
        }
        if (any) {
            sweeps.add(step);
            written(step);
        }
    }

    /** What arrived in the backward before is forgotten. */
    void clearArrived(int step) {
        for (History<Tensor> history : arrived.values()) {
            if (history.last() != null) {
                history.put(step, null);
            }
        }
    }

    void arrived(Edge edge, Tensor gradient, int step) {
        arrived.computeIfAbsent(edge, _ -> new History<>()).put(step, gradient);
    }

    /** A node ran in the event that leads to that step. */
    void ran(Step done, int step) {
        GradFn node = known.get(done.node());
        if (node == null) {
            return;
        }
        running.put(step, node);
        running.put(step + 1, null);
        runs.computeIfAbsent(node, _ -> new History<>()).put(step, step - 1);
        lookForFreed(node, step);
        for (Tensor made : done.raw()) {
            reach(made, node, node.storey() + 1, step);
        }
        for (Tensor made : done.outgoing()) {
            reach(made, node, node.storey() + 1, step);
        }
        for (Step.Accumulation sum : done.sums()) {
            reach(sum.after(), node, node.storey() + 1, step);
        }
        if (done.node() instanceof AccumulateGrad leaf) {
            Tensor grad = leaf.variable().grad();
            reach(grad, node, node.storey() + 1, step);
            if (grad != null && grad.gradFn() != null && node.variable() != null) {
                gradients.put(known.get(grad.gradFn()), node.variable());
            }
        }
    }

    /** A backward ran that was not followed: finds what it freed. */
    void lookForFreed(int step) {
        nodes.forEach(node -> lookForFreed(node, step));
    }

    private void lookForFreed(GradFn node, int step) {
        if (node.node().isFreed() && !gone.containsKey(node) && freed.putIfAbsent(node, step - 1) == null) {
            long before = total;
            hold(node, -1);
            frees.computeIfAbsent(step - 1, _ -> new ArrayList<>()).add(new Freed(node, before - total));
            written(step);
        }
    }
}

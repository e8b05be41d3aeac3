package dev.backstep.engine.tensor;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/**
 * Backward, a node at a time. A node runs once, when every gradient it waits for has arrived; of those ready the one
 * made last runs first, and leaves at once. Whoever pulls decides about time: nothing happens between two calls of
 * {@link #next()}, and {@link #run()} pulls all that is left.
 */
public final class Backward implements Iterator<Step> {
    /** What one backward pass knows of one node. */
    static final class Task {
        final Backward owner;
        final Node node;
        /** How many gradients are still to come. */
        int waiting;
        /** While tasks are put in order: how many of those it waits for are not there yet. */
        int unsorted;
        /** What has come, by output of the node. */
        final Tensor[] arrived;
        /** Whether it lies on a way to a tensor whose gradient is asked for. */
        boolean needed = true;
        /** Whether the gradient that arrives here is asked for itself. */
        boolean wanted;
        boolean ready;
        /** Whether backward starts here: then hooks of the tensor are called even if the node does not run. */
        boolean root;

        Task(Backward owner, Node node) {
            this.owner = owner;
            this.node = node;
            arrived = new Tensor[node.outputs()];
        }
    }

    private static final Step.Accumulation[] NO_SUMS = {};

    private final boolean keepGraph;
    private final boolean createGraph;
    private final Edge[] wanted;
    private final boolean capture;
    private final Tensor[] captured;
    private final Map<Node, List<Integer>> captures = new HashMap<>();
    private final ReadyQueue queue = new ReadyQueue();
    /** Tasks of nodes that belong to another pass at the same time; nearly always empty. */
    private final Map<Node, Task> elsewhere = new IdentityHashMap<>();
    private boolean failed;
    private int total;

    /**
     * @param roots where the gradients start, {@code seeds} the gradients
     * @param wanted the edges of the tensors asked for, or null for every leaf that can be reached
     * @param capture whether their gradients are results ({@link #captured()}) instead of going into {@code .grad}
     */
    Backward(Edge[] roots, Tensor[] seeds, boolean keepGraph, boolean createGraph, Edge[] wanted, boolean capture) {
        this.keepGraph = keepGraph;
        this.createGraph = createGraph;
        this.wanted = wanted;
        this.capture = capture;
        captured = new Tensor[wanted == null ? 0 : wanted.length];
        List<Task> found = wanted == null ? null : new ArrayList<>();
        explore(roots, found);
        if (wanted != null) {
            restrict(found);
        }
        try (var _ = GradMode.set(createGraph)) {
            for (int i = 0; i < roots.length; i++) {
                Node node = roots[i].node();
                arrive(find(node), roots[i].inputNr(), conform(seeds[i], node, roots[i].inputNr()));
            }
        }
        for (Edge root : roots) {
            Task task = find(root.node());
            task.root = true;
            if (task.waiting == 0 && !task.ready) {
                task.ready = true;
                queue.push(task);
            }
        }
    }

    /** Finds every node that can be reached and counts the gradients each waits for. */
    private void explore(Edge[] roots, List<Task> found) {
        ArrayDeque<Node> open = new ArrayDeque<>();
        for (Edge root : roots) {
            if (find(root.node()) == null) {
                enter(root.node(), found);
                open.push(root.node());
            }
        }
        while (!open.isEmpty()) {
            Node from = open.pop();
            for (int k = 0; k < from.inputCount(); k++) {
                Node node = from.next(k);
                if (node == null) {
                    continue;
                }
                Task task = find(node);
                if (task == null) {
                    task = enter(node, found);
                    if (node.inputCount() > 0) {
                        open.push(node);
                    }
                }
                task.waiting++;
            }
        }
    }

    /** Marks as needed only nodes on a way to a wanted tensor. */
    private void restrict(List<Task> found) {
        for (Task task : found) {
            task.needed = false;
        }
        for (int i = 0; i < wanted.length; i++) {
            Task task = wanted[i].node() == null ? null : find(wanted[i].node());
            if (task != null) {
                captures.computeIfAbsent(task.node, _ -> new ArrayList<>()).add(i);
                task.wanted = true;
                // A non-leaf's own node need not run for its gradient to be known, only what comes before it.
                task.needed = !capture;
            }
        }
        List<Task> order = inOrder(found);
        for (int i = order.size() - 1; i >= 0; i--) {
            Task task = order.get(i);
            for (int k = 0; k < task.node.inputCount(); k++) {
                if (task.node.next(k) != null) {
                    Task to = find(task.node.next(k));
                    task.needed |= to.needed || to.wanted;
                }
            }
        }
    }

    /**
     * All tasks, each before those that wait for it. Numbers of nodes do not tell: a view whose base has changed gets
     * its node when an op reads it, after the node of that op.
     */
    private List<Task> inOrder(List<Task> found) {
        List<Task> order = new ArrayList<>(found.size());
        for (Task task : found) {
            task.unsorted = task.waiting;
            if (task.waiting == 0) {
                order.add(task);
            }
        }
        for (int i = 0; i < order.size(); i++) {
            Node node = order.get(i).node;
            for (int k = 0; k < node.inputCount(); k++) {
                Task to = node.next(k) == null ? null : find(node.next(k));
                if (to != null && --to.unsorted == 0) {
                    order.add(to);
                }
            }
        }
        return order;
    }

    /** Whether a gradient for that node is of use here; PyTorch leaves out derivatives that nobody asked for. */
    boolean asksFor(Node node) {
        Task task = find(node);
        // The node inside a CopySlices leads to one that only the CopySlices knows.
        return task == null || task.needed || task.wanted;
    }

    private Task find(Node node) {
        Task task = node.task;
        return task != null && task.owner == this ? task : elsewhere.isEmpty() ? null : elsewhere.get(node);
    }

    private Task enter(Node node, List<Task> found) {
        Task task = new Task(this, node);
        total++;
        if (found != null) {
            found.add(task);
        }
        if (node.task == null || node.task.owner.isDone()) {
            node.task = task;
        } else {
            elsewhere.put(node, task);
        }
        return task;
    }

    private boolean isDone() {
        return failed || queue.isEmpty();
    }

    @Override
    public boolean hasNext() {
        // A node that is not needed still lets go of those after it, so that their counts come down.
        while (!failed && !queue.isEmpty() && !queue.peek().needed) {
            Task skipped = queue.pop();
            leave(skipped);
            if (skipped.wanted || skipped.root) {
                captureSkipped(skipped);
            }
            for (int k = 0; k < skipped.node.inputCount(); k++) {
                if (skipped.node.next(k) != null) {
                    settle(find(skipped.node.next(k)));
                }
            }
        }
        return !isDone();
    }

    @Override
    public Step next() {
        if (!hasNext()) {
            throw new NoSuchElementException("backward has ended");
        }
        return advance(true, ThreadState.get());
    }

    /** The node that {@link #next()} will run. */
    public Node peek() {
        if (!hasNext()) {
            throw new NoSuchElementException("backward has ended");
        }
        return queue.peek().node;
    }

    /** How many nodes it can reach: no more than so many run. */
    public int total() {
        return total;
    }

    /** Runs all that is left, without making a record of it. */
    public void run() {
        ThreadState state = ThreadState.get();
        while (hasNext()) {
            advance(false, state);
        }
    }

    /** The results for the tensors asked for; null where no gradient came. */
    Tensor[] captured() {
        return captured;
    }

    private Step advance(boolean record, ThreadState state) {
        Task task = queue.pop();
        Node node = task.node;
        // As in PyTorch, what is captured where the node runs too is what arrived, before any hook.
        capture(task, task.arrived);
        leave(task);
        boolean mode = state.gradEnabled;
        state.gradEnabled = createGraph;
        failed = true;
        try {
            List<Step.HookCall> log = record && node.hooks != null ? new ArrayList<>() : null;
            Tensor[] incoming = task.arrived;
            if (node.hooks != null) {
                incoming = node.hooks.before(node.hooks.tensors(incoming, log), log);
            }
            if (node instanceof AccumulateGrad leaf) {
                Step step = accumulate(state, leaf, incoming, record, log);
                failed = false;
                return step;
            }
            Backward outer = state.partial;
            Node caller = state.running;
            state.partial = wanted == null ? null : this;
            state.running = node;
            Tensor[] raw;
            try {
                raw = node.apply(state, incoming);
            } finally {
                state.partial = outer;
                state.running = caller;
            }
            Tensor[] checked = node.hooks == null && !state.detectAnomaly ? null : check(node, raw, incoming, log);
            if (!keepGraph) {
                node.release();
            }
            Tensor[] outgoing = record ? new Tensor[raw.length] : null;
            List<Step.Accumulation> sums = record ? new ArrayList<>() : null;
            for (int k = 0; k < raw.length; k++) {
                Node next = node.next(k);
                if (next == null) {
                    continue;
                }
                Task target = find(next);
                if ((checked == null ? raw : checked)[k] != null) {
                    int nr = node.nextNr(k);
                    Tensor gradient = checked == null ? conform(node, k, raw[k]) : checked[k];
                    if (record) {
                        outgoing[k] = gradient;
                    }
                    if (target.needed || target.wanted) {
                        Tensor before = target.arrived[nr];
                        arrive(target, nr, gradient);
                        if (record) {
                            sums.add(new Step.Accumulation(k, next, nr, before, gradient, target.arrived[nr]));
                        }
                    }
                }
                settle(target);
            }
            failed = false;
            return record ? new Step(node, incoming, raw, outgoing, sums.toArray(NO_SUMS), calls(log)) : null;
        } catch (TorchError refusal) {
            throw refusal.at(node);
        } finally {
            state.gradEnabled = mode;
        }
    }

    /** What the node is to send on, after its hooks and, where anomalies are looked for, without a NaN. */
    private static Tensor[] check(Node node, Tensor[] raw, Tensor[] incoming, List<Step.HookCall> log) {
        Tensor[] gradients = new Tensor[raw.length];
        for (int k = 0; k < raw.length; k++) {
            gradients[k] = node.next(k) == null || raw[k] == null ? null : conform(node, k, raw[k]);
        }
        if (node.hooks != null) {
            gradients = node.hooks.after(node, gradients, incoming, log);
        }
        if (ThreadState.get().detectAnomaly) {
            int place = 0;
            for (int k = 0; k < gradients.length; k++) {
                if (gradients[k] != null && hasNan(gradients[k])) {
                    throw TorchError.runtime("Function '" + node.fullName() + "' returned nan values in its " + place
                            + "th output.");
                }
                place += node.hasDerivative(k) ? 1 : 0;
            }
        }
        return gradients;
    }

    private static boolean hasNan(Tensor gradient) {
        for (double value : gradient.toDoubles()) {
            if (Double.isNaN(value)) {
                return true;
            }
        }
        return false;
    }

    private static List<Step.HookCall> calls(List<Step.HookCall> log) {
        return log == null ? List.of() : List.copyOf(log);
    }

    private static Step accumulate(ThreadState state, AccumulateGrad leaf, Tensor[] arrived, boolean record,
            List<Step.HookCall> log) {
        Tensor variable = leaf.variable();
        // The object of .grad lives on with other memory, so what a step remembers is the memory.
        Tensor before = !record || variable.grad() == null ? null : variable.grad().detach();
        leaf.apply(state, arrived);
        // A hook may change .grad, or clear it.
        Tensor sum = !record || variable.grad() == null ? null : variable.grad().detach();
        if (leaf.hooks != null && arrived[0] != null && variable.requiresGrad()) {
            leaf.hooks.accumulated(variable, log);
        }
        if (!record) {
            return null;
        }
        Step.Accumulation[] sums = arrived[0] == null ? NO_SUMS
                : new Step.Accumulation[] {new Step.Accumulation(0, leaf, 0, before, arrived[0], sum)};
        return new Step(leaf, arrived, new Tensor[0], new Tensor[0], sums, calls(log));
    }

    private void leave(Task task) {
        if (task.node.task == task) {
            task.node.task = null;
        }
    }

    private void settle(Task target) {
        if (--target.waiting == 0) {
            target.ready = true;
            queue.push(target);
        }
    }

    private static void arrive(Task target, int nr, Tensor gradient) {
        Tensor before = target.arrived[nr];
        target.arrived[nr] = before == null ? gradient : gradient == null ? before : before.add(gradient);
    }

    private void capture(Task task, Tensor[] gradients) {
        if (capture && task.wanted) {
            for (int i : captures.get(task.node)) {
                captured[i] = gradients[wanted[i].inputNr()];
            }
        }
    }

    /** A gradient asked for, whose node need not run: hooks of the tensor are called all the same. */
    private void captureSkipped(Task task) {
        if (task.node.hooks == null) {
            capture(task, task.arrived);
            return;
        }
        failed = true;
        try (var _ = GradMode.set(createGraph)) {
            capture(task, task.node.hooks.tensors(task.arrived, null));
        }
        failed = false;
    }

    private static Tensor conform(Node from, int k, Tensor gradient) {
        Node node = from.next(k);
        int[] shape = node.outputShape(from.nextNr(k));
        if (!Shapes.sumsTo(gradient.view().shape(), shape)) {
            int place = 0;
            for (int i = 0; i < k; i++) {
                place += from.hasDerivative(i) ? 1 : 0;
            }
            throw TorchError.runtime("Function " + from.fullName() + " returned an invalid gradient at index " + place
                    + " - got " + Arrays.toString(gradient.view().shape()) + " but expected shape compatible with "
                    + Arrays.toString(shape));
        }
        return conform(gradient, node, from.nextNr(k));
    }

    /** A gradient as the forward output was: the sum over what broadcasting repeated, and its type. */
    private static Tensor conform(Tensor gradient, Node node, int nr) {
        if (gradient == null) {
            return null;
        }
        int[] shape = node.outputShape(nr);
        int[] given = gradient.view().shape();
        Tensor result = given == shape || Arrays.equals(given, shape) ? gradient : gradient.sumTo(shape);
        return result.to(node.outputType(nr));
    }
}

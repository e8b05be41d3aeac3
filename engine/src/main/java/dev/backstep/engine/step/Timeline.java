package dev.backstep.engine.step;

import dev.backstep.engine.graph.Port;
import dev.backstep.engine.graph.Wire;
import dev.backstep.engine.tensor.Node;
import dev.backstep.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * All that happened in a run, and what there was after each step of it. Step 0 has the leaves and nothing else; step i
 * is after the first i events. The tensors it gives never change, whatever happens later.
 */
public final class Timeline {
    private static final int ALL = -1;

    private final List<Event> events = new ArrayList<>();
    private final Map<Port, History<Tensor>> values = new HashMap<>();
    private final Map<Port, History<Status>> statuses = new HashMap<>();
    private final Map<Port, History<Tensor>> grads = new HashMap<>();
    private final Map<Port, History<Tensor>> arrived = new HashMap<>();
    private final Map<Wire, History<Tensor>> moved = new HashMap<>();

    private final BackwardGraph backwardGraph = new BackwardGraph();
    /** How many events may be looked at, or {@link #ALL}. */
    private int held = ALL;

    /**
     * What autograd knew of a tensor after a step.
     *
     * @param tensor the tensor itself, which may have gone on since
     * @param gradFn the node that had made it, or null on a leaf
     * @param outputNr which output of the node it was
     * @param madeUnderNoGrad whether it has no node only because it was computed under {@code no_grad}
     */
    public record Status(Tensor tensor, boolean requiresGrad, Node gradFn, int outputNr, boolean retainsGrad,
            boolean madeUnderNoGrad) {
        static Status of(Tensor tensor) {
            return new Status(tensor, tensor.requiresGrad(), tensor.gradFn(), tensor.outputNr(), tensor.retainsGrad(),
                    tensor.madeUnderNoGrad());
        }

        public boolean isLeaf() {
            return gradFn == null;
        }
    }

    Timeline() {}

    /** PyTorch's own graph of this run. */
    public BackwardGraph backwardGraph() {
        return backwardGraph;
    }

    /** The number of events, which is the last step; those that {@link #hold} hides do not count. */
    public int size() {
        return held == ALL ? events.size() : held;
    }

    /** The number of events that were written, hidden ones too. */
    int written() {
        return events.size();
    }

    /** Hides the events that are written from here on: what they belong to has not ended. */
    void hold() {
        held = events.size();
    }

    /** Shows all events. */
    void release() {
        held = ALL;
    }

    /** @param index from 0; event i leads from step i to step i + 1 */
    public Event event(int index) {
        return events.get(index);
    }

    /** The tensor at an output, or null where it was not computed yet. */
    public Tensor valueAt(Port output, int step) {
        return at(values, output, step);
    }

    /** What autograd knew of the tensor at an output, or null where it was not computed yet. */
    public Status statusAt(Port output, int step) {
        return at(statuses, output, step);
    }

    /** {@code .grad} of the tensor at an output, or null for None. */
    public Tensor gradAt(Port output, int step) {
        return at(grads, output, step);
    }

    /**
     * The gradient of the backward target by an output, as far as it has arrived in the backward going on: for every
     * tensor, also those whose {@code .grad} stays None. Null where nothing has arrived.
     */
    public Tensor arrivedAt(Port output, int step) {
        return at(arrived, output, step);
    }

    /** The gradient that has moved along a wire in the backward going on, or null. */
    public Tensor movedAlong(Wire wire, int step) {
        return at(moved, wire, step);
    }

    private static <K, T> T at(Map<K, History<T>> map, K key, int step) {
        History<T> history = map.get(key);
        return history == null ? null : history.at(step);
    }

    /** Adds an event; what is said of tensors until the next one belongs to the step after it. */
    void add(Event event) {
        events.add(event);
    }

    /** @param status null where the output is gone */
    void value(Port output, Tensor tensor, Status status) {
        put(values, output, tensor);
        put(statuses, output, status);
    }

    void grad(Port output, Tensor tensor) {
        put(grads, output, tensor);
    }

    void arrived(Port output, Tensor tensor) {
        put(arrived, output, tensor);
    }

    void moved(Wire wire, Tensor tensor) {
        put(moved, wire, tensor);
    }

    Tensor lastMoved(Wire wire) {
        History<Tensor> history = moved.get(wire);
        return history == null ? null : history.last();
    }

    /** Forgets, from the latest step on, what moved in the backward before. */
    void clearMoves() {
        clear(arrived);
        clear(moved);
        backwardGraph.clearArrived(written());
    }

    private <K> void clear(Map<K, History<Tensor>> map) {
        for (History<Tensor> history : map.values()) {
            if (history.last() != null) {
                history.put(events.size(), null);
            }
        }
    }

    private <K, T> void put(Map<K, History<T>> map, K key, T tensor) {
        map.computeIfAbsent(key, _ -> new History<>()).put(events.size(), tensor);
    }
}

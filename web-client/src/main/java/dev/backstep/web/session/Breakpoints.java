package dev.backstep.web.session;

import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.step.Event;
import dev.backstep.engine.step.Timeline;
import dev.backstep.engine.tensor.Tensor;
import dev.backstep.web.value.TensorText;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Where playing and running on stop: at nodes, and where something is so. They last as long as the page is open. */
public final class Breakpoints {
    /** There are others. */
    public final Signal changed = new Signal();

    private final Set<String> nodes = new LinkedHashSet<>();
    private boolean notFinite;
    private boolean refused;
    private double norm = Double.NaN;

    public boolean isAt(String node) {
        return nodes.contains(node);
    }

    /** The nodes that have one, in the order they got it. */
    public List<String> nodes() {
        return List.copyOf(nodes);
    }

    public void toggle(String node) {
        if (!nodes.remove(node)) {
            nodes.add(node);
        }
        changed.fire();
    }

    /** Whether to stop where a value or a gradient is infinite or no number. */
    public boolean atNotFinite() {
        return notFinite;
    }

    public void setNotFinite(boolean on) {
        notFinite = on;
        changed.fire();
    }

    /** Whether to stop where something is refused. */
    public boolean atRefused() {
        return refused;
    }

    public void setRefused(boolean on) {
        refused = on;
        changed.fire();
    }

    /** The norm over which a gradient stops, or NaN for none. */
    public double norm() {
        return norm;
    }

    public void setNorm(double limit) {
        norm = limit;
        changed.fire();
    }

    public int count() {
        return nodes.size() + (notFinite ? 1 : 0) + (refused ? 1 : 0) + (Double.isNaN(norm) ? 0 : 1);
    }

    public void clear() {
        nodes.clear();
        notFinite = false;
        refused = false;
        norm = Double.NaN;
        changed.fire();
    }

    /** Drops those at nodes that a document does not have. */
    void retain(Graph graph) {
        if (nodes.removeIf(id -> graph.node(id) == null)) {
            changed.fire();
        }
    }

    /** Drops those at nodes: the document is another one. */
    void leaveDocument() {
        if (!nodes.isEmpty()) {
            nodes.clear();
            changed.fire();
        }
    }

    /**
     * The first stop on the way from a step, which is left out, to another, forward or back; null where there is none.
     */
    public Stop find(Timeline timeline, Graph graph, int from, int to) {
        int direction = to < from ? -1 : 1;
        for (int step = from; count() > 0 && step != to; ) {
            step += direction;
            Stop stop = step == 0 ? null : at(timeline, graph, step);
            if (stop != null) {
                return stop;
            }
        }
        return null;
    }

    /** The stop at a step, or null. */
    Stop at(Timeline timeline, Graph graph, int step) {
        Event event = timeline.event(step - 1);
        String box = Happenings.box(event);
        if (refused && event instanceof Event.Refused) {
            return new Stop(step, Stop.Cause.REFUSED, box);
        }
        if (notFinite && (Happenings.gradients(event).stream().anyMatch(Breakpoints::isNotFinite)
                || Happenings.values(timeline, graph, step).stream().anyMatch(Breakpoints::isNotFinite))) {
            return new Stop(step, Stop.Cause.NOT_FINITE, box);
        }
        if (Happenings.gradients(event).stream().anyMatch(gradient -> TensorText.norm(gradient) > norm)) {
            return new Stop(step, Stop.Cause.NORM, box);
        }
        for (String node : nodes) {
            if (Happenings.isAt(event, node)) {
                return new Stop(step, Stop.Cause.NODE, node);
            }
        }
        return null;
    }

    private static boolean isNotFinite(Tensor tensor) {
        if (tensor.dtype().isFloat()) {
            for (double value : tensor.toDoubles()) {
                if (!Double.isFinite(value)) {
                    return true;
                }
            }
        }
        return false;
    }
}

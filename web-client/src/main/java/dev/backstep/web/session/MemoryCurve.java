package dev.backstep.web.session;

import dev.backstep.engine.backend.Buffer;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.step.Event;
import dev.backstep.engine.step.Timeline;
import dev.backstep.engine.tensor.Tensor;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * The bytes of all tensors of a run that are alive at each step, values and {@code .grad}s. Tensors in the same memory
 * count once; what moves through backward and is kept nowhere does not count.
 */
public final class MemoryCurve {
    private final long[] bytes;
    private final Map<Buffer, Integer> holders = new IdentityHashMap<>();
    private final Map<Port, Tensor> values = new HashMap<>();
    private final Map<Port, Tensor> grads = new HashMap<>();
    private long held;
    private int peak;

    private MemoryCurve(Graph graph, Timeline timeline) {
        bytes = new long[timeline.size() + 1];
        for (GraphNode node : graph.nodes()) {
            look(graph, timeline, node.id(), 0);
        }
        bytes[0] = held;
        for (int step = 1; step < bytes.length; step++) {
            Event event = timeline.event(step - 1);
            if (event instanceof Event.Again) {
                for (GraphNode node : graph.nodes()) {
                    look(graph, timeline, node.id(), step);
                }
            }
            for (String box : event.boxes()) {
                look(graph, timeline, box, step);
            }
            bytes[step] = held;
            if (held > bytes[peak]) {
                peak = step;
            }
        }
    }

    public static MemoryCurve of(Graph graph, Timeline timeline) {
        return new MemoryCurve(graph, timeline);
    }

    private void look(Graph graph, Timeline timeline, String box, int step) {
        for (Port port : Happenings.outputs(graph, box)) {
            hold(values, port, timeline.valueAt(port, step));
            hold(grads, port, timeline.gradAt(port, step));
        }
    }

    private void hold(Map<Port, Tensor> tensors, Port port, Tensor tensor) {
        Tensor before = tensor == null ? tensors.remove(port) : tensors.put(port, tensor);
        if (before != tensor) {
            count(tensor, 1);
            count(before, -1);
        }
    }

    private void count(Tensor tensor, int change) {
        if (tensor == null) {
            return;
        }
        Buffer memory = tensor.view().buffer();
        int before = holders.getOrDefault(memory, 0);
        holders.put(memory, before + change);
        if (before == 0 || before + change == 0) {
            held += change * (long) memory.size() * memory.dtype().bytes();
        }
    }

    public int steps() {
        return bytes.length - 1;
    }

    public long at(int step) {
        return bytes[step];
    }

    /** The first step at which most is held. */
    public int peak() {
        return peak;
    }
}

package dev.backstep.engine.graph;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import java.util.ArrayList;
import java.util.List;

/** Documents for tests, drawn by names: ids and labels are the same. */
public final class Sketch {
    private final List<GraphNode> nodes = new ArrayList<>();
    private final List<Wire> wires = new ArrayList<>();

    /** A float32 leaf that requires grad. */
    public Sketch parameter(String name, Object data) {
        return leaf(name, data, DType.FLOAT32, true);
    }

    public Sketch leaf(String name, Object data, DType type, boolean requiresGrad) {
        nodes.add(new GraphNode(name, "tensor", name, Leaf.attrs(data, type, requiresGrad), 0, 0));
        return this;
    }

    /** An op on the first outputs of those boxes, or on others, as in {@code data:1}; null leaves an input open. */
    public Sketch op(String name, String type, Attrs attrs, String... inputs) {
        nodes.add(new GraphNode(name, type, name, attrs, 0, 0));
        for (int i = 0; i < inputs.length; i++) {
            if (inputs[i] != null) {
                int colon = inputs[i].indexOf(':');
                Port from = colon < 0 ? new Port(inputs[i], 0)
                        : new Port(inputs[i].substring(0, colon), Integer.parseInt(inputs[i].substring(colon + 1)));
                wires.add(new Wire(from, new Port(name, i)));
            }
        }
        return this;
    }

    public Sketch op(String name, String type, String... inputs) {
        return op(name, type, Attrs.NONE, inputs);
    }

    /** A random leaf that requires grad, as a layer's parameter begins. */
    public Sketch uniform(String name, double bound, long seed, int... size) {
        return op(name, "uniform", Attrs.of("from", -bound, "to", bound, "size", size, "seed", seed, "requires_grad",
                true));
    }

    public Graph graph() {
        return Graph.of(nodes, wires, null);
    }

    public Graph graph(String target) {
        return Graph.of(nodes, wires, new Port(target, 0));
    }

    /** A wire between the first output of one box and an input of another. */
    public static Wire wire(String from, String to, int input) {
        return new Wire(new Port(from, 0), new Port(to, input));
    }
}

package dev.backstep.server.cuda;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.Leaf;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.graph.Wire;
import java.util.ArrayList;
import java.util.List;

/** Documents that train a perceptron with relu and cross entropy by Adam, on one batch of random numbers. */
final class Perceptron {
    private final List<GraphNode> nodes = new ArrayList<>();
    private final List<Wire> wires = new ArrayList<>();

    private Perceptron() {
    }

    static Graph of(int batch, int... widths) {
        return dropping(0, batch, widths);
    }

    /** @param dropped with which probability a dropout behind each relu zeroes a number; 0 for no such layer */
    static Graph dropping(double dropped, int batch, int... widths) {
        Perceptron p = new Perceptron();
        int classes = widths[widths.length - 1];
        p.uniform("x", 1, 9, false, batch, widths[0]);
        List<Long> labels = new ArrayList<>();
        for (int i = 0; i < batch; i++) {
            labels.add(i * 7L % classes);
        }
        p.nodes.add(new GraphNode("y", "tensor", "y", Leaf.attrs(labels, DType.INT64, false), 0, 0));
        String last = "x";
        for (int i = 1; i < widths.length; i++) {
            double bound = 1 / Math.sqrt(widths[i - 1]);
            p.uniform("w" + i, bound, 10 + i, true, widths[i], widths[i - 1]);
            p.uniform("b" + i, bound, 20 + i, true, widths[i]);
            p.op("h" + i, "linear", Attrs.NONE, last, "w" + i, "b" + i);
            last = "h" + i;
            if (i < widths.length - 1) {
                p.op("a" + i, "relu", Attrs.NONE, last);
                last = "a" + i;
                if (dropped > 0) {
                    p.op("d" + i, "dropout", Attrs.of("p", dropped), last);
                    last = "d" + i;
                }
            }
        }
        p.op("loss", "cross_entropy", Attrs.NONE, last, "y");
        p.op("adam", "Adam", Attrs.of("lr", 1e-3));
        p.op("loop", "loop", Attrs.of("epochs", 1_000_000));
        return Graph.of(p.nodes, p.wires, new Port("loss", 0));
    }

    private void uniform(String name, double bound, long seed, boolean learns, int... size) {
        nodes.add(new GraphNode(name, "uniform", name, Attrs.of("from", -bound, "to", bound, "size", size, "seed", seed,
                "requires_grad", learns), 0, 0));
    }

    private void op(String name, String type, Attrs attrs, String... inputs) {
        nodes.add(new GraphNode(name, type, name, attrs, 0, 0));
        for (int i = 0; i < inputs.length; i++) {
            wires.add(new Wire(new Port(inputs[i], 0), new Port(name, i)));
        }
    }
}

package dev.backstep.web.app;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.Leaf;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.graph.Wire;
import java.util.ArrayList;
import java.util.List;

/** The documents whose training bench.html times. */
final class BenchNetworks {
    private BenchNetworks() {}

    /**
     * Layers of those widths with relu or tanh between, to classes or to one number.
     *
     * @param dropped with which probability a dropout behind each of them zeroes a number; 0 for no such layer
     */
    static Graph perceptron(int[] widths, int batch, double dropped) {
        Drawing drawing = new Drawing();
        boolean classes = widths[widths.length - 1] > 1;
        drawing.uniform("x", 1, 9, false, batch, widths[0]);
        String last = "x";
        for (int i = 1; i < widths.length; i++) {
            last = drawing.layer("linear", last, i, widths[i - 1], widths[i], widths[i - 1]);
            if (i < widths.length - 1) {
                last = drawing.op("a" + i, classes ? "relu" : "tanh", Attrs.NONE, last);
                last = dropped == 0 ? last : drawing.op("d" + i, "dropout", Attrs.of("p", dropped), last);
            }
        }
        return drawing.training(last, batch, widths[widths.length - 1]);
    }

    /** Two convolutions with 5 x 5 windows, each with relu and the largest of 2 x 2, and a layer to ten classes. */
    static Graph convolutions() {
        Drawing drawing = new Drawing();
        drawing.uniform("x", 1, 9, false, 32, 1, 28, 28);
        String last = "x";
        int[] channels = {1, 8, 16};
        for (int i = 1; i < channels.length; i++) {
            last = drawing.layer("conv2d", last, i, channels[i - 1] * 25, channels[i], channels[i - 1], 5, 5);
            last = drawing.op("a" + i, "relu", Attrs.NONE, last);
            last = drawing.op("p" + i, "max_pool2d", Attrs.of("kernel_size", 2), last);
        }
        last = drawing.op("row", "flatten", Attrs.of("start_dim", 1), last);
        return drawing.training(drawing.layer("linear", last, 3, 256, 10, 256), 32, 10);
    }

    /** A document in the making. */
    private static final class Drawing {
        private final List<GraphNode> nodes = new ArrayList<>();
        private final List<Wire> wires = new ArrayList<>();

        void uniform(String name, double bound, long seed, boolean learns, int... size) {
            nodes.add(new GraphNode(name, "uniform", name, Attrs.of("from", -bound, "to", bound, "size", size, "seed",
                    seed, "requires_grad", learns), 0, 0));
        }

        /** @param inner the extents of the weight but its first, which is {@code out} */
        String layer(String type, String from, int number, int fan, int out, int... inner) {
            int[] size = new int[inner.length + 1];
            size[0] = out;
            System.arraycopy(inner, 0, size, 1, inner.length);
            double bound = 1 / Math.sqrt(fan);
            uniform("w" + number, bound, 10 + number, true, size);
            uniform("b" + number, bound, 20 + number, true, out);
            return op("h" + number, type, Attrs.NONE, from, "w" + number, "b" + number);
        }

        String op(String name, String type, Attrs attrs, String... inputs) {
            nodes.add(new GraphNode(name, type, name, attrs, 0, 0));
            for (int i = 0; i < inputs.length; i++) {
                wires.add(new Wire(new Port(inputs[i], 0), new Port(name, i)));
            }
            return name;
        }

        /** @param width of what comes out: classes, or one number */
        Graph training(String out, int batch, int width) {
            if (width > 1) {
                List<Long> labels = new ArrayList<>();
                for (int i = 0; i < batch; i++) {
                    labels.add(i * 7L % width);
                }
                nodes.add(new GraphNode("y", "tensor", "y", Leaf.attrs(labels, DType.INT64, false), 0, 0));
            } else {
                uniform("y", 1, 8, false, batch, 1);
            }
            op("loss", width > 1 ? "cross_entropy" : "mse_loss", Attrs.NONE, out, "y");
            op("adam", "Adam", Attrs.of("lr", 1e-3));
            op("loop", "loop", Attrs.of("epochs", 100_000));
            return Graph.of(nodes, wires, new Port("loss", 0));
        }
    }
}

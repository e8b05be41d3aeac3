package dev.backstep.engine.train;

import dev.backstep.engine.backend.device.Calibration;
import dev.backstep.engine.data.DataException;
import dev.backstep.engine.expr.Program;
import dev.backstep.engine.graph.DataBox;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.Inference;
import dev.backstep.engine.graph.Leaf;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.engine.graph.OptimizerBox;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.graph.Wire;
import dev.backstep.engine.tensor.Meta;
import dev.backstep.engine.tensor.NodeType;
import dev.backstep.engine.tensor.Op;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * How much one batch of a training computes, told from the document alone: for a place where it has not run yet. The
 * counts are those of ops one after another; a test holds them to what a backend is asked.
 *
 * @param calls of computations, however small
 * @param steps functions of an element, and elements read and written
 * @param functions exponentials and their like, of one element
 * @param products products and sums of products of matrices
 * @param others elements of other kernels
 */
public record Effort(double calls, double steps, double functions, double products, double others) {
    private static final Effort NONE = new Effort(0, 0, 0, 0, 0);
    /** Products, by the input whose last extent they sum over. */
    private static final Map<String, Integer> PRODUCTS = Map.of("linear", 0, "matmul", 0, "mm", 0, "mv", 0, "dot", 0,
            "bmm", 0, "addmm", 1);
    /** The input that is only added to the products. */
    private static final Map<String, Integer> BIASES = Map.of("linear", 2, "addmm", 0, "conv2d", 2);
    private static final Set<String> EXPONENTIALS = Set.of("softmax", "log_softmax", "cross_entropy", "log_sigmoid",
            "binary_cross_entropy", "binary_cross_entropy_with_logits");
    /** What a loss, a softmax, a normalization or another op of kernels does with an element, each way. */
    private static final int PASSES = 2;
    /** What rules that remember something do with a parameter, and what plain descent does. */
    private static final int UPDATE = 20;
    private static final int DESCENT = 6;
    /** In how many calls the former do it. */
    private static final int CALLS = 5;
    /** What a run does beside computing: it gathers samples, measures, tells; that takes as long again. */
    private static final int BESIDE = 2;

    /** Of the open document's loop, as far as shapes are known; boxes that the target does not need count nothing. */
    public static Effort of(Graph graph) {
        return new Counter(graph).effort();
    }

    /** About how long a run has a batch, in seconds, where single computations take so long. */
    public double seconds(Calibration place) {
        return BESIDE * 1e-9 * (calls * place.call() + steps * place.step() + functions * place.function()
                + products * place.product() + others * place.other());
    }

    /** How many batches a training has in all epochs together, or 0 where its samples are not known. */
    public static long batches(Graph graph) {
        GraphNode data = Loop.data(graph);
        try {
            return Loop.of(graph).epochs() * (data == null ? 1 : DataBox.batches(NodeTypes.attrs(data)));
        } catch (DataException unknown) {
            return 0;
        }
    }

    private Effort plus(double moreCalls, double moreSteps, double moreFunctions, double moreProducts,
            double moreOthers) {
        return new Effort(calls + moreCalls, steps + moreSteps, functions + moreFunctions, products + moreProducts,
                others + moreOthers);
    }

    /** Goes through a document's boxes. */
    private static final class Counter {
        private final Graph graph;
        private final Inference inference;
        /** The boxes through which a gradient goes. */
        private final Set<String> learning = new HashSet<>();
        private Effort sum = NONE;

        Counter(Graph graph) {
            this.graph = graph;
            inference = Inference.of(graph);
        }

        Effort effort() {
            Set<String> needed = needed();
            double learned = 0;
            int leaves = 0;
            for (GraphNode node : graph.order()) {
                if (!needed.contains(node.id())) {
                    continue;
                }
                NodeType type = NodeTypes.of(node);
                if (type.isLeaf()) {
                    if (Leaf.requiresGrad(node.attrs())) {
                        learning.add(node.id());
                        leaves++;
                        learned += size(new Port(node.id(), 0));
                    }
                } else if (!node.type().equals(DataBox.TYPE.type())) {
                    count(node, type);
                }
            }
            int rule = rule();
            return sum.plus(leaves * (rule == DESCENT ? 1.0 : CALLS), learned * rule, 0, 0, 0);
        }

        /** The target's box, and those that lead to it. */
        private Set<String> needed() {
            Set<String> needed = new HashSet<>();
            Deque<String> next = new ArrayDeque<>();
            if (graph.targetOrLast() != null) {
                next.add(graph.targetOrLast().node());
            }
            while (!next.isEmpty()) {
                String id = next.pop();
                if (needed.add(id)) {
                    graph.wiresInto(id).forEach(wire -> next.push(wire.from().node()));
                }
            }
            return needed;
        }

        private int rule() {
            int most = DESCENT;
            for (String box : Loop.of(graph).optimizers()) {
                GraphNode optimizer = graph.node(box);
                boolean plain = optimizer.type().equals("SGD")
                        && NodeTypes.attrs(optimizer).number("momentum") == 0;
                most = plain ? most : UPDATE;
            }
            return most;
        }

        private void count(GraphNode node, NodeType type) {
            double out = size(new Port(node.id(), 0));
            double in = 0;
            int back = 0;
            int inputs = 0;
            for (Wire wire : graph.wiresInto(node.id())) {
                in += size(wire.from());
                inputs++;
                back += learning.contains(wire.from().node()) ? 1 : 0;
            }
            if (back > 0 && !node.type().equals("detach") && !graph.isUnderNoGrad(node.id())) {
                learning.add(node.id());
            } else {
                back = 0;
            }
            Program program = type instanceof Op op ? op.program() : null;
            if (PRODUCTS.containsKey(node.type())) {
                product(node, out, back);
            } else if (node.type().equals("conv2d")) {
                convolution(node, out, back);
            } else if (program != null) {
                double plain = program.steps() - program.inexactSteps() + inputs + 1;
                sum = sum.plus(1 + back, out * plain * (1 + back), out * program.inexactSteps(), 0, 0);
            } else if (!(type instanceof Op op) || !op.isView()) {
                int ways = back > 0 ? 2 : 1;
                sum = sum.plus(ways * PASSES, ways * PASSES * in, EXPONENTIALS.contains(node.type()) ? ways * in : 0, 0,
                        ways * (in + out));
            }
        }

        /** How many of a product's gradients are products: that of a bias is a sum. */
        private int turned(Wire bias, int back) {
            return bias != null && learning.contains(bias.from().node()) ? back - 1 : back;
        }

        /** A bias is added, and its gradient summed. */
        private static int added(Wire bias) {
            return bias == null ? 0 : 2;
        }

        private Wire bias(GraphNode node) {
            Integer input = BIASES.get(node.type());
            return input == null ? null : graph.wireInto(new Port(node.id(), input));
        }

        private void product(GraphNode node, double out, int back) {
            int[] shape = shape(node, PRODUCTS.get(node.type()));
            double summed = shape.length == 0 ? 1 : shape[shape.length - 1];
            Wire bias = bias(node);
            int products = 1 + turned(bias, back);
            sum = sum.plus(products + added(bias), (products + 2 * added(bias)) * out, 0, products * out * summed,
                    added(bias) / 2.0 * out);
        }

        /** What the windows see is laid out, and multiplied; so are its gradients. */
        private void convolution(GraphNode node, double out, int back) {
            int[] weight = shape(node, 1);
            double seen = 1;
            for (int i = 1; i < weight.length; i++) {
                seen *= weight[i];
            }
            Wire bias = bias(node);
            int products = 1 + turned(bias, back);
            double columns = weight.length == 0 ? 0 : out / weight[0] * seen;
            sum = sum.plus(2 * products + added(bias), (products + 2 * added(bias)) * out, 0, products * out * seen,
                    products * columns + added(bias) / 2.0 * out);
        }

        private int[] shape(GraphNode node, int input) {
            Wire wire = graph.wireInto(new Port(node.id(), input));
            Meta meta = wire == null ? null : inference.at(wire.from());
            return meta == null ? new int[0] : meta.shape();
        }

        private double size(Port port) {
            Meta meta = inference.at(port);
            if (meta == null) {
                return 0;
            }
            double size = 1;
            for (int extent : meta.shape()) {
                size *= extent;
            }
            return size;
        }
    }
}

package dev.backstep.engine.graph;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.graph.Reason.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Puts a layer together of boxes: a leaf for each parameter and buffer, an op for each step. The numbers of the leaves
 * are those that the constructors of {@code torch.nn} draw one after another from one seed.
 */
final class LayerParts {
    /** The ops of activations as {@code torch.nn.functional} calls them. */
    static final List<String> ACTIVATIONS = List.of("tanh", "relu", "sigmoid", "gelu", "silu");

    private static final Map<String, String> ACTIVATION_CLASSES = Map.of("Tanh", "tanh", "ReLU", "relu", "Sigmoid",
            "sigmoid", "GELU", "gelu", "SiLU", "silu");
    private static final String KNOWN = "Linear, Conv2d, BatchNorm1d, Dropout, Embedding, Flatten, Unflatten, "
            + "MaxPool2d, ReLU, Tanh, Sigmoid, GELU, SiLU, Sequential, MLP";

    /** How far boxes stand from each other. */
    private static final double ACROSS = 260;
    private static final double DOWN = 170;

    private final String prefix;
    private final long seed;
    private final List<GraphNode> nodes = new ArrayList<>();
    private final List<Wire> wires = new ArrayList<>();
    private long drawn;
    /** How many were drawn before the pair of normal numbers of which one is left over; -1 where none is. */
    private long pair = CreatedLeaf.NO_PAIR;
    private int column;
    /** The output of the last step; null before the first. */
    private Port last;

    /** @param prefix begins the label of each part */
    LayerParts(String prefix, long seed) {
        this.prefix = prefix;
        this.seed = seed;
    }

    /** The parts of that layer, as a document of their own. */
    Graph of(LayerCall call) {
        boolean container = call.name().equals("Sequential") || call.name().equals("MLP");
        add(call, container ? "" : null);
        return Graph.of(nodes, wires, null);
    }

    /** @param path what the layers around it are called, with dots; null where there is none around */
    private void add(LayerCall call, String path) {
        switch (call.name()) {
            case "Sequential" -> {
                arguments(call, 1, 64, "1 to 64 layers");
                int i = 0;
                for (Object inner : call.given()) {
                    if (!(inner instanceof LayerCall layer)) {
                        throw new GraphException("", Code.LAYER_ARGUMENTS, "Sequential", "layers");
                    }
                    add(layer, path + i++ + ".");
                }
            }
            case "MLP" -> mlp(call, path == null ? "" : path);
            case "Linear" -> {
                arguments(call, 2, 3, "in_features, out_features, bias");
                int in = size(call, 0, "in_features", null);
                int out = size(call, 1, "out_features", null);
                drawnLayer(path, "linear", Attrs.NONE, new int[] {out, in}, in, flag(call, 2, "bias"));
            }
            case "Conv2d" -> {
                arguments(call, 3, 6, "in_channels, out_channels, kernel_size, stride, padding, bias");
                int in = size(call, 0, "in_channels", null);
                int kernel = size(call, 2, "kernel_size", null);
                Attrs attrs = Attrs.of("stride", size(call, 3, "stride", 1.0), "padding",
                        whole(call, 4, "padding", 0.0, 0));
                drawnLayer(path, "conv2d", attrs, new int[] {size(call, 1, "out_channels", null), in, kernel, kernel},
                        (double) in * kernel * kernel, flag(call, 5, "bias"));
            }
            case "BatchNorm1d" -> {
                arguments(call, 1, 1, "num_features");
                int[] features = {size(call, 0, "num_features", null)};
                step(path, "batch_norm", Attrs.of("training", true),
                        leaf(path, "running_mean", "zeros", Attrs.of("size", features)),
                        leaf(path, "running_var", "ones", Attrs.of("size", features)),
                        leaf(path, "weight", "ones", Attrs.of("size", features, "requires_grad", true)),
                        leaf(path, "bias", "zeros", Attrs.of("size", features, "requires_grad", true)));
            }
            case "Embedding" -> {
                arguments(call, 2, 2, "num_embeddings, embedding_dim");
                int count = size(call, 0, "num_embeddings", null);
                int dim = size(call, 1, "embedding_dim", null);
                step(path, "embedding", Attrs.NONE, normal(path, count, dim));
            }
            case "Dropout" -> {
                arguments(call, 0, 1, "p");
                step(path, "dropout", Attrs.of("p", number(call, 0, "p", 0.5), "seed", seed));
            }
            case "Flatten" -> step(path, "flatten", Attrs.of("start_dim", 1));
            case "Unflatten" -> {
                arguments(call, 2, 2, "dim, (sizes)");
                if (!(call.given().get(1) instanceof List<?> sizes)) {
                    throw new GraphException("", Code.LAYER_ARGUMENTS, "Unflatten", "dim, (sizes)");
                }
                int[] shape = new int[sizes.size() + 1];
                shape[0] = -1;
                for (int i = 1; i < shape.length; i++) {
                    shape[i] = checked("sizes", (Double) sizes.get(i - 1), 1);
                }
                step(path, "reshape", Attrs.of("shape", shape));
            }
            case "MaxPool2d" -> {
                arguments(call, 1, 1, "kernel_size");
                int kernel = size(call, 0, "kernel_size", null);
                step(path, "max_pool2d", Attrs.of("kernel_size", new int[] {kernel, kernel}));
            }
            default -> {
                String op = ACTIVATION_CLASSES.get(call.name());
                if (op == null) {
                    throw new GraphException("", Code.LAYER_UNKNOWN, call.name(), KNOWN);
                }
                arguments(call, 0, 0, "nothing");
                step(path, op, Attrs.NONE);
            }
        }
    }

    private void mlp(LayerCall call, String path) {
        List<Object> widths = new ArrayList<>(call.given());
        Object activation = call.named().getOrDefault("activation", "tanh");
        if (!widths.isEmpty() && widths.getLast() instanceof String word) {
            activation = word;
            widths.removeLast();
        }
        if (widths.size() < 2 || widths.size() > 33 || !ACTIVATIONS.contains(activation)) {
            throw new GraphException("", Code.LAYER_ARGUMENTS, "MLP",
                    "2 to 33 widths and one of " + String.join(", ", ACTIVATIONS));
        }
        int place = 0;
        for (int i = 1; i < widths.size(); i++) {
            add(new LayerCall("Linear", List.of(widths.get(i - 1), widths.get(i)), Map.of()), path + place++ + ".");
            if (i < widths.size() - 1) {
                step(path + place++ + ".", (String) activation, Attrs.NONE);
            }
        }
    }

    /** A layer with a weight and perhaps a bias, drawn as {@code Linear} and {@code Conv2d} do: see nn.Init. */
    private void drawnLayer(String path, String op, Attrs attrs, int[] shape, double fanIn, boolean bias) {
        double std = Math.sqrt(2.0 / (1 + Math.sqrt(5) * Math.sqrt(5))) / Math.sqrt(fanIn);
        GraphNode weight = uniform(path, "weight", Math.sqrt(3.0) * std, shape);
        if (bias) {
            step(path, op, attrs, weight, uniform(path, "bias", 1 / Math.sqrt(fanIn), shape[0]));
        } else {
            step(path, op, attrs, weight);
        }
    }

    private GraphNode uniform(String path, String name, double bound, int... shape) {
        GraphNode leaf = leaf(path, name, "uniform", random(shape).with("from", -bound).with("to", bound));
        long numbers = 1;
        for (int extent : shape) {
            numbers = Math.min(numbers * extent, Inference.MAX_ELEMENTS + 1L);
        }
        if (numbers > Inference.MAX_ELEMENTS) {
            throw new GraphException("", Code.TOO_LARGE, label(path, name), numbers, Inference.MAX_ELEMENTS);
        }
        drawn += numbers;
        return leaf;
    }

    /** See Generator.normal: few in pairs of 64-bit draws, many one each and the last sixteen again. */
    private GraphNode normal(String path, int count, int dim) {
        long numbers = (long) count * dim;
        if (numbers >= 16) {
            GraphNode leaf = leaf(path, "weight", "randn", random(count, dim));
            drawn += numbers + (numbers % 16 == 0 ? 0 : 16);
            return leaf;
        }
        boolean leftOver = pair != CreatedLeaf.NO_PAIR;
        Attrs attrs = random(count, dim);
        GraphNode leaf = leaf(path, "weight", "randn", leftOver ? attrs.with(CreatedLeaf.PAIR, pair) : attrs);
        long fresh = leftOver ? numbers - 1 : numbers;
        drawn += (fresh + 1) / 2 * CreatedLeaf.PAIR_BITS;
        pair = fresh % 2 == 0 ? CreatedLeaf.NO_PAIR : drawn - CreatedLeaf.PAIR_BITS;
        return leaf;
    }

    private Attrs random(int... shape) {
        Attrs attrs = Attrs.of("size", shape, CreatedLeaf.SEED, seed, "requires_grad", true);
        return drawn == 0 ? attrs : attrs.with(CreatedLeaf.DRAWN, drawn);
    }

    private String label(String path, String name) {
        return prefix + "." + (path == null ? "" : path) + name;
    }

    private GraphNode leaf(String path, String name, String type, Attrs attrs) {
        return box(label(path, name), type, attrs, 0, 0);
    }

    private GraphNode box(String label, String type, Attrs attrs, double x, double y) {
        GraphNode node = new GraphNode("n" + (nodes.size() + 1), type, label, attrs, x, y);
        nodes.add(node);
        return node;
    }

    /** The op behind what is there, with leaves, which stand below it to the left. */
    private void step(String path, String type, Attrs attrs, GraphNode... leaves) {
        if (leaves.length > 0 && column == 0) {
            column = 1;
        }
        GraphNode op = box(label(path, type), type, attrs, column * ACROSS, 0);
        if (last != null) {
            wires.add(new Wire(last, new Port(op.id(), 0)));
        }
        for (int i = 0; i < leaves.length; i++) {
            GraphNode leaf = leaves[i];
            nodes.set(nodes.indexOf(leaf), leaf.at((column - 1) * ACROSS, (i + 1) * DOWN));
            wires.add(new Wire(new Port(leaf.id(), 0), new Port(op.id(), i + 1)));
        }
        last = new Port(op.id(), 0);
        column++;
    }

    // Arguments

    private static void arguments(LayerCall call, int least, int most, String what) {
        int count = call.given().size() + call.named().size();
        if (count < least || count > most) {
            throw new GraphException("", Code.LAYER_ARGUMENTS, call.name(), what);
        }
        for (String name : call.named().keySet()) {
            if (!what.contains(name)) {
                throw new GraphException("", Code.LAYER_ARGUMENTS, call.name(), what);
            }
        }
    }

    private static int size(LayerCall call, int place, String name, Double fallback) {
        return whole(call, place, name, fallback, 1);
    }

    private static int whole(LayerCall call, int place, String name, Double fallback, int least) {
        return checked(name, number(call, place, name, fallback), least);
    }

    private static int checked(String name, double value, int least) {
        if (value != Math.rint(value) || value < least || value > 1_000_000) {
            throw new GraphException("", Code.LAYER_SIZE, name, least);
        }
        return (int) value;
    }

    private static double number(LayerCall call, int place, String name, Double fallback) {
        if (!(call.argument(place, name, fallback) instanceof Double value)) {
            throw new GraphException("", Code.LAYER_ARGUMENTS, call.name(), name);
        }
        return value;
    }

    private static boolean flag(LayerCall call, int place, String name) {
        if (!(call.argument(place, name, true) instanceof Boolean value)) {
            throw new GraphException("", Code.LAYER_ARGUMENTS, call.name(), name);
        }
        return value;
    }
}

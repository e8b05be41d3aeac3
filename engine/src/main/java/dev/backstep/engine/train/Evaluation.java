package dev.backstep.engine.train;

import dev.backstep.engine.data.Dataset;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.Mode;
import dev.backstep.engine.graph.Network;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.tensor.GradMode;
import dev.backstep.engine.tensor.Tensor;
import dev.backstep.engine.tensor.TorchError;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Runs a document in {@code eval} mode, on samples or on other features; nothing that it learns from changes. */
final class Evaluation {
    /** Samples that are run at a time, so that no set is too large. */
    private static final int CHUNK = 512;

    private final Setup setup;
    private final Predictor predictor;
    private final boolean recorded;
    private final boolean summed;
    private Network.Route loss;
    private Network.Route prediction;

    /**
     * How it does on some samples.
     *
     * @param loss NaN where there are no samples, or the loss refuses them
     * @param accuracy the share that is classified rightly; NaN where nothing is classified
     */
    record Score(double loss, double accuracy) {}

    Evaluation(Setup setup) {
        this.setup = setup;
        Graph graph = setup.graph;
        int classes = setup.parts == null ? 0 : setup.parts.whole().classes().size();
        predictor = Predictor.of(graph, setup.dataBox, classes);
        boolean grads = false;
        for (GraphNode node : graph.nodes()) {
            grads |= node.type().equals("grad");
        }
        // A document that differentiates in its forward cannot do it unrecorded.
        recorded = grads;
        GraphNode target = graph.node(setup.target.node());
        summed = target.attrs().has("reduction") && target.attrs().text("reduction").equals("sum");
    }

    Predictor predictor() {
        return predictor;
    }

    private Network.Route lossRoute() {
        if (loss == null) {
            loss = setup.network.to(setup.target, Mode.EVAL, false);
        }
        return loss;
    }

    private Network.Route predictionRoute() {
        if (prediction == null) {
            prediction = setup.network.to(predictor.port(), Mode.EVAL, false);
        }
        return prediction;
    }

    /** Samples of a set by number, from one to before another. */
    static Tensor[] slice(Dataset samples, int from, int to) {
        int[] numbers = new int[to - from];
        Arrays.setAll(numbers, i -> from + i);
        return samples.batch(numbers);
    }

    /**
     * Measures loss and accuracy.
     *
     * @param silent where for each relu box each of its units that was ever above 0 is noted; or null
     */
    Score score(Dataset samples, Map<String, boolean[]> silent) {
        int n = samples.size();
        double sum = 0;
        int right = 0;
        try (GradMode.Scope _ = GradMode.set(recorded)) {
            for (int from = 0; from < n; from += CHUNK) {
                int to = Math.min(n, from + CHUNK);
                Tensor[] batch = slice(samples, from, to);
                setup.network.set(setup.dataBox, batch);
                lossRoute().run();
                double item = setup.network.at(setup.target).item();
                sum += summed ? item : item * (to - from);
                right += predictor.port() == null || predictor.classes() == 0 ? 0
                        : right(setup.network.at(predictor.port()), batch[1], to - from);
                if (silent != null) {
                    noteRelus(silent);
                }
            }
        } catch (Network.Refused | TorchError refused) {
            return new Score(Double.NaN, Double.NaN);
        }
        boolean classified = n > 0 && predictor.port() != null && predictor.classes() > 0;
        return new Score(n == 0 ? Double.NaN : summed ? sum : sum / n, classified ? (double) right / n : Double.NaN);
    }

    private int right(Tensor prediction, Tensor target, int n) {
        int[] found = predictor.classes(prediction, n, null);
        int[] wanted = Predictor.targets(target, n);
        int right = 0;
        for (int i = 0; i < n; i++) {
            right += found[i] == wanted[i] ? 1 : 0;
        }
        return right;
    }

    private void noteRelus(Map<String, boolean[]> alive) {
        for (GraphNode node : setup.graph.order()) {
            Tensor value = node.type().equals("relu") ? setup.network.at(new Port(node.id(), 0)) : null;
            if (value == null || value.dim() < 2) {
                continue;
            }
            double[] numbers = value.toDoubles();
            int units = numbers.length / value.shape()[0];
            boolean[] fired = alive.computeIfAbsent(node.id(), _ -> new boolean[units]);
            for (int i = 0; i < numbers.length; i++) {
                fired[i % units] |= numbers[i] > 0;
            }
        }
    }

    /** What share of the units of each relu box is 0 for all samples, by box. */
    static Map<String, Double> silentShares(Map<String, boolean[]> alive) {
        Map<String, Double> shares = new LinkedHashMap<>();
        alive.forEach((box, fired) -> {
            int silent = 0;
            for (boolean one : fired) {
                silent += one ? 0 : 1;
            }
            shares.put(box, (double) silent / Math.max(1, fired.length));
        });
        return shares;
    }

    /**
     * The prediction of features, (B, F) as the document gets them; null where there is none.
     *
     * @throws Network.Refused where the document refuses them
     */
    Tensor predict(Tensor features) {
        if (predictor.port() == null) {
            return null;
        }
        try (GradMode.Scope _ = GradMode.set(recorded)) {
            setup.network.set(setup.dataBox, features);
            predictionRoute().run();
            return setup.network.at(predictor.port());
        }
    }
}

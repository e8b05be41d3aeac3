package dev.backstep.engine.train;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.graph.DataBox;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.graph.Wire;
import dev.backstep.engine.tensor.Tensor;
import java.util.HashSet;
import java.util.Set;

/**
 * Which output of a document is its prediction, and what its numbers say: values, or classes with a share. The
 * prediction is the last output that follows from the features alone and meets the target.
 *
 * @param port the prediction, or null where there is none
 * @param classes how many there are; 0 where values are predicted
 * @param reading what the numbers are
 */
record Predictor(Port port, int classes, Reading reading) {
    /** How shares of classes are made of the prediction's numbers. */
    enum Reading {
        /** Values, or shares as they are: the largest is the class, or a single one over a half is class 1. */
        PLAIN,
        /** Scores, which softmax, or of a single one the sigmoid, makes to shares. */
        SCORES,
        /** Logarithms of shares. */
        LOGS
    }

    static Predictor of(Graph graph, String dataBox, int classes) {
        if (dataBox == null) {
            return new Predictor(null, 0, Reading.PLAIN);
        }
        Set<String> fromX = new HashSet<>();
        Set<String> fromY = new HashSet<>();
        Port found = null;
        String loss = "";
        for (GraphNode node : graph.order()) {
            Port meets = null;
            for (Wire wire : graph.wiresInto(node.id())) {
                boolean data = wire.from().node().equals(dataBox);
                boolean x = data ? wire.from().index() == 0 : fromX.contains(wire.from().node());
                boolean y = data ? wire.from().index() == 1 : fromY.contains(wire.from().node());
                if (x) {
                    fromX.add(node.id());
                }
                if (y) {
                    fromY.add(node.id());
                }
                meets = x && !y && !data ? wire.from() : meets;
            }
            if (meets != null && fromY.contains(node.id())) {
                found = meets;
                loss = node.type();
            }
        }
        Reading reading = switch (loss) {
            case "cross_entropy", "binary_cross_entropy_with_logits" -> Reading.SCORES;
            case "nll_loss" -> Reading.LOGS;
            default -> Reading.PLAIN;
        };
        return new Predictor(found, classes, reading);
    }

    /** How many numbers a sample's prediction has. */
    private static int width(Tensor prediction, int samples) {
        return samples == 0 ? 1 : Math.max(1, prediction.numel() / samples);
    }

    /**
     * The class of each sample.
     *
     * @param shares where how sure each is goes, from 0 to 1; or null
     */
    int[] classes(Tensor prediction, int samples, double[] shares) {
        double[] numbers = prediction.toDoubles();
        int width = width(prediction, samples);
        int[] found = new int[samples];
        for (int i = 0; i < samples; i++) {
            int best = 0;
            for (int k = 1; k < width; k++) {
                best = numbers[i * width + k] > numbers[i * width + best] ? k : best;
            }
            double number = numbers[i * width + best];
            if (width == 1) {
                double one = reading == Reading.SCORES ? 1 / (1 + Math.exp(-number))
                        : reading == Reading.LOGS ? Math.exp(number) : number;
                best = one > 0.5 ? 1 : 0;
                number = Math.clamp(best == 1 ? one : 1 - one, 0, 1);
            } else if (shares != null) {
                number = share(numbers, i * width, width, number);
            }
            found[i] = best;
            if (shares != null) {
                shares[i] = number;
            }
        }
        return found;
    }

    private double share(double[] numbers, int from, int width, double best) {
        if (reading != Reading.SCORES) {
            return Math.clamp(reading == Reading.LOGS ? Math.exp(best) : best, 0, 1);
        }
        double sum = 0;
        for (int k = 0; k < width; k++) {
            sum += Math.exp(numbers[from + k] - best);
        }
        return 1 / sum;
    }

    /** The first number of each sample's prediction. */
    static double[] values(Tensor prediction, int samples) {
        double[] numbers = prediction.toDoubles();
        int width = width(prediction, samples);
        double[] values = new double[samples];
        for (int i = 0; i < samples; i++) {
            values[i] = numbers[i * width];
        }
        return values;
    }

    /** The class that a target says of each sample, however {@link DataBox#ENCODING} gave it. */
    static int[] targets(Tensor y, int samples) {
        double[] numbers = y.toDoubles();
        int width = width(y, samples);
        int[] classes = new int[samples];
        for (int i = 0; i < samples; i++) {
            int best = 0;
            for (int k = 1; k < width; k++) {
                best = numbers[i * width + k] > numbers[i * width + best] ? k : best;
            }
            classes[i] = width > 1 ? best : y.dtype() == DType.INT64 ? (int) numbers[i] : numbers[i] > 0.5 ? 1 : 0;
        }
        return classes;
    }
}

package dev.backstep.engine.train;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.data.Dataset;
import dev.backstep.engine.graph.DataBox;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Makes the figures of a run, in the units of its data: what standardizing did is undone. */
final class Figures {
    /** Places on the grid of a boundary, each way; and on a line. */
    private static final int GRID = 50;
    private static final int LINE = 101;
    /** How far a picture goes beyond the samples, as a share of their range. */
    private static final double MARGIN = 0.1;
    /** The most samples that are shown in a picture, of each part; and one by one. */
    private static final int POINTS = 500;
    private static final int SHOWN = 24;
    private static final int BINS = 24;

    private final Trainer trainer;
    private final Setup setup;
    private final Evaluation evaluation;
    private final Consumer<RunEvent> listener;
    /** Of the features: least and greatest in the units of the data, and the mean as the document gets it. */
    private double[] least;
    private double[] greatest;
    private double[] means;
    /** The figures whose samples were told. */
    private final Set<Figure> pointsTold = EnumSet.noneOf(Figure.class);

    Figures(Trainer trainer, Evaluation evaluation, Consumer<RunEvent> listener) {
        this.trainer = trainer;
        this.setup = trainer.setup();
        this.evaluation = evaluation;
        this.listener = listener;
        if (setup.parts != null) {
            measure();
        }
    }

    private void measure() {
        Tensor x = setup.parts.whole().x();
        double[] numbers = x.toDoubles();
        int features = features();
        least = new double[features];
        greatest = new double[features];
        Arrays.fill(least, Double.POSITIVE_INFINITY);
        Arrays.fill(greatest, Double.NEGATIVE_INFINITY);
        for (int i = 0; i < numbers.length; i++) {
            least[i % features] = Math.min(least[i % features], numbers[i]);
            greatest[i % features] = Math.max(greatest[i % features], numbers[i]);
        }
        means = new double[features];
        Dataset train = setup.parts.train();
        double[] given = Evaluation.slice(train, 0, train.size())[0].toDoubles();
        for (int i = 0; i < given.length; i++) {
            means[i % features] += given[i] / train.size();
        }
    }

    private int features() {
        return setup.parts.whole().x().numel() / Math.max(1, setup.parts.whole().size());
    }

    /** What is told when a run is ready. */
    RunEvent.Started started(long total) {
        DataBox.Parts parts = setup.parts;
        List<String> parameters = new ArrayList<>();
        setup.parameters.keySet().forEach(box -> parameters.add(setup.graph.name(new Port(box, 0))));
        return parts == null
                ? new RunEvent.Started(setup.batches, total, 0, 0, List.of(), List.of(), parameters)
                : new RunEvent.Started(setup.batches, total, parts.train().size(), parts.test().size(),
                        parts.whole().classes(), parts.whole().features(), parameters);
    }

    /** @param alive where the units of ReLUs are noted that let something through */
    RunEvent.EpochEnd epochEnd(Map<String, boolean[]> alive) {
        Evaluation.Score none = new Evaluation.Score(Double.NaN, Double.NaN);
        Evaluation.Score train = setup.parts == null ? none : evaluation.score(setup.parts.train(), alive);
        Evaluation.Score test = setup.parts == null ? none : evaluation.score(setup.parts.test(), null);
        return new RunEvent.EpochEnd(trainer.epoch(), trainer.batch(), trainer.meanLoss(), test.loss(),
                train.accuracy(), test.accuracy(), trainer.lr());
    }

    /** The samples of the next pictures are told again. */
    void tellPoints() {
        pointsTold.clear();
    }

    /** Makes a figure, where it applies. */
    void draw(Figure figure) {
        boolean predicts = setup.parts != null && evaluation.predictor().port() != null;
        switch (figure) {
            case BOUNDARY -> {
                if (predicts && features() >= 2) {
                    boundary();
                }
            }
            case LINE -> {
                if (predicts && evaluation.predictor().classes() == 0) {
                    line();
                }
            }
            case CONFUSION -> {
                if (predicts && evaluation.predictor().classes() > 0) {
                    confusion();
                }
            }
            case PREDICTIONS -> {
                if (predicts) {
                    predictions();
                }
            }
            case HISTOGRAMS -> histograms();
            case NORMS -> listener.accept(new RunEvent.Norms(trainer.batch(), setup.parameters.values().stream()
                    .mapToDouble(p -> p.grad() == null ? Double.NaN : Math.sqrt(p.grad().squares())).toArray()));
        }
    }

    // Pictures over the features

    /** Where a picture begins and ends along a feature. */
    private double[] range(int feature) {
        double room = MARGIN * (greatest[feature] - least[feature]);
        room = room == 0 ? 1 : room;
        return new double[] {least[feature] - room, greatest[feature] + room};
    }

    /** A number in the data's units as the document gets it. */
    private double given(int feature, double value) {
        return (value - setup.parts.mean()[feature]) / setup.parts.std()[feature];
    }

    private Tensor rows(double[][] rows) {
        int width = means.length;
        double[] flat = new double[rows.length * width];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(rows[i], 0, flat, i * width, width);
        }
        int[] shape = setup.parts.whole().x().shape();
        shape[0] = rows.length;
        return Tensor.of(flat, shape, DType.FLOAT32);
    }

    private static double place(double[] range, int i, int count) {
        return range[0] + (range[1] - range[0]) * i / (count - 1);
    }

    private void boundary() {
        double[] across = range(0);
        double[] up = range(1);
        double[][] rows = new double[GRID * GRID][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = means.clone();
            rows[i][0] = given(0, place(across, i % GRID, GRID));
            rows[i][1] = given(1, place(up, i / GRID, GRID));
        }
        Predictor predictor = evaluation.predictor();
        Tensor prediction = evaluation.predict(rows(rows));
        double[] values = new double[rows.length];
        int[] classes = null;
        if (predictor.classes() > 0) {
            classes = predictor.classes(prediction, rows.length, values);
        } else {
            values = Predictor.values(prediction, rows.length);
        }
        listener.accept(new RunEvent.Boundary(trainer.batch(), GRID, GRID,
                new double[] {across[0], across[1], up[0], up[1]}, classes, values, points(Figure.BOUNDARY, 2)));
    }

    private void line() {
        double[] range = range(0);
        double[][] rows = new double[LINE][];
        for (int i = 0; i < LINE; i++) {
            rows[i] = means.clone();
            rows[i][0] = given(0, place(range, i, LINE));
        }
        double[] values = Predictor.values(evaluation.predict(rows(rows)), LINE);
        double[] line = new double[2 * LINE];
        for (int i = 0; i < LINE; i++) {
            line[2 * i] = place(range, i, LINE);
            line[2 * i + 1] = values[i];
        }
        listener.accept(new RunEvent.Line(trainer.batch(), line, points(Figure.LINE, 1)));
    }

    /** Samples as so many features, the target, and whether they are held out; none where they were told already. */
    private double[] points(Figure figure, int features) {
        if (!pointsTold.add(figure)) {
            return new double[0];
        }
        int train = Math.min(POINTS, setup.parts.train().size());
        int test = Math.min(POINTS, setup.parts.test().size());
        double[] points = new double[(train + test) * (features + 2)];
        put(points, 0, setup.parts.train(), train, features, 0);
        put(points, train * (features + 2), setup.parts.test(), test, features, 1);
        return points;
    }

    private void put(double[] points, int start, Dataset samples, int count, int features, double heldOut) {
        if (count == 0) {
            return;
        }
        Tensor[] batch = Evaluation.slice(samples, 0, count);
        double[] x = batch[0].toDoubles();
        double[] y = targets(batch[1], count);
        int at = start;
        for (int i = 0; i < count; i++) {
            for (int f = 0; f < features; f++) {
                points[at++] = original(f, x[i * means.length + f]);
            }
            points[at++] = y[i];
            points[at++] = heldOut;
        }
    }

    private double original(int feature, double given) {
        return given * setup.parts.std()[feature] + setup.parts.mean()[feature];
    }

    private double[] targets(Tensor y, int count) {
        return evaluation.predictor().classes() == 0 ? Predictor.values(y, count)
                : Arrays.stream(Predictor.targets(y, count)).asDoubleStream().toArray();
    }

    // Samples

    /** What is held out, or all where nothing is. */
    private Dataset judged() {
        return setup.parts.test().size() > 0 ? setup.parts.test() : setup.parts.train();
    }

    private void confusion() {
        Dataset samples = judged();
        Tensor[] batch = Evaluation.slice(samples, 0, samples.size());
        Predictor predictor = evaluation.predictor();
        int[] wanted = Predictor.targets(batch[1], samples.size());
        int[] found = predictor.classes(evaluation.predict(batch[0]), samples.size(), null);
        int classes = predictor.classes();
        int[] counts = new int[classes * classes];
        for (int i = 0; i < found.length; i++) {
            if (wanted[i] < classes && found[i] < classes) {
                counts[wanted[i] * classes + found[i]]++;
            }
        }
        listener.accept(new RunEvent.Confusion(trainer.batch(), classes, counts));
    }

    private void predictions() {
        Dataset samples = judged();
        int count = Math.min(SHOWN, samples.size());
        Tensor[] batch = Evaluation.slice(samples, 0, count);
        Predictor predictor = evaluation.predictor();
        Tensor prediction = evaluation.predict(batch[0]);
        double[] shares = Predictor.values(prediction, count);
        double[] found = shares;
        if (predictor.classes() > 0) {
            shares = new double[count];
            found = Arrays.stream(predictor.classes(prediction, count, shares)).asDoubleStream().toArray();
        }
        double[] x = batch[0].toDoubles();
        double[] wanted = targets(batch[1], count);
        List<RunEvent.Prediction> told = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            double[] features = new double[means.length];
            for (int f = 0; f < features.length; f++) {
                features[f] = original(f, x[i * features.length + f]);
            }
            told.add(new RunEvent.Prediction(features, wanted[i], found[i], shares[i]));
        }
        listener.accept(new RunEvent.Predictions(trainer.batch(), told));
    }

    // Parameters

    private void histograms() {
        List<RunEvent.Bins> values = new ArrayList<>();
        List<RunEvent.Bins> gradients = new ArrayList<>();
        for (Tensor parameter : setup.parameters.values()) {
            values.add(bins(parameter.toDoubles()));
            gradients.add(parameter.grad() == null ? null : bins(parameter.grad().toDoubles()));
        }
        listener.accept(new RunEvent.Histograms(trainer.batch(), values, gradients));
    }

    /** Counts in equal bins; what is no finite number is in none. */
    static RunEvent.Bins bins(double[] numbers) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (double number : numbers) {
            if (Double.isFinite(number)) {
                low = Math.min(low, number);
                high = Math.max(high, number);
            }
        }
        int[] counts = new int[BINS];
        if (low > high) {
            return new RunEvent.Bins(0, 0, counts);
        }
        for (double number : numbers) {
            if (Double.isFinite(number)) {
                int bin = high == low ? 0 : (int) ((number - low) / (high - low) * BINS);
                counts[Math.min(bin, BINS - 1)]++;
            }
        }
        return new RunEvent.Bins(low, high, counts);
    }
}

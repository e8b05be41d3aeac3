package dev.backstep.engine.graph;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.data.Choice;
import dev.backstep.engine.data.DataException;
import dev.backstep.engine.data.Samples;
import dev.backstep.engine.data.Source;
import dev.backstep.engine.data.Subset;
import dev.backstep.engine.data.TensorDataset;
import dev.backstep.engine.tensor.AttrSpec;
import dev.backstep.engine.tensor.AttrSpec.Kind;
import dev.backstep.engine.tensor.Generator;
import dev.backstep.engine.tensor.Group;
import dev.backstep.engine.tensor.Meta;
import dev.backstep.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A data set as a box: its outputs are a batch, {@code x}, float32 (B, F), and {@code y}, as {@code encoding} says.
 * Training gives it one batch after the other; otherwise it holds the first samples of the training part.
 */
public final class DataBox extends BoxType {
    /**
     * How the targets of classes are given: class numbers (B), ones in rows (B, C), or a column of class numbers
     * (B, 1). Targets that are values are a column (B, 1) always.
     */
    public static final String ENCODING = "encoding";
    public static final String INDEX = "index";
    public static final String ONE_HOT = "one_hot";
    public static final String COLUMN = "column";

    /** The table of a box whose source is {@link Source#CSV}. */
    public static final String TABLE = "csv";

    public static final DataBox TYPE = new DataBox();

    /** What only says how the samples are given to a training, not which they are. */
    private static final List<String> LOADING = List.of("batch_size", "shuffle", "drop_last");
    private static final int REMEMBERED = 8;

    /** The parts made last by the attributes that tell them, the one used last at the end. */
    private final Map<Attrs, Parts> made = new LinkedHashMap<>();

    /**
     * The samples as the box gives them, in two parts.
     *
     * @param train (x, y) to learn from
     * @param test (x, y) held out; of no samples where all are to learn from
     * @param whole names and classes, and the samples before standardizing, splitting and encoding
     * @param mean what was subtracted of each feature: 0 where they are not standardized
     * @param std what each feature was divided by then: 1 where they are not standardized
     */
    public record Parts(TensorDataset train, TensorDataset test, Samples whole, double[] mean, double[] std) {}

    private DataBox() {
        super("data", "torch.utils.data.DataLoader", List.of(), List.of("x", "y"), List.of(
                new AttrSpec("source", Kind.TEXT, "xor", Arrays.stream(Source.values()).map(Source::id).toList()),
                new AttrSpec("samples", Kind.INT, 200L),
                new AttrSpec("classes", Kind.INT, 2L),
                new AttrSpec("noise", Kind.NUMBER, 0.1),
                new AttrSpec("seed", Kind.INT, 0L),
                new AttrSpec(TABLE, Kind.TABLE, ""),
                new AttrSpec("features", Kind.TABLE, ""),
                new AttrSpec("target", Kind.TEXT, ""),
                new AttrSpec("predict", Kind.TEXT, Choice.AUTO, List.of(Choice.AUTO, Choice.CLASSES, Choice.VALUES)),
                new AttrSpec("train_share", Kind.NUMBER, 0.8),
                new AttrSpec("standardize", Kind.FLAG, false),
                new AttrSpec(ENCODING, Kind.TEXT, INDEX, List.of(INDEX, ONE_HOT, COLUMN)),
                new AttrSpec("batch_size", Kind.INT, 32L),
                new AttrSpec("shuffle", Kind.FLAG, true),
                new AttrSpec("drop_last", Kind.FLAG, false)), Group.DATA, "⛁");
    }

    /** Where the samples of a box with those attributes come from. */
    public static Source source(Attrs attrs) {
        return Source.of(attrs.text("source"));
    }

    /**
     * The samples of a box with those attributes, all of them given. The parts are those of {@code random_split} with
     * a generator that starts at {@code seed}. Standardizing takes each feature's mean and deviation (over N, not
     * N − 1) from the training part; a feature that never differs is only moved to 0.
     *
     * @throws DataException where there are none; {@link #infer} says the same as a reason
     */
    public Parts parts(Attrs attrs) {
        Attrs telling = attrs;
        for (String name : LOADING) {
            telling = telling.without(name);
        }
        synchronized (made) {
            Parts known = made.remove(telling);
            Parts parts = known == null ? make(telling) : known;
            made.put(telling, parts);
            if (made.size() > REMEMBERED) {
                made.remove(made.keySet().iterator().next());
            }
            return parts;
        }
    }

    /**
     * How many batches an epoch has, told without making the samples.
     *
     * @throws DataException where there are none
     */
    public static int batches(Attrs attrs) {
        int samples = trainCount(attrs, source(attrs).size(attrs).samples());
        int size = (int) attrs.integer("batch_size");
        return attrs.flag("drop_last") ? samples / size : (samples + size - 1) / size;
    }

    private static Parts make(Attrs attrs) {
        Samples whole = source(attrs).make(attrs);
        int n = whole.size();
        int train = trainCount(attrs, n);
        List<Subset> split = Subset.randomSplit(new TensorDataset(whole.x(), encoded(whole, attrs.text(ENCODING))),
                new Generator().manualSeed(attrs.integer("seed")), train, n - train);
        Tensor[] first = rows(split.get(0));
        Tensor[] rest = rows(split.get(1));
        int features = whole.x().shape()[1];
        double[] mean = new double[features];
        double[] std = new double[features];
        Arrays.fill(std, 1);
        if (attrs.flag("standardize")) {
            measure(first[0].toDoubles(), mean, std);
            first[0] = standardized(first[0], mean, std);
            rest[0] = standardized(rest[0], mean, std);
        }
        return new Parts(new TensorDataset(first), new TensorDataset(rest), whole, mean, std);
    }

    private static Tensor[] rows(Subset part) {
        int[] all = new int[part.size()];
        Arrays.setAll(all, i -> i);
        return part.batch(all);
    }

    /** How many of so many samples are to learn from: at least one. */
    private static int trainCount(Attrs attrs, int samples) {
        double share = attrs.number("train_share");
        if (!(share > 0 && share <= 1)) {
            throw new DataException(DataException.Code.SETTING, "train_share", "0 to 1, and more than 0", share);
        }
        return Math.max(1, (int) Math.round(share * samples));
    }

    private static Tensor encoded(Samples samples, String encoding) {
        if (samples.classes().isEmpty() || encoding.equals(INDEX)) {
            return samples.y();
        }
        double[] numbers = samples.y().toDoubles();
        if (encoding.equals(COLUMN)) {
            return Tensor.of(numbers, new int[] {numbers.length, 1}, DType.FLOAT32);
        }
        int classes = samples.classes().size();
        double[] ones = new double[numbers.length * classes];
        for (int i = 0; i < numbers.length; i++) {
            ones[i * classes + (int) numbers[i]] = 1;
        }
        return Tensor.of(ones, new int[] {numbers.length, classes}, DType.FLOAT32);
    }

    private static void measure(double[] x, double[] mean, double[] std) {
        int features = mean.length;
        int rows = x.length / features;
        for (int f = 0; f < features; f++) {
            double sum = 0;
            for (int i = f; i < x.length; i += features) {
                sum += x[i];
            }
            mean[f] = sum / rows;
            double squares = 0;
            for (int i = f; i < x.length; i += features) {
                squares += (x[i] - mean[f]) * (x[i] - mean[f]);
            }
            std[f] = squares == 0 ? 1 : Math.sqrt(squares / rows);
        }
    }

    private static Tensor standardized(Tensor x, double[] mean, double[] std) {
        double[] values = x.toDoubles();
        for (int i = 0; i < values.length; i++) {
            int f = i % mean.length;
            values[i] = (values[i] - mean[f]) / std[f];
        }
        return Tensor.of(values, x.shape(), DType.FLOAT32);
    }

    @Override
    public boolean isLeaf() {
        return true;
    }

    /** Shapes and types without the data where they are known without, as they are of all but tables typed in. */
    @Override
    public Meta[] infer(Attrs given, Meta... in) {
        Source source = source(given);
        // What was made is remembered, and a table is read whole before its size is known.
        Source.Size size = source.isTable() && source.isHere() ? sizeOf(parts(given).whole()) : source.size(given);
        if (given.integer("batch_size") < 1) {
            throw new DataException(DataException.Code.SETTING, "batch_size", "1 or more", given.integer("batch_size"));
        }
        int batch = (int) Math.min(given.integer("batch_size"), trainCount(given, size.samples()));
        Meta x = new Meta(new int[] {batch, size.features()}, DType.FLOAT32);
        String encoding = given.text(ENCODING);
        if (size.classes() > 0 && encoding.equals(INDEX)) {
            return new Meta[] {x, new Meta(new int[] {batch}, DType.INT64)};
        }
        int columns = size.classes() > 0 && encoding.equals(ONE_HOT) ? size.classes() : 1;
        return new Meta[] {x, new Meta(new int[] {batch, columns}, DType.FLOAT32)};
    }

    private static Source.Size sizeOf(Samples samples) {
        return new Source.Size(samples.size(), samples.x().shape()[1], samples.classes().size());
    }

    @Override
    public Tensor[] apply(Attrs given, Tensor... in) {
        TensorDataset train = parts(given).train();
        int[] first = new int[(int) Math.min(given.integer("batch_size"), train.size())];
        Arrays.setAll(first, i -> i);
        return train.batch(first);
    }
}

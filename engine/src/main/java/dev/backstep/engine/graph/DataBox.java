package dev.backstep.engine.graph;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.data.Samples;
import dev.backstep.engine.data.Source;
import dev.backstep.engine.data.TensorDataset;
import dev.backstep.engine.tensor.AttrSpec;
import dev.backstep.engine.tensor.AttrSpec.Kind;
import dev.backstep.engine.tensor.Group;
import dev.backstep.engine.tensor.Meta;
import dev.backstep.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A data set as a box: its outputs are a batch, {@code x}, float32 (B, F), and {@code y}, as {@code encoding} says.
 * Training gives it one batch after the other; otherwise it holds the first samples of the training part.
 */
public final class DataBox extends BoxType {
    /** How the targets of classes are given: class numbers (B), ones in rows (B, C), or a column of values (B, 1). */
    public static final String ENCODING = "encoding";
    public static final String INDEX = "index";
    public static final String ONE_HOT = "one_hot";
    public static final String COLUMN = "column";

    public static final DataBox TYPE = new DataBox();

    /**
     * The samples as the box gives them, in two parts.
     *
     * @param train (x, y) to learn from
     * @param test (x, y) held out; of no samples where all are to learn from
     * @param whole names and classes, and the samples before standardizing, splitting and encoding
     */
    public record Parts(TensorDataset train, TensorDataset test, Samples whole) {}

    private DataBox() {
        super("data", "torch.utils.data.DataLoader", List.of(), List.of("x", "y"), List.of(
                new AttrSpec("source", Kind.TEXT, "xor", Arrays.stream(Source.values()).map(Source::id).toList()),
                new AttrSpec("samples", Kind.INT, 200L),
                new AttrSpec("classes", Kind.INT, 2L),
                new AttrSpec("noise", Kind.NUMBER, 0.1),
                new AttrSpec("seed", Kind.INT, 0L),
                new AttrSpec("csv", Kind.TEXT, ""),
                new AttrSpec("features", Kind.TEXT, ""),
                new AttrSpec("target", Kind.TEXT, ""),
                new AttrSpec("train_share", Kind.NUMBER, 0.8),
                new AttrSpec("standardize", Kind.FLAG, false),
                new AttrSpec(ENCODING, Kind.TEXT, INDEX, List.of(INDEX, ONE_HOT, COLUMN)),
                new AttrSpec("batch_size", Kind.INT, 32L),
                new AttrSpec("shuffle", Kind.FLAG, true),
                new AttrSpec("drop_last", Kind.FLAG, false)), Group.DATA, "⛁");
    }

    /** The samples of a box with those attributes, those left out being what the type says. */
    public Parts parts(Attrs attrs) {
        Samples whole = Source.valueOf(attrs.text("source").toUpperCase(Locale.ROOT)).make(attrs);
        TensorDataset all = new TensorDataset(whole.x(), whole.y());
        return new Parts(all, all, whole);
    }

    @Override
    public boolean isLeaf() {
        return true;
    }

    @Override
    public Meta[] infer(Attrs given, Meta... in) {
        int batch = (int) Math.min(given.integer("batch_size"), given.integer("samples"));
        return new Meta[] {new Meta(new int[] {batch, 2}, DType.FLOAT32), new Meta(new int[] {batch}, DType.INT64)};
    }

    @Override
    public Tensor[] apply(Attrs given, Tensor... in) {
        int batch = infer(given)[0].shape()[0];
        int[] first = new int[batch];
        Arrays.setAll(first, i -> i);
        return parts(given).train().batch(first);
    }
}

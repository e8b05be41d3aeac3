package dev.backstep.engine.data;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.data.DataException.Code;
import dev.backstep.engine.tensor.Generator;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** Where the samples of a data box come from: a rule and a seed, a table that ships beside the page, or a text. */
public enum Source {
    /** @see Points#xor */
    XOR(Points::xor, 2, 2, "samples", "noise"),
    /** @see Points#circles */
    CIRCLES(Points::circles, 2, 0, "samples", "noise", "classes"),
    /** @see Points#moons */
    MOONS(Points::moons, 2, 2, "samples", "noise"),
    /** @see Points#gaussians */
    GAUSSIANS(Points::gaussians, 2, 0, "samples", "noise", "classes"),
    /** @see Points#spiral */
    SPIRAL(Points::spiral, 2, 0, "samples", "noise", "classes"),
    /** @see Points#line */
    LINE(Points::line, 1, -1, "samples", "noise"),
    /** @see Points#sine */
    SINE(Points::sine, 1, -1, "samples", "noise"),
    /** 50 flowers of each of three species, measured by E. Anderson, published by R. A. Fisher (1936). */
    IRIS("iris", "", "species", 150, 4, 3),
    /** 344 penguins of three species, of K. Gorman and the Palmer Station; two were not measured. */
    PENGUINS("penguins", "bill_length_mm,bill_depth_mm,flipper_length_mm,body_mass_g", "species", 342, 4, 3),
    /** 1797 handwritten digits of 8 × 8 pixels from 0 to 16: the test part of E. Alpaydin and C. Kaynak (1998). */
    DIGITS("digits", "", "digit", 1797, 64, 10),
    /** The table in the attribute {@code csv}. */
    CSV(null, "", "", 0, 0, 0);

    /** The most samples that are generated. */
    public static final int MAX_SAMPLES = 10_000;
    /** The most classes that are generated. */
    public static final int MAX_CLASSES = 10;

    /**
     * How large a set is.
     *
     * @param classes how many, or 0 where there are values to predict
     */
    public record Size(int samples, int features, int classes) {}

    private final Function<Points.Plan, Samples> maker;
    private final String table;
    private final String features;
    private final String target;
    private final Size size;
    private final List<String> settings;

    /** @param classes how many; 0 where a setting says it, -1 where values are predicted */
    Source(Function<Points.Plan, Samples> maker, int features, int classes, String... settings) {
        this.maker = maker;
        this.table = null;
        this.features = "";
        this.target = "";
        this.size = new Size(0, features, classes);
        this.settings = List.of(settings);
    }

    /** A table, by the columns chosen where nobody chooses others, with the size it has then. */
    Source(String table, String features, String target, int samples, int columns, int classes) {
        this.maker = null;
        this.table = table;
        this.features = features;
        this.target = target;
        this.size = new Size(samples, columns, classes);
        this.settings = List.of("features", "target", "predict");
    }

    /** The name in documents. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The source of that name. */
    public static Source of(String id) {
        return valueOf(id.toUpperCase(Locale.ROOT));
    }

    /** The attributes of a data box that say more of this source, besides the seed. */
    public List<String> settings() {
        return settings;
    }

    /** Whether its samples are rows of a table. */
    public boolean isTable() {
        return maker == null;
    }

    /** The table that it needs, as {@link Tables#put} has it; null where it needs none. */
    public String table() {
        return table;
    }

    /** Whether nothing that it needs is still to be brought. */
    public boolean isHere() {
        return table == null || Tables.text(table) != null;
    }

    /**
     * The size of what {@link #make} gives; of a table that is not here yet, what is known of it.
     *
     * @throws DataException where {@link #make} would refuse, that aside
     */
    public Size size(Attrs attrs) {
        if (maker != null) {
            Points.Plan plan = plan(attrs);
            return new Size(plan.samples(), size.features(), Math.max(0, size.classes() == 0 ? plan.classes()
                    : size.classes()));
        }
        if (!isHere()) {
            return attrs.text("features").isEmpty() ? size
                    : new Size(size.samples(), CsvReader.cells(attrs.text("features")).size(), size.classes());
        }
        Samples made = make(attrs);
        return new Size(made.size(), made.x().shape()[1], made.classes().size());
    }

    /**
     * The samples that a data box with those attributes has.
     *
     * @throws DataException where a setting cannot be, or a table is missing or has no such columns
     */
    public Samples make(Attrs attrs) {
        return maker == null ? choice(attrs).samples() : maker.apply(plan(attrs));
    }

    /** The table with the columns that are chosen of it, of a source that {@link #isTable}. */
    public Choice choice(Attrs attrs) {
        Csv csv = csv(attrs);
        String aim = attrs.text("target").isEmpty() ? target : attrs.text("target");
        String from = attrs.text("features").isEmpty() ? features : attrs.text("features");
        return Choice.of(csv, from, aim, attrs.text("predict"));
    }

    /** The table as it is, of a source that {@link #isTable}. */
    public Csv csv(Attrs attrs) {
        if (table == null && attrs.text("csv").isBlank()) {
            throw new DataException(Code.NO_TABLE);
        }
        return table == null ? Tables.of(attrs.text("csv")) : Tables.named(table);
    }

    private Points.Plan plan(Attrs attrs) {
        long samples = attrs.integer("samples");
        double noise = attrs.number("noise");
        check("samples", samples, samples >= 1 && samples <= MAX_SAMPLES, "1 to " + MAX_SAMPLES);
        check("noise", noise, noise >= 0 && noise <= 10, "0 to 10");
        long classes = settings.contains("classes") ? attrs.integer("classes") : 2;
        check("classes", classes, classes >= 1 && classes <= MAX_CLASSES, "1 to " + MAX_CLASSES);
        return new Points.Plan((int) samples, (int) classes, noise,
                new Generator().manualSeed(attrs.integer("seed")));
    }

    private static void check(String setting, Number value, boolean fits, String wanted) {
        if (!fits) {
            throw new DataException(Code.SETTING, setting, wanted, value);
        }
    }
}

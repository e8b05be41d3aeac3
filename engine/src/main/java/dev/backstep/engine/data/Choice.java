package dev.backstep.engine.data;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.data.Csv.Column;
import dev.backstep.engine.data.Csv.Type;
import dev.backstep.engine.data.DataException.Code;
import dev.backstep.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Which columns of a table are learned from, and which is learned. A column of categories among the features becomes a
 * column of zeros and ones for each of them; a target of categories, or of few whole numbers, gives classes.
 */
public final class Choice {
    /** The most classes of a target. */
    public static final int MAX_CLASSES = Csv.MAX_CATEGORIES;
    /** Up to so many different whole numbers are taken for classes unless somebody says otherwise. */
    private static final int FEW = 20;

    /** What a target is taken for: what it looks like, classes, or values. */
    public static final String AUTO = "auto";
    public static final String CLASSES = "classes";
    public static final String VALUES = "values";

    private final Csv table;
    private final List<Integer> features;
    private final int target;
    private final boolean classes;

    private Choice(Csv table, List<Integer> features, int target, boolean classes) {
        this.table = table;
        this.features = features;
        this.target = target;
        this.classes = classes;
    }

    /**
     * Chooses columns.
     *
     * @param features names with commas between, quoted as in a table; empty for all that can be learned from
     * @param target a name; empty for the last column that can be learned
     * @param predict {@link #AUTO}, {@link #CLASSES} or {@link #VALUES}
     * @throws DataException where the table has no such columns, or they hold something else
     */
    public static Choice of(Csv table, String features, String target, String predict) {
        int aim = target.isEmpty() ? last(table) : column(table, target);
        List<Integer> from = new ArrayList<>();
        if (features.isEmpty()) {
            for (int i = 0; i < table.columns().size(); i++) {
                Type type = table.columns().get(i).type();
                if (i != aim && (type == Type.NUMBER || type == Type.CATEGORY)) {
                    from.add(i);
                }
            }
        } else {
            for (String name : CsvReader.cells(features)) {
                int column = column(table, name);
                if (column != aim && !from.contains(column)) {
                    from.add(column);
                }
            }
        }
        if (from.isEmpty()) {
            throw new DataException(Code.NO_FEATURES, table.columns().get(aim).name());
        }
        for (int column : from) {
            refuseTexts(table.columns().get(column));
        }
        return new Choice(table, List.copyOf(from), aim, isOfClasses(table, aim, predict));
    }

    private static int last(Csv table) {
        for (int i = table.columns().size() - 1; i >= 0; i--) {
            Type type = table.columns().get(i).type();
            if (type == Type.NUMBER || type == Type.CATEGORY) {
                return i;
            }
        }
        return table.columns().size() - 1;
    }

    private static int column(Csv table, String name) {
        int column = table.find(name);
        if (column < 0) {
            throw new DataException(Code.NO_COLUMN, name,
                    String.join(", ", table.columns().stream().map(Column::name).limit(12).toList()));
        }
        return column;
    }

    private static void refuseTexts(Column column) {
        if (column.type() == Type.TEXT || column.type() == Type.EMPTY) {
            throw new DataException(Code.NOT_NUMBERS, column.name());
        }
    }

    private static boolean isOfClasses(Csv table, int target, String predict) {
        Column column = table.columns().get(target);
        if (predict.equals(VALUES)) {
            if (column.type() != Type.NUMBER) {
                throw new DataException(Code.NO_VALUES, column.name());
            }
            return false;
        }
        if (column.type() != Type.NUMBER) {
            refuseTexts(column);
            return true;
        }
        TreeMap<Double, Integer> values = new TreeMap<>();
        boolean whole = true;
        for (int row = 0; row < table.size(); row++) {
            double value = table.number(row, target);
            if (value == value) {
                whole &= value == Math.rint(value);
                values.put(value, 0);
            }
        }
        if (predict.equals(CLASSES) && values.size() > MAX_CLASSES) {
            throw new DataException(Code.TOO_MANY_CLASSES, column.name(), values.size(), MAX_CLASSES);
        }
        return predict.equals(CLASSES) || whole && values.size() <= FEW && values.size() * 2 <= table.size();
    }

    public Csv table() {
        return table;
    }

    /** The numbers of the columns that are learned from. */
    public List<Integer> features() {
        return features;
    }

    /** The number of the column that is learned. */
    public int target() {
        return target;
    }

    /** Whether the target gives classes; else it gives values. */
    public boolean isOfClasses() {
        return classes;
    }

    private List<Integer> asked() {
        List<Integer> asked = new ArrayList<>(features);
        asked.add(target);
        return asked;
    }

    /** Every row that is no sample, by line, with the first thing wrong in it. */
    public List<Csv.Problem> problems() {
        return table.problems(asked());
    }

    /**
     * The samples: every row without a problem in the chosen columns, in the table's order.
     *
     * @throws DataException where there is none
     */
    public Samples samples() {
        List<Integer> asked = asked();
        List<Integer> rows = new ArrayList<>();
        for (int row = 0; row < table.size(); row++) {
            if (table.problem(row, asked) == null) {
                rows.add(row);
            }
        }
        if (rows.isEmpty()) {
            throw new DataException(Code.NO_ROWS);
        }
        List<String> names = names();
        double[] x = new double[rows.size() * names.size()];
        for (int i = 0; i < rows.size(); i++) {
            int at = i * names.size();
            for (int column : features) {
                List<String> categories = table.columns().get(column).categories();
                if (categories.isEmpty()) {
                    x[at++] = table.number(rows.get(i), column);
                } else {
                    x[at + categories.indexOf(table.cell(rows.get(i), column))] = 1;
                    at += categories.size();
                }
            }
        }
        Tensor features32 = Tensor.of(x, new int[] {rows.size(), names.size()}, DType.FLOAT32);
        return classes ? classified(features32, names, rows)
                : new Samples(features32, Tensor.of(rows.stream().mapToDouble(row -> table.number(row, target))
                        .toArray(), new int[] {rows.size(), 1}, DType.FLOAT32), names, List.of());
    }

    private List<String> names() {
        List<String> names = new ArrayList<>();
        for (int column : features) {
            Column of = table.columns().get(column);
            if (of.categories().isEmpty()) {
                names.add(of.name());
            } else {
                of.categories().forEach(category -> names.add(of.name() + "=" + category));
            }
        }
        return names;
    }

    private Samples classified(Tensor x, List<String> names, List<Integer> rows) {
        long[] y = new long[rows.size()];
        List<String> categories = table.columns().get(target).categories();
        if (!categories.isEmpty()) {
            for (int i = 0; i < y.length; i++) {
                y[i] = categories.indexOf(table.cell(rows.get(i), target));
            }
            return new Samples(x, Tensor.of(y, y.length), names, categories);
        }
        TreeMap<Double, String> texts = new TreeMap<>();
        for (int row : rows) {
            texts.putIfAbsent(table.number(row, target), table.cell(row, target));
        }
        List<Double> values = List.copyOf(texts.keySet());
        for (int i = 0; i < y.length; i++) {
            y[i] = values.indexOf(table.number(rows.get(i), target));
        }
        return new Samples(x, Tensor.of(y, y.length), names, List.copyOf(texts.values()));
    }
}

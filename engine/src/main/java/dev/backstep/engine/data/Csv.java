package dev.backstep.engine.data;

import dev.backstep.engine.data.DataException.Code;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A table read from a text that anybody may have written. Nothing is left out silently: what is wrong with a row is a
 * {@link Problem}, and a row with one in a column that is asked for is not among the samples.
 */
public final class Csv {
    /** The longest text: what a document can carry beside everything else. */
    public static final int MAX_CHARACTERS = 400_000;
    public static final int MAX_ROWS = 20_000;
    public static final int MAX_COLUMNS = 200;
    /** The most different texts of a column that is one of categories. */
    public static final int MAX_CATEGORIES = 50;

    /** Texts that stand for no value, in small letters. */
    private static final Set<String> MISSING = Set.of("", "na", "n/a", "nan", "null", "none", "?");

    /** What a column holds, guessed by what most of its cells are. */
    public enum Type { NUMBER, CATEGORY, TEXT, EMPTY }

    /** What can be wrong with a row. */
    public enum Kind {
        /** It has {@code found} cells where {@code wanted} belong. */
        CELLS,
        /** A quote is opened and never closed. */
        QUOTE_OPEN,
        /** Something follows a closing quote. */
        QUOTE_FOLLOWED,
        /** A cell of a column of numbers holds {@code found}. */
        NOT_A_NUMBER,
        /** A cell is empty. */
        NO_VALUE
    }

    /**
     * What is wrong with a row.
     *
     * @param line where the row begins in the text, from 1
     * @param column the column's name, or null where it is the row as a whole
     * @param found what is there, cut short, or how many cells
     * @param wanted how many cells a row has
     */
    public record Problem(int line, String column, Kind kind, String found, int wanted) {
        private static final int MAX_SHOWN = 24;

        public Problem {
            found = found.length() > MAX_SHOWN ? found.substring(0, MAX_SHOWN) + "…" : found;
        }
    }

    /**
     * A column.
     *
     * @param missing how many of its cells are empty
     * @param categories the texts of a column of categories, in the order of their numbers; else empty
     */
    public record Column(String name, Type type, int missing, List<String> categories) {}

    private final char separator;
    private final boolean header;
    private final List<Column> columns;
    private final List<CsvReader.Row> rows;
    private final List<Problem> broken;

    private Csv(char separator, boolean header, List<Column> columns, List<CsvReader.Row> rows, List<Problem> broken) {
        this.separator = separator;
        this.header = header;
        this.columns = columns;
        this.rows = rows;
        this.broken = broken;
    }

    /**
     * Reads a table. The separator is found out, and whether the first row holds names.
     *
     * @throws DataException where the text is empty or too large
     */
    public static Csv read(String text) {
        limit(text.length(), "characters", MAX_CHARACTERS);
        char separator = CsvReader.separator(text);
        List<CsvReader.Row> all = CsvReader.rows(text, separator);
        if (all.isEmpty()) {
            throw new DataException(Code.NO_TABLE);
        }
        boolean header = hasHeader(all, separator);
        int width = header ? all.getFirst().cells().size() : CsvReader.usualLength(all);
        limit(all.size() - (header ? 1 : 0), "rows", MAX_ROWS);
        limit(width, "columns", MAX_COLUMNS);
        List<CsvReader.Row> rows = new ArrayList<>();
        List<Problem> broken = new ArrayList<>();
        for (CsvReader.Row row : header ? all.subList(1, all.size()) : all) {
            if (row.mistake() != null) {
                broken.add(new Problem(row.line(), null, row.mistake(), "", width));
            } else if (row.cells().size() != width) {
                broken.add(new Problem(row.line(), null, Kind.CELLS, "" + row.cells().size(), width));
            } else {
                rows.add(row);
            }
        }
        List<Column> columns = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < width; i++) {
            String name = header ? all.getFirst().cells().get(i) : "";
            columns.add(column(unique(name.isEmpty() ? "column " + (i + 1) : name, names), rows, i, separator));
        }
        return new Csv(separator, header, List.copyOf(columns), rows, broken);
    }

    /** Whether a text that somebody pasted looks like a table: two rows at least of two cells at least. */
    public static boolean isMeant(String text) {
        List<CsvReader.Row> rows = CsvReader.rows(text.substring(0, Math.min(text.length(), 4_000)),
                CsvReader.separator(text.substring(0, Math.min(text.length(), 4_000))));
        return rows.size() > 1 && CsvReader.usualLength(rows) > 1;
    }

    private static void limit(int count, String what, int most) {
        if (count > most) {
            throw new DataException(Code.TOO_LARGE, count, what, most);
        }
    }

    private static String unique(String name, Set<String> taken) {
        String unique = name;
        for (int i = 2; !taken.add(unique); i++) {
            unique = name + " " + i;
        }
        return unique;
    }

    /** Whether the first row holds names: no number, and none of its texts below it, or numbers below one of them. */
    private static boolean hasHeader(List<CsvReader.Row> all, char separator) {
        List<String> first = all.getFirst().cells();
        if (all.size() < 2 || first.stream().allMatch(Csv::isMissing)
                || first.stream().anyMatch(cell -> isNumber(cell, separator))) {
            return false;
        }
        boolean repeated = new HashSet<>(first).size() < first.size();
        for (CsvReader.Row row : all.subList(1, Math.min(all.size(), 200))) {
            for (int i = 0; i < Math.min(first.size(), row.cells().size()); i++) {
                if (isNumber(row.cells().get(i), separator)) {
                    return true;
                }
                repeated |= !isMissing(first.get(i)) && first.get(i).equals(row.cells().get(i));
            }
        }
        return !repeated;
    }

    private static Column column(String name, List<CsvReader.Row> rows, int index, char separator) {
        int missing = 0;
        int numbers = 0;
        Set<String> different = new TreeSet<>();
        for (CsvReader.Row row : rows) {
            String cell = row.cells().get(index);
            if (isMissing(cell)) {
                missing++;
            } else {
                numbers += isNumber(cell, separator) ? 1 : 0;
                if (different.size() <= MAX_CATEGORIES) {
                    different.add(cell);
                }
            }
        }
        int some = rows.size() - missing;
        // Texts that come again are categories; where each row has its own they are names, unless rows are few.
        boolean few = different.size() <= MAX_CATEGORIES && (different.size() * 2 <= some
                || different.size() <= 10 && (different.size() < some || some <= 3));
        Type type = some == 0 ? Type.EMPTY : numbers * 2 > some ? Type.NUMBER : few ? Type.CATEGORY : Type.TEXT;
        return new Column(name, type, missing, type == Type.CATEGORY ? List.copyOf(different) : List.of());
    }

    /** What lies between the cells. */
    public char separator() {
        return separator;
    }

    /** Whether the names of the columns stand in the first row. */
    public boolean hasHeader() {
        return header;
    }

    public List<Column> columns() {
        return columns;
    }

    /** How many rows have as many cells as there are columns. */
    public int size() {
        return rows.size();
    }

    /** The number of the column with that name, or -1. */
    public int find(String name) {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).name().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    /** What stands in a cell of a row. */
    public String cell(int row, int column) {
        return rows.get(row).cells().get(column);
    }

    /** The number in a cell; NaN where there is none. */
    public double number(int row, int column) {
        return number(cell(row, column), separator);
    }

    /** What is wrong with a cell, or null. */
    Problem problem(int row, int column) {
        String cell = cell(row, column);
        Kind kind = isMissing(cell) ? Kind.NO_VALUE
                : columns.get(column).type() == Type.NUMBER && !isNumber(cell, separator) ? Kind.NOT_A_NUMBER : null;
        return kind == null ? null
                : new Problem(rows.get(row).line(), columns.get(column).name(), kind, cell, columns.size());
    }

    /** Every row that cannot be used where those columns are asked for, by line, with the first thing wrong in it. */
    public List<Problem> problems(Collection<Integer> asked) {
        List<Problem> all = new ArrayList<>(broken);
        for (int row = 0; row < rows.size(); row++) {
            Problem problem = problem(row, asked);
            if (problem != null) {
                all.add(problem);
            }
        }
        all.sort((a, b) -> Integer.compare(a.line(), b.line()));
        return all;
    }

    /** The first thing wrong in those columns of a row, or null. */
    Problem problem(int row, Collection<Integer> asked) {
        for (int column : asked) {
            Problem problem = problem(row, column);
            if (problem != null) {
                return problem;
            }
        }
        return null;
    }

    static boolean isMissing(String cell) {
        return cell.length() <= 4 && MISSING.contains(cell.toLowerCase(java.util.Locale.ROOT));
    }

    static boolean isNumber(String cell, char separator) {
        double number = number(cell, separator);
        return number == number;
    }

    /** A decimal number, also one with a decimal comma where commas do not separate; NaN for anything else. */
    private static double number(String cell, char separator) {
        int digits = 0;
        int comma = -1;
        for (int i = 0; i < cell.length(); i++) {
            char c = cell.charAt(i);
            if (c == ',' && comma < 0 && separator != ',') {
                comma = i;
            } else if (c >= '0' && c <= '9') {
                digits++;
            } else if (c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E') {
                return Double.NaN;
            }
        }
        if (digits == 0) {
            return Double.NaN;
        }
        try {
            double number = Double.parseDouble(comma < 0 ? cell : cell.replace(',', '.'));
            return Math.abs(number) <= Float.MAX_VALUE ? number : Double.NaN;
        } catch (NumberFormatException unreadable) {
            return Double.NaN;
        }
    }
}

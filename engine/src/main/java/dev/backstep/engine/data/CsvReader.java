package dev.backstep.engine.data;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Cuts a text into records and cells as RFC 4180 has them: a cell in double quotes may hold separators, line ends and
 * doubled quotes. A record that is cut wrongly carries what is wrong and is over at the end of its line.
 */
final class CsvReader {
    /** How many lines tell which separator a text has. */
    private static final int LOOKED_AT = 40;

    private final String text;
    private final char separator;
    private int at;
    private int line = 1;
    /** Whether a quote was never closed: no cell is taken to go on over line ends from then on. */
    private boolean oneLine;

    /**
     * One record.
     *
     * @param line where it begins, from 1
     * @param mistake what is wrong with its quotes, or null
     */
    record Row(int line, List<String> cells, Csv.Kind mistake) {}

    private CsvReader(String text, char separator) {
        this.text = text;
        this.separator = separator;
        // A byte order mark is no part of the first cell.
        at = text.startsWith("\uFEFF") ? 1 : 0;
    }

    /** All records but empty lines. */
    static List<Row> rows(String text, char separator) {
        return new CsvReader(text, separator).read(Integer.MAX_VALUE);
    }

    /** The cells of a text of one line. */
    static List<String> cells(String text) {
        List<Row> rows = rows(text, ',');
        return rows.isEmpty() ? List.of() : rows.getFirst().cells();
    }

    /** What lies between the cells: a tab, a semicolon or a comma, whichever gives records of one length. */
    static char separator(String text) {
        char best = ',';
        double most = 0;
        for (char candidate : new char[] {'\t', ';', ','}) {
            List<Row> rows = new CsvReader(text, candidate).read(LOOKED_AT);
            int usual = usualLength(rows);
            double share = usual < 2 ? 0
                    : (double) rows.stream().filter(row -> row.cells().size() == usual).count() / rows.size();
            if (share > most + 0.2) {
                best = candidate;
                most = share;
            }
        }
        return best;
    }

    /** How many cells most records have. */
    static int usualLength(List<Row> rows) {
        Map<Integer, Integer> counts = new HashMap<>();
        int usual = 0;
        for (Row row : rows) {
            int count = counts.merge(row.cells().size(), 1, Integer::sum);
            if (count > counts.getOrDefault(usual, 0) || usual == 0) {
                usual = row.cells().size();
            }
        }
        return usual;
    }

    private List<Row> read(int limit) {
        List<Row> rows = new ArrayList<>();
        while (at < text.length() && rows.size() < limit) {
            Row row = row();
            if (row.cells().size() > 1 || !row.cells().getFirst().isEmpty() || row.mistake() != null) {
                rows.add(row);
            }
        }
        return rows;
    }

    private Row row() {
        int begin = line;
        List<String> cells = new ArrayList<>();
        Csv.Kind mistake = null;
        boolean more = true;
        while (more) {
            if (at < text.length() && text.charAt(at) == '"') {
                int end = closing(at + 1);
                if (end < 0) {
                    mistake = Csv.Kind.QUOTE_OPEN;
                    oneLine = true;
                    cells.add(plain());
                } else {
                    cells.add(unquoted(at + 1, end));
                    at = end + 1;
                    if (!plain().isEmpty()) {
                        mistake = Csv.Kind.QUOTE_FOLLOWED;
                    }
                }
            } else {
                cells.add(plain());
            }
            more = at < text.length() && text.charAt(at) == separator;
            at += more ? 1 : 0;
        }
        lineEnd();
        return new Row(begin, cells, mistake);
    }

    /** Where the quote is that closes a cell, or -1. */
    private int closing(int from) {
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (oneLine && isLineEnd(c)) {
                return -1;
            }
            if (c == '"') {
                if (i + 1 == text.length() || text.charAt(i + 1) != '"') {
                    return i;
                }
                i++;
            }
        }
        return -1;
    }

    private String unquoted(int from, int end) {
        StringBuilder cell = new StringBuilder();
        for (int i = from; i < end; i++) {
            char c = text.charAt(i);
            cell.append(c);
            if (c == '"') {
                i++;
            }
            if (c == '\n' || c == '\r' && text.charAt(i + 1) != '\n') {
                line++;
            }
        }
        return cell.toString();
    }

    /** What is there up to the next separator or line end, without the blanks around it. */
    private String plain() {
        int from = at;
        while (at < text.length() && text.charAt(at) != separator && !isLineEnd(text.charAt(at))) {
            at++;
        }
        return text.substring(from, at).strip();
    }

    private void lineEnd() {
        if (at < text.length()) {
            at += text.startsWith("\r\n", at) ? 2 : 1;
            line++;
        }
    }

    private static boolean isLineEnd(char c) {
        return c == '\n' || c == '\r';
    }
}

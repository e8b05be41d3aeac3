package dev.backstep.web.train;

import java.util.List;

/** Rows as a CSV file has them (RFC 4180). */
public final class Csv {
    private Csv() {}

    public static String of(List<List<String>> rows) {
        StringBuilder csv = new StringBuilder();
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                csv.append(i == 0 ? "" : ",").append(cell(row.get(i)));
            }
            csv.append("\r\n");
        }
        return csv.toString();
    }

    private static String cell(String text) {
        boolean quoted = text.indexOf(',') >= 0 || text.indexOf('"') >= 0 || text.indexOf('\n') >= 0;
        return quoted ? '"' + text.replace("\"", "\"\"") + '"' : text;
    }
}

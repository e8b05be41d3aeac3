package dev.backstep.web.ui.sweep;

import dev.backstep.web.train.SweepTable;
import dev.backstep.web.train.SweepTable.Column;
import dev.backstep.web.train.SweepTable.Row;
import dev.backstep.web.value.NumberText;
import java.util.ArrayList;
import java.util.List;

/** The runs of a sweep as a file has them. */
final class SweepSheet {
    private SweepSheet() {}

    /** A row of names, and one for each run with its numbers in full, empty: none. */
    static List<List<String>> of(SweepTable table) {
        List<List<String>> sheet = new ArrayList<>();
        List<String> names = new ArrayList<>(List.of("run"));
        names.addAll(table.axes());
        names.addAll(List.of("state", "batch", "batches", "train_loss", "test_loss", "test_accuracy", "best_loss",
                "batches_per_second", "error"));
        sheet.add(names);
        for (Row row : table.rows()) {
            List<String> cells = new ArrayList<>(List.of(String.valueOf(row.number())));
            row.values().forEach(value -> cells.add(value instanceof Double number ? NumberText.exact(number)
                    : String.valueOf(value)));
            cells.addAll(List.of(row.phase(), String.valueOf(row.batch()), String.valueOf(row.total()),
                    cell(row.trainLoss()), cell(row.testLoss()), cell(row.testAccuracy()), cell(row.bestLoss()),
                    cell(row.number(Column.RATE)), row.error() == null ? "" : row.error()));
            sheet.add(cells);
        }
        return sheet;
    }

    private static String cell(double number) {
        return Double.isNaN(number) ? "" : NumberText.exact(number);
    }
}

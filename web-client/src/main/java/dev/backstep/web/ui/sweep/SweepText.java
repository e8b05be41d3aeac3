package dev.backstep.web.ui.sweep;

import dev.backstep.web.train.Denial;
import dev.backstep.web.train.Knob;
import dev.backstep.web.train.SweepTable;
import dev.backstep.web.train.SweepTable.Column;
import dev.backstep.web.train.SweepTable.Row;
import dev.backstep.web.train.SweepWatch;
import dev.backstep.web.train.TypedValues;
import dev.backstep.web.ui.Text;
import dev.backstep.web.value.NumberText;

/** What a sweep is told with. */
final class SweepText {
    private SweepText() {}

    static String knob(Knob knob) {
        return knob.kind() == Knob.Kind.SEED ? Text.of("sweep.knob.seed") : knob.name();
    }

    static String flaw(TypedValues typed) {
        return switch (typed.flaw()) {
            case EMPTY -> Text.of("sweep.flaw.empty");
            case NUMBER -> Text.of("sweep.flaw.number", typed.word());
            case WHOLE -> Text.of("sweep.flaw.whole", typed.word());
            case WIDTH -> Text.of("sweep.flaw.width", typed.word());
            case TWICE -> Text.of("sweep.flaw.twice", typed.word());
        };
    }

    static String runs(long runs) {
        return runs == 1 ? Text.of("sweep.runs.one") : Text.of("sweep.runs", NumberText.grouped(runs));
    }

    static String column(Column column) {
        return switch (column) {
            case STATE -> Text.of("sweep.column.state");
            case PROGRESS -> Text.of("sweep.column.progress");
            case TRAIN_LOSS -> Text.of("sweep.column.trainLoss");
            case TEST_LOSS -> Text.of("sweep.column.testLoss");
            case ACCURACY -> Text.of("sweep.column.accuracy");
            case BEST_LOSS -> Text.of("sweep.column.best");
            case RATE -> Text.of("sweep.column.rate");
        };
    }

    static String cell(Row row, Column column) {
        double number = row.number(column);
        if (column == Column.STATE) {
            return state(row);
        }
        if (Double.isNaN(number)) {
            return "–";
        }
        return switch (column) {
            case PROGRESS -> Math.round(100 * number) + "%";
            case ACCURACY -> Math.round(1000 * number) / 10.0 + "%";
            case RATE -> NumberText.rate(number);
            default -> NumberText.of(number);
        };
    }

    private static String state(Row row) {
        String state = switch (row.phase()) {
            case "queued" -> Text.of("sweep.state.queued");
            case "running" -> Text.of("sweep.state.running");
            case "paused" -> Text.of("train.state.paused");
            case "done" -> Text.of("train.state.done");
            case "diverged" -> Text.of("train.state.diverged");
            case "stopped" -> Text.of("train.state.stopped");
            case "failed" -> Text.of("sweep.state.failed");
            default -> row.phase();
        };
        return row.error() == null ? state : state + ": " + row.error();
    }

    static String value(Object value) {
        return value instanceof Double number ? NumberText.exact(number) : String.valueOf(value);
    }

    /** The values of a run with the names of what they are. */
    static String values(SweepTable table, Row row) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < row.values().size(); i++) {
            String name = table.axes().get(i);
            text.append(i == 0 ? "" : ", ").append(name.substring(name.lastIndexOf('.') + 1)).append(' ')
                    .append(value(row.values().get(i)));
        }
        return text.toString();
    }

    /** What the server answered instead, with its number. */
    static String of(Denial denial) {
        return denial.status() == Denial.UNREACHED ? Text.of("sweep.unreached")
                : Text.of("train.denied", denial.status(), denial.detail());
    }

    /** How far it is, or why that is not known. */
    static String stand(SweepWatch watch) {
        SweepTable table = watch.table();
        if (table != null) {
            return Text.of("sweep.stand", table.ended(), NumberText.grouped(table.rows().size()));
        }
        return watch.denial() == null ? Text.of("sweep.asking") : of(watch.denial());
    }
}

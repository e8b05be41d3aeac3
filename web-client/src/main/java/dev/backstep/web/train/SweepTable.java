package dev.backstep.web.train;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import dev.backstep.engine.graph.LayerFrame;
import dev.backstep.engine.graph.SafeJson;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * How the runs of a sweep do, as the server tells it.
 *
 * @param over whether all of them have ended
 * @param axes what varies
 * @param rows a run each, in the order of its values
 */
public record SweepTable(boolean over, List<String> axes, List<Row> rows) {
    /** What is known of a run besides its values. */
    public enum Column { STATE, PROGRESS, TRAIN_LOSS, TEST_LOSS, ACCURACY, BEST_LOSS, RATE }

    /**
     * A run; measures are NaN where there are none.
     *
     * @param number of the run, from 1
     * @param values a Double or a String on each axis
     * @param phase as the server writes it: queued, running, paused, done, diverged, stopped, failed
     * @param rate batches a second
     * @param error what it failed of, or null
     */
    public record Row(int number, String run, List<Object> values, String phase, long batch, long total, double rate,
            double trainLoss, double testLoss, double testAccuracy, double bestLoss, String error) {
        /** In the order in which a run goes through them; from the fourth on it has ended. */
        private static final List<String> PHASES = List.of("queued", "running", "paused", "done", "diverged", "stopped",
                "failed");
        private static final int ENDED = PHASES.indexOf("done");

        /** Whether it has ended. */
        public boolean isOver() {
            return PHASES.indexOf(phase) >= ENDED;
        }

        /** How much of it is done, 0 to 1. */
        public double progress() {
            return total > 0 ? Math.min(1, (double) batch / total) : 0;
        }

        /** Its number in a column; NaN where there is none. */
        public double number(Column column) {
            return switch (column) {
                case STATE -> PHASES.indexOf(phase);
                case PROGRESS -> progress();
                case TRAIN_LOSS -> trainLoss;
                case TEST_LOSS -> testLoss;
                case ACCURACY -> testAccuracy;
                case BEST_LOSS -> bestLoss;
                case RATE -> rate > 0 ? rate : Double.NaN;
            };
        }
    }

    /** @throws dev.backstep.engine.graph.GraphException where it is no JSON */
    static SweepTable read(String text) {
        JsonObject json = SafeJson.parse(text);
        List<String> names = new ArrayList<>();
        List<Integer> shown = new ArrayList<>();
        for (Object entry : json.getArray("axes")) {
            JsonObject axis = (JsonObject) entry;
            names.add(axis.getString("name", ""));
            shown.add(shown(axis.getArray("of")));
        }
        List<Row> rows = new ArrayList<>();
        for (Object entry : json.getArray("points")) {
            rows.add(row((JsonObject) entry, rows.size() + 1, shown));
        }
        return new SweepTable(json.getBoolean("over", false), List.copyOf(names), List.copyOf(rows));
    }

    /** Which of the values that an axis sets together tells what they are: a layer's text, else the first. */
    private static int shown(JsonArray of) {
        for (int i = 0; of != null && i < of.size(); i++) {
            if (LayerFrame.LAYER.equals(of.getObject(i).getString("attr"))) {
                return i;
            }
        }
        return 0;
    }

    private static Row row(JsonObject json, int number, List<Integer> shown) {
        List<Object> values = new ArrayList<>();
        JsonArray array = json.getArray("values");
        for (int i = 0; i < array.size(); i++) {
            Object value = array.get(i);
            values.add(value(value instanceof JsonArray several ? several.get(shown.get(i)) : value));
        }
        return new Row(number, json.getString("run"), List.copyOf(values), json.getString("phase", ""),
                json.getLong("batch", 0), json.getLong("total", 0), json.getDouble("rate", 0),
                measure(json, "trainLoss"), measure(json, "testLoss"), measure(json, "testAccuracy"),
                measure(json, "bestLoss"), json.getString("error", null));
    }

    private static Object value(Object json) {
        if (json instanceof Number number) {
            return number.doubleValue();
        }
        String text = String.valueOf(json);
        int width = MlpWidth.of(text);
        return width > 0 ? (Object) (double) width : text;
    }

    private static double measure(JsonObject json, String name) {
        return json.getDouble(name, Double.NaN);
    }

    /** The run with the least loss so far; null before any is known. */
    public Row best() {
        Row best = null;
        for (Row row : rows) {
            if (Double.isFinite(row.bestLoss()) && (best == null || row.bestLoss() < best.bestLoss())) {
                best = row;
            }
        }
        return best;
    }

    /** How many runs have ended. */
    public int ended() {
        return (int) rows.stream().filter(Row::isOver).count();
    }

    /** The rows by their value on an axis; equal ones stay as they are. */
    public List<Row> byAxis(int axis, boolean falling) {
        return sorted(falling, (a, b) -> {
            boolean numbers = a.values().get(axis) instanceof Double && b.values().get(axis) instanceof Double;
            return numbers ? Double.compare((Double) a.values().get(axis), (Double) b.values().get(axis))
                    : String.valueOf(a.values().get(axis)).compareTo(String.valueOf(b.values().get(axis)));
        });
    }

    /** The rows by a column; those without a number there come last either way. */
    public List<Row> by(Column column, boolean falling) {
        List<Row> there = new ArrayList<>();
        List<Row> without = new ArrayList<>();
        for (Row row : sorted(falling, (a, b) -> Double.compare(a.number(column), b.number(column)))) {
            (Double.isNaN(row.number(column)) ? without : there).add(row);
        }
        there.addAll(without);
        return there;
    }

    private List<Row> sorted(boolean falling, Comparator<Row> order) {
        List<Row> sorted = new ArrayList<>(rows);
        sorted.sort(falling ? order.reversed() : order);
        return sorted;
    }
}

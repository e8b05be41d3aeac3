package dev.backstep.web.ui.sweep;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonWriter;
import dev.backstep.web.jso.Charts;
import dev.backstep.web.jso.LineChart;
import dev.backstep.web.jso.ResizeObserver;
import dev.backstep.web.train.SweepCurve;
import dev.backstep.web.train.SweepTable;
import dev.backstep.web.train.SweepTable.Row;
import dev.backstep.web.train.SweepWatch;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Text;
import dev.backstep.web.value.NumberText;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.teavm.jso.JSObject;
import org.teavm.jso.core.JSArray;
import org.teavm.jso.dom.html.HTMLElement;
import org.teavm.jso.typedarrays.Float64Array;

/** The losses of all runs of a sweep by epoch, a line each: of the samples held out, or of those learned from. */
final class SweepChart {
    private static final int COLOURS = 10;
    private static final int[][] DASHES = {{}, {6, 4}, {2, 3}, {10, 3, 2, 3}};
    private static final double HEIGHT = 240;

    private final SweepWatch watch;
    private final HTMLElement frame = Dom.make("div", "train-chart");
    private final HTMLElement empty = Dom.make("p", "hint train-empty", Text.of("sweep.chart.none"));
    private final HTMLElement test;
    private final HTMLElement train;
    private final HTMLElement logarithm;
    private final HTMLElement section;
    private LineChart chart;
    private boolean closed;
    private boolean ofTrain;
    private boolean log;
    private int width;

    SweepChart(SweepWatch watch) {
        this.watch = watch;
        test = Dom.button("train-tab", null, Text.of("sweep.column.testLoss"), () -> choose(false));
        train = Dom.button("train-tab", null, Text.of("sweep.column.trainLoss"), () -> choose(true));
        logarithm = Dom.button("train-tab", null, Text.of("train.log"), () -> {
            log = !log;
            show();
        });
        HTMLElement tabs = Dom.make("div", "train-tabs", test, train);
        tabs.setAttribute("role", "group");
        tabs.setAttribute("aria-label", Text.of("train.measure.title"));
        frame.setAttribute("role", "img");
        section = Dom.make("section", "sweep-chart", Dom.make("div", "train-head", tabs, logarithm), frame, empty);
        new ResizeObserver(entries -> {
            if (section.getClientWidth() != width) {
                show();
            }
        }).observe(section);
    }

    HTMLElement section() {
        return section;
    }

    /** The style sheets' colour of a run's line. */
    static String colour(int number) {
        return "--sweep-" + (number - 1) % COLOURS;
    }

    private void choose(boolean loss) {
        ofTrain = loss;
        show();
    }

    /** The script is here. */
    void begin() {
        if (closed) {
            return;
        }
        chart = Charts.line(frame);
        show();
    }

    void close() {
        closed = true;
        if (chart != null) {
            chart.destroy();
        }
    }

    void show() {
        SweepTable table = watch.table();
        boolean held = false;
        // All epochs that were measured in some run.
        TreeSet<Integer> epochs = new TreeSet<>();
        for (Row row : table == null ? List.<Row>of() : table.rows()) {
            SweepCurve curve = watch.curve(row.run());
            if (curve != null) {
                held |= curve.hasTest();
                for (int epoch : curve.epochs()) {
                    epochs.add(epoch);
                }
            }
        }
        boolean some = !epochs.isEmpty();
        boolean learned = ofTrain || some && !held;
        Dom.enable(test, held || !some);
        test.setAttribute("aria-pressed", String.valueOf(!learned));
        train.setAttribute("aria-pressed", String.valueOf(learned));
        logarithm.setAttribute("aria-pressed", String.valueOf(log));
        frame.setHidden(!some);
        empty.setHidden(some);
        if (!some || chart == null) {
            return;
        }
        int[] x = epochs.stream().mapToInt(Integer::intValue).toArray();
        JSArray<JSObject> columns = new JSArray<>();
        columns.push(Float64Array.copyFromJavaArray(Arrays.stream(x).asDoubleStream().toArray()));
        for (Row row : table.rows()) {
            columns.push(Float64Array.copyFromJavaArray(column(watch.curve(row.run()), learned, x)));
        }
        chart.show(spec(table, x.length == 1), columns);
        if (section.getClientWidth() != width) {
            width = section.getClientWidth();
            chart.resize(width, HEIGHT);
        }
        Dom.attribute(frame, "aria-label", said(table, learned));
    }

    /** The losses of a run at these epochs; NaN where it measured none. */
    private static double[] column(SweepCurve curve, boolean learned, int[] x) {
        double[] column = new double[x.length];
        Arrays.fill(column, Double.NaN);
        if (curve != null) {
            double[] losses = learned ? curve.train() : curve.test();
            for (int i = 0; i < losses.length; i++) {
                column[Arrays.binarySearch(x, curve.epochs()[i])] = losses[i];
            }
        }
        return column;
    }

    private String spec(SweepTable table, boolean dots) {
        JsonObject spec = new JsonObject();
        spec.put("log", log);
        spec.put("x", Text.of("train.axis.epoch"));
        JsonArray series = new JsonArray();
        for (Row row : table.rows()) {
            JsonObject line = new JsonObject();
            line.put("label", SweepText.values(table, row));
            line.put("color", colour(row.number()));
            line.put("width", 1.8);
            JsonArray dash = new JsonArray();
            for (int length : DASHES[(row.number() - 1) / COLOURS % DASHES.length]) {
                dash.add(length);
            }
            line.put("dash", dash.isEmpty() ? null : dash);
            line.put("points", dots);
            line.put("spans", true);
            series.add(line);
        }
        spec.put("series", series);
        return JsonWriter.string(spec);
    }

    private static String said(SweepTable table, boolean learned) {
        Row best = table.best();
        String what = Text.of("sweep.chart.said", Text.of(learned ? "sweep.column.trainLoss" : "sweep.column.testLoss"),
                table.rows().size());
        return best == null ? what : what + ' ' + Text.of("sweep.chart.best", NumberText.of(best.bestLoss()),
                SweepText.values(table, best));
    }
}

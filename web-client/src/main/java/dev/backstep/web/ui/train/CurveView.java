package dev.backstep.web.ui.train;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonWriter;
import dev.backstep.web.jso.Charts;
import dev.backstep.web.jso.LineChart;
import dev.backstep.web.jso.ResizeObserver;
import dev.backstep.web.train.Past;
import dev.backstep.web.train.RunLog;
import dev.backstep.web.train.Table;
import dev.backstep.web.train.Table.Kind;
import dev.backstep.web.train.Table.Measure;
import dev.backstep.web.train.Training;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Settings;
import dev.backstep.web.ui.Text;
import java.util.function.Supplier;
import org.teavm.jso.JSObject;
import org.teavm.jso.core.JSArray;
import org.teavm.jso.dom.html.HTMLElement;
import org.teavm.jso.dom.html.HTMLInputElement;
import org.teavm.jso.typedarrays.Float64Array;

/** The curves of the run: loss, accuracy or gradient norm, by batch or epoch, beside those of an earlier run. */
final class CurveView {
    private static final double HEIGHT = 176;

    private final Training training;
    private final Supplier<Past> former;
    private final CurvePicture picture = new CurvePicture();
    private final HTMLElement section;
    private final HTMLElement frame = Dom.make("div", "train-chart");
    private final HTMLElement empty = Dom.make("p", "hint train-empty");
    private final HTMLElement[] measures = new HTMLElement[Measure.values().length];
    private final HTMLElement epochs;
    private final HTMLElement logarithm;
    private final HTMLInputElement smoothing = (HTMLInputElement) Dom.make("input", "");
    private Measure measure = Measure.LOSS;
    private boolean byEpoch = Settings.get("chartByEpoch", "false").equals("true");
    private boolean log = Settings.get("chartLog", "false").equals("true");
    private LineChart chart;
    private double width;

    CurveView(Training training, Supplier<Past> former, HTMLElement parent, Runnable resized) {
        this.training = training;
        this.former = former;
        HTMLElement tabs = Dom.make("div", "train-tabs");
        tabs.setAttribute("role", "group");
        for (Measure choice : Measure.values()) {
            HTMLElement tab = Dom.button("train-tab", null, "", () -> choose(choice));
            measures[choice.ordinal()] = tab;
            tabs.appendChild(tab);
        }
        epochs = Dom.button("train-tab", null, "", () -> {
            byEpoch = !byEpoch;
            Settings.put("chartByEpoch", String.valueOf(byEpoch));
            training.changed.fire();
        });
        logarithm = Dom.button("train-tab", null, "", () -> {
            log = !log;
            Settings.put("chartLog", String.valueOf(log));
            training.changed.fire();
        });
        smoothing.setType("range");
        smoothing.setAttribute("min", "0");
        smoothing.setAttribute("max", "0.99");
        smoothing.setAttribute("step", "0.01");
        smoothing.setValue(Settings.get("chartSmoothing", "0.6"));
        smoothing.setId("train-smoothing");
        Dom.on(smoothing, "input", event -> {
            Settings.put("chartSmoothing", smoothing.getValue());
            training.changed.fire();
        });
        HTMLElement slider = Dom.make("label", "", Text.of("train.smoothing"));
        slider.setAttribute("for", "train-smoothing");
        HTMLElement head = Dom.make("div", "train-head", tabs);
        frame.setAttribute("role", "img");
        section = Dom.make("section", "train-part", head, frame, empty,
                Dom.make("div", "train-chart-tools", epochs, logarithm,
                        Dom.make("span", "train-slider", slider, smoothing)));
        new PictureMenu(training::log, () -> picture, head);
        parent.appendChild(section);
        Runnable words = () -> {
            tabs.setAttribute("aria-label", Text.of("train.measure.title"));
            slider.setTextContent(Text.of("train.smoothing"));
            for (Measure choice : Measure.values()) {
                measures[choice.ordinal()].querySelector("span").setTextContent(Text.of(name(choice)));
            }
            logarithm.querySelector("span").setTextContent(Text.of("train.log"));
            epochs.querySelector("span").setTextContent(Text.of("train.byEpoch"));
            Dom.text(empty, Text.of("train.curve.none"));
        };
        Text.onChange(words);
        words.run();
        new ResizeObserver(entries -> {
            if (section.getClientWidth() != (int) width) {
                resized.run();
            }
        }).observe(section);
    }

    private static String name(Measure measure) {
        return switch (measure) {
            case LOSS -> "train.measure.loss";
            case ACCURACY -> "train.measure.accuracy";
            case NORM -> "train.measure.norm";
        };
    }

    private void choose(Measure choice) {
        measure = choice;
        training.changed.fire();
    }

    /** The script is here. */
    void begin() {
        chart = Charts.line(frame);
        width = 0;
    }

    private double weight() {
        return Double.parseDouble(smoothing.getValue());
    }

    void show() {
        for (Measure choice : Measure.values()) {
            measures[choice.ordinal()].setAttribute("aria-pressed", String.valueOf(choice == measure));
        }
        epochs.setAttribute("aria-pressed", String.valueOf(byEpoch));
        logarithm.setAttribute("aria-pressed", String.valueOf(log));
        Dom.enable(epochs, measure == Measure.LOSS);
        ((HTMLElement) smoothing.getParentNode()).setHidden(measure == Measure.ACCURACY
                || byEpoch && measure == Measure.LOSS);
        RunLog run = training.log();
        boolean classifies = run == null || run.lastEpoch() == null || !Double.isNaN(run.lastEpoch().trainAccuracy())
                || !Double.isNaN(run.lastEpoch().testAccuracy());
        Dom.enable(measures[Measure.ACCURACY.ordinal()], classifies);
        if (!classifies && measure == Measure.ACCURACY) {
            choose(Measure.LOSS);
            return;
        }
        boolean there = run != null && picture.isThere(run);
        frame.setHidden(!there);
        empty.setHidden(there);
        if (!there || chart == null) {
            return;
        }
        double now = section.getClientWidth();
        if (now < 40) {
            return;
        }
        Past other = former.get();
        picture.choose(other == null ? null : other.log(), measure, byEpoch && measure == Measure.LOSS,
                log && measure != Measure.ACCURACY, weight());
        Table table = picture.table(run, Math.max(80, (int) now / 2));
        JSArray<JSObject> columns = new JSArray<>();
        columns.push(Float64Array.copyFromJavaArray(table.x()));
        table.columns().forEach(column -> columns.push(Float64Array.copyFromJavaArray(column.values())));
        chart.show(spec(table), columns);
        if (now != width) {
            width = now;
            chart.resize(now, HEIGHT);
        }
        String said = picture.said(run);
        if (!said.equals(frame.getAttribute("aria-label"))) {
            frame.setAttribute("aria-label", said);
        }
    }

    private String spec(Table table) {
        JsonObject spec = new JsonObject();
        boolean overEpochs = byEpoch && measure == Measure.LOSS;
        spec.put("log", log && measure != Measure.ACCURACY);
        spec.put("x", Text.of(overEpochs ? "train.axis.epoch" : "train.axis.batch"));
        if (measure == Measure.ACCURACY) {
            spec.put("range", JsonArray.from(0, 1));
        }
        JsonArray series = new JsonArray();
        for (int i = 0; i < table.columns().size(); i++) {
            Kind kind = table.columns().get(i).kind();
            JsonObject line = new JsonObject();
            boolean edge = kind == Kind.LOWEST || kind == Kind.HIGHEST;
            line.put("label", Text.of(CurvePicture.name(kind)));
            line.put("color", colour(kind));
            line.put("width", edge ? 0 : isFormer(kind) ? 1.2 : 2);
            if (isFormer(kind)) {
                line.put("dash", JsonArray.from(5, 4));
            }
            line.put("points", kind == Kind.TEST_LOSS && !overEpochs);
            line.put("hidden", edge);
            if (kind == Kind.HIGHEST) {
                spec.put("band", JsonArray.from(i + 1, i));
            }
            series.add(line);
        }
        spec.put("series", series);
        return JsonWriter.string(spec);
    }

    private static boolean isFormer(Kind kind) {
        return kind == Kind.FORMER_LOSS || kind == Kind.FORMER_TEST_LOSS || kind == Kind.FORMER_TEST_ACCURACY;
    }

    private static String colour(Kind kind) {
        return switch (kind) {
            case TEST_LOSS, TEST_ACCURACY -> "--held-out";
            case FORMER_LOSS, FORMER_TEST_LOSS, FORMER_TEST_ACCURACY -> "--line-strong";
            default -> "--accent";
        };
    }
}

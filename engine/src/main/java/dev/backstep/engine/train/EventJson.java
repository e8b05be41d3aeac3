package dev.backstep.engine.train;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonWriter;
import dev.backstep.engine.graph.GraphException;
import dev.backstep.engine.graph.JsonFields;
import dev.backstep.engine.graph.Reason;
import dev.backstep.engine.graph.SafeJson;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/** {@link RunEvent}s as JSON: what {@code event} names, with the fields of its record by their names. */
public final class EventJson {
    private static final int MAX_NUMBERS = 10_000_000;
    private static final int MAX_TEXTS = 100_000;
    private static final String EVENTS = "started, at, losses, epoch_end, warning, place, boundary, line, confusion, "
            + "predictions, histograms, norms, saved or failed";

    private EventJson() {}

    // Writing

    public static String write(RunEvent event) {
        JsonObject json = new JsonObject();
        switch (event) {
            case RunEvent.Started e -> {
                json.put("event", "started");
                json.put("batches", e.batches());
                json.put("total", e.total());
                json.put("train", e.train());
                json.put("test", e.test());
                json.put("classes", new JsonArray(e.classes()));
                json.put("features", new JsonArray(e.features()));
                json.put("parameters", new JsonArray(e.parameters()));
            }
            case RunEvent.At e -> {
                json.put("event", "at");
                json.put("state", e.state().name().toLowerCase(Locale.ROOT));
                json.put("batch", e.batch());
                json.put("epoch", e.epoch());
                json.put("rate", number(e.rate()));
            }
            case RunEvent.Losses e -> {
                json.put("event", "losses");
                json.put("first", e.first());
                json.put("losses", numbers(e.losses()));
                json.put("norms", numbers(e.norms()));
            }
            case RunEvent.EpochEnd e -> {
                json.put("event", "epoch_end");
                json.put("epoch", e.epoch());
                json.put("batch", e.batch());
                json.put("trainLoss", number(e.trainLoss()));
                json.put("testLoss", number(e.testLoss()));
                json.put("trainAccuracy", number(e.trainAccuracy()));
                json.put("testAccuracy", number(e.testAccuracy()));
                json.put("lr", number(e.lr()));
            }
            case RunEvent.Warning e -> {
                json.put("event", "warning");
                json.put("batch", e.batch());
                json.put("code", e.code());
                json.put("node", e.node());
                json.put("value", number(e.value()));
            }
            case RunEvent.Place e -> {
                json.put("event", "place");
                json.put("batch", e.batch());
                json.put("device", e.device());
                JsonArray timings = new JsonArray();
                e.timings().forEach(timing -> timings.add(timing(timing)));
                json.put("timings", timings);
            }
            case RunEvent.Boundary e -> {
                json.put("event", "boundary");
                json.put("batch", e.batch());
                json.put("columns", e.columns());
                json.put("rows", e.rows());
                json.put("range", numbers(e.range()));
                json.put("classes", e.classes() == null ? null : integers(e.classes()));
                json.put("values", numbers(e.values()));
                json.put("points", numbers(e.points()));
            }
            case RunEvent.Line e -> {
                json.put("event", "line");
                json.put("batch", e.batch());
                json.put("line", numbers(e.line()));
                json.put("points", numbers(e.points()));
            }
            case RunEvent.Confusion e -> {
                json.put("event", "confusion");
                json.put("batch", e.batch());
                json.put("classes", e.classes());
                json.put("counts", integers(e.counts()));
            }
            case RunEvent.Predictions e -> {
                json.put("event", "predictions");
                json.put("batch", e.batch());
                JsonArray samples = new JsonArray();
                e.samples().forEach(sample -> samples.add(sample(sample)));
                json.put("samples", samples);
            }
            case RunEvent.Histograms e -> {
                json.put("event", "histograms");
                json.put("batch", e.batch());
                json.put("values", bins(e.values()));
                json.put("gradients", bins(e.gradients()));
            }
            case RunEvent.Norms e -> {
                json.put("event", "norms");
                json.put("batch", e.batch());
                json.put("norms", numbers(e.norms()));
            }
            case RunEvent.Saved e -> {
                json.put("event", "saved");
                json.put("batch", e.batch());
                json.put("bytes", Base64.getEncoder().encodeToString(e.bytes()));
            }
            case RunEvent.Failed e -> {
                json.put("event", "failed");
                json.put("code", e.reason().code().name());
                json.put("arguments", new JsonArray(e.reason().arguments()));
                json.put("torch", e.reason().torch());
            }
        }
        return JsonWriter.string(json);
    }

    private static Object number(double number) {
        return JsonFields.written(number);
    }

    private static JsonArray numbers(double[] numbers) {
        JsonArray array = new JsonArray(numbers.length);
        for (double number : numbers) {
            array.add(number(number));
        }
        return array;
    }

    private static JsonArray integers(int[] numbers) {
        JsonArray array = new JsonArray(numbers.length);
        for (int number : numbers) {
            array.add(number);
        }
        return array;
    }

    private static JsonObject sample(RunEvent.Prediction sample) {
        JsonObject json = new JsonObject();
        json.put("features", numbers(sample.features()));
        json.put("target", number(sample.target()));
        json.put("predicted", number(sample.predicted()));
        json.put("share", number(sample.share()));
        return json;
    }

    private static JsonObject timing(RunEvent.Timing timing) {
        JsonObject json = new JsonObject();
        json.put("device", timing.device());
        json.put("micros", number(timing.micros()));
        json.put("reason", timing.reason());
        return json;
    }

    private static JsonArray bins(List<RunEvent.Bins> all) {
        JsonArray array = new JsonArray();
        for (RunEvent.Bins bins : all) {
            JsonObject json = null;
            if (bins != null) {
                json = new JsonObject();
                json.put("least", number(bins.least()));
                json.put("greatest", number(bins.greatest()));
                json.put("counts", integers(bins.counts()));
            }
            array.add(json);
        }
        return array;
    }

    // Reading

    /** @throws GraphException naming the faulty part */
    public static RunEvent read(String text) {
        JsonObject json = SafeJson.parse(text, RunJson.MAX_CHARACTERS);
        if (!(json.get("event") instanceof String event)) {
            throw RunJson.wrong("event", EVENTS);
        }
        return switch (event) {
            case "started" -> {
                JsonFields f = fields(json, "batches", "total", "train", "test", "classes", "features", "parameters");
                yield new RunEvent.Started(whole(f, "batches"), RunJson.count(f, "total"), whole(f, "train"),
                        whole(f, "test"), texts(f, "classes"), texts(f, "features"), texts(f, "parameters"));
            }
            case "at" -> {
                JsonFields f = fields(json, "state", "batch", "epoch", "rate");
                yield new RunEvent.At(state(f), RunJson.count(f, "batch"), whole(f, "epoch"), f.number("rate"));
            }
            case "losses" -> {
                JsonFields f = fields(json, "first", "losses", "norms");
                yield new RunEvent.Losses(RunJson.count(f, "first"), numbers(f, "losses"), numbers(f, "norms"));
            }
            case "epoch_end" -> {
                JsonFields f = fields(json, "epoch", "batch", "trainLoss", "testLoss", "trainAccuracy", "testAccuracy",
                        "lr");
                yield new RunEvent.EpochEnd(whole(f, "epoch"), RunJson.count(f, "batch"), f.number("trainLoss"),
                        f.number("testLoss"), f.number("trainAccuracy"), f.number("testAccuracy"), f.number("lr"));
            }
            case "warning" -> {
                JsonFields f = fields(json, "batch", "code", "node", "value");
                yield new RunEvent.Warning(RunJson.count(f, "batch"), f.text("code"),
                        f.has("node") ? f.text("node") : null, f.number("value"));
            }
            case "place" -> {
                JsonFields f = fields(json, "batch", "device", "timings");
                List<RunEvent.Timing> timings = new ArrayList<>();
                for (Object timing : f.list("timings", MAX_TEXTS)) {
                    JsonFields t = JsonFields.of(timing, "timings[" + timings.size() + "]",
                            List.of("device", "micros", "reason"));
                    timings.add(new RunEvent.Timing(t.text("device"), t.number("micros"),
                            t.has("reason") ? t.text("reason") : null));
                }
                yield new RunEvent.Place(RunJson.count(f, "batch"), f.text("device"), timings);
            }
            case "boundary" -> {
                JsonFields f = fields(json, "batch", "columns", "rows", "range", "classes", "values", "points");
                yield new RunEvent.Boundary(RunJson.count(f, "batch"), whole(f, "columns"), whole(f, "rows"),
                        numbers(f, "range"), f.has("classes") ? integers(f, "classes") : null, numbers(f, "values"),
                        numbers(f, "points"));
            }
            case "line" -> {
                JsonFields f = fields(json, "batch", "line", "points");
                yield new RunEvent.Line(RunJson.count(f, "batch"), numbers(f, "line"), numbers(f, "points"));
            }
            case "confusion" -> {
                JsonFields f = fields(json, "batch", "classes", "counts");
                yield new RunEvent.Confusion(RunJson.count(f, "batch"), whole(f, "classes"), integers(f, "counts"));
            }
            case "predictions" -> {
                JsonFields f = fields(json, "batch", "samples");
                List<RunEvent.Prediction> samples = new ArrayList<>();
                for (Object sample : f.list("samples", MAX_TEXTS)) {
                    JsonFields s = JsonFields.of(sample, "samples[" + samples.size() + "]",
                            List.of("features", "target", "predicted", "share"));
                    samples.add(new RunEvent.Prediction(numbers(s, "features"), s.number("target"),
                            s.number("predicted"), s.number("share")));
                }
                yield new RunEvent.Predictions(RunJson.count(f, "batch"), samples);
            }
            case "histograms" -> {
                JsonFields f = fields(json, "batch", "values", "gradients");
                yield new RunEvent.Histograms(RunJson.count(f, "batch"), bins(f, "values"), bins(f, "gradients"));
            }
            case "norms" -> {
                JsonFields f = fields(json, "batch", "norms");
                yield new RunEvent.Norms(RunJson.count(f, "batch"), numbers(f, "norms"));
            }
            case "saved" -> {
                JsonFields f = fields(json, "batch", "bytes");
                yield new RunEvent.Saved(RunJson.count(f, "batch"), RunJson.bytes(f, "bytes"));
            }
            case "failed" -> {
                JsonFields f = fields(json, "code", "arguments", "torch");
                Reason reason = new Reason(code(f), texts(f, "arguments"), f.has("torch") ? f.text("torch") : null);
                if (reason.arguments().size() < reason.code().arguments()) {
                    throw RunJson.wrong("arguments", "a list of " + reason.code().arguments() + " texts");
                }
                yield new RunEvent.Failed(reason);
            }
            default -> throw RunJson.wrong("event", EVENTS);
        };
    }

    private static JsonFields fields(JsonObject json, String... names) {
        List<String> all = new ArrayList<>(List.of(names));
        all.add("event");
        return JsonFields.of(json, "", all);
    }

    private static int whole(JsonFields fields, String name) {
        return fields.integer(name, 0, Integer.MAX_VALUE);
    }

    private static RunEvent.State state(JsonFields fields) {
        String text = fields.text("state");
        for (RunEvent.State state : RunEvent.State.values()) {
            if (state.name().toLowerCase(Locale.ROOT).equals(text)) {
                return state;
            }
        }
        throw RunJson.wrong("state", "running, paused, done, diverged or stopped");
    }

    private static Reason.Code code(JsonFields fields) {
        String text = fields.text("code");
        for (Reason.Code code : Reason.Code.values()) {
            if (code.name().equals(text)) {
                return code;
            }
        }
        throw RunJson.wrong("code", "the code of a reason");
    }

    private static List<String> texts(JsonFields fields, String name) {
        List<String> texts = new ArrayList<>();
        for (Object text : fields.list(name, MAX_TEXTS)) {
            texts.add(JsonFields.text(text, fields.path(name)));
        }
        return texts;
    }

    private static double[] numbers(JsonFields fields, String name) {
        List<?> list = fields.list(name, MAX_NUMBERS);
        double[] numbers = new double[list.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = JsonFields.number(list.get(i), fields.path(name));
        }
        return numbers;
    }

    private static int[] integers(JsonFields fields, String name) {
        List<?> list = fields.list(name, MAX_NUMBERS);
        int[] numbers = new int[list.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = JsonFields.integer(list.get(i), fields.path(name), 0, Integer.MAX_VALUE);
        }
        return numbers;
    }

    private static List<RunEvent.Bins> bins(JsonFields fields, String name) {
        List<RunEvent.Bins> all = new ArrayList<>();
        for (Object entry : fields.list(name, MAX_TEXTS)) {
            JsonFields f = entry == null ? null : JsonFields.of(entry, fields.path(name + "[" + all.size() + "]"),
                    List.of("least", "greatest", "counts"));
            all.add(f == null ? null : new RunEvent.Bins(f.number("least"), f.number("greatest"),
                    integers(f, "counts")));
        }
        return all;
    }
}

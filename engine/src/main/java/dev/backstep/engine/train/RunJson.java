package dev.backstep.engine.train;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonWriter;
import dev.backstep.engine.graph.GraphException;
import dev.backstep.engine.graph.GraphJson;
import dev.backstep.engine.graph.JsonFields;
import dev.backstep.engine.graph.Reason;
import dev.backstep.engine.graph.SafeJson;
import java.util.Base64;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Runs and commands as JSON, for whoever runs elsewhere; {@link EventJson} has the events. Each is read as anybody may
 * have written it: what does not fit is refused with its place.
 */
public final class RunJson {
    /** The longest text that is read: a run with a checkpoint and tables. */
    public static final int MAX_CHARACTERS = 64 << 20;

    private static final int MAX_TABLES = 16;
    private static final int MAX_FIGURES = 16;

    private RunJson() {}

    // Runs

    public static String write(Run run) {
        JsonObject json = new JsonObject();
        json.put("document", GraphJson.toJson(run.graph()));
        if (!run.tables().isEmpty()) {
            json.put("tables", new JsonObject(run.tables()));
        }
        if (run.checkpoint() != null) {
            json.put("checkpoint", Base64.getEncoder().encodeToString(run.checkpoint()));
        }
        if (!run.device().equals(Fastest.AUTO)) {
            json.put("device", run.device());
        }
        return JsonWriter.string(json);
    }

    /** @throws GraphException naming the faulty part */
    public static Run readRun(String text) {
        JsonFields fields = JsonFields.of(SafeJson.parse(text, MAX_CHARACTERS), "",
                List.of("document", "tables", "checkpoint", "device"));
        Map<String, String> tables = new LinkedHashMap<>();
        if (fields.has("tables")) {
            JsonObject object = fields.object("tables");
            if (object.size() > MAX_TABLES) {
                throw new GraphException("tables", Reason.of(Reason.Code.TOO_MANY, MAX_TABLES, "tables"));
            }
            for (Map.Entry<String, Object> table : object.entrySet()) {
                tables.put(table.getKey(), JsonFields.text(table.getValue(), "tables." + table.getKey()));
            }
        }
        byte[] checkpoint = fields.has("checkpoint") ? bytes(fields, "checkpoint") : null;
        return new Run(GraphJson.read(fields.object("document"), "document"), tables, checkpoint,
                fields.has("device") ? fields.text("device") : Fastest.AUTO);
    }

    static byte[] bytes(JsonFields fields, String name) {
        try {
            return Base64.getDecoder().decode(fields.text(name));
        } catch (IllegalArgumentException noBase64) {
            throw wrong(fields.path(name), "base64");
        }
    }

    static GraphException wrong(String path, String what) {
        return new GraphException(path, Reason.of(Reason.Code.WRONG_KIND, what));
    }

    // Commands

    public static String write(RunCommand command) {
        JsonObject json = new JsonObject();
        switch (command) {
            case RunCommand.Resume _ -> json.put("do", "resume");
            case RunCommand.Pause _ -> json.put("do", "pause");
            case RunCommand.Batches batches -> {
                json.put("do", "batches");
                json.put("count", batches.count());
            }
            case RunCommand.Epoch _ -> json.put("do", "epoch");
            case RunCommand.Seek seek -> {
                json.put("do", "seek");
                json.put("batch", seek.batch());
            }
            case RunCommand.Reset _ -> json.put("do", "reset");
            case RunCommand.Watch watch -> {
                json.put("do", "watch");
                JsonArray figures = new JsonArray();
                watch.figures().forEach(figure -> figures.add(figure.name().toLowerCase(Locale.ROOT)));
                json.put("figures", figures);
            }
            case RunCommand.Save _ -> json.put("do", "save");
            case RunCommand.Stop _ -> json.put("do", "stop");
        }
        return JsonWriter.string(json);
    }

    /** @throws GraphException naming the faulty part */
    public static RunCommand readCommand(String text) {
        JsonObject json = SafeJson.parse(text);
        JsonFields all = JsonFields.of(json, "", List.of("do", "count", "batch", "figures"));
        String what = all.text("do");
        return switch (what) {
            case "resume" -> plain(json, new RunCommand.Resume());
            case "pause" -> plain(json, new RunCommand.Pause());
            case "batches" -> new RunCommand.Batches(
                    JsonFields.of(json, "", List.of("do", "count")).integer("count", -Integer.MAX_VALUE,
                            Integer.MAX_VALUE));
            case "epoch" -> plain(json, new RunCommand.Epoch());
            case "seek" -> new RunCommand.Seek(count(JsonFields.of(json, "", List.of("do", "batch")), "batch"));
            case "reset" -> plain(json, new RunCommand.Reset());
            case "watch" -> new RunCommand.Watch(figures(JsonFields.of(json, "", List.of("do", "figures"))));
            case "save" -> plain(json, new RunCommand.Save());
            case "stop" -> plain(json, new RunCommand.Stop());
            default -> throw wrong("do", "resume, pause, batches, epoch, seek, reset, watch, save or stop");
        };
    }

    private static RunCommand plain(JsonObject json, RunCommand command) {
        JsonFields.of(json, "", List.of("do"));
        return command;
    }

    private static Set<Figure> figures(JsonFields fields) {
        Set<Figure> figures = EnumSet.noneOf(Figure.class);
        for (Object name : fields.list("figures", MAX_FIGURES)) {
            String text = JsonFields.text(name, "figures");
            Figure found = null;
            for (Figure figure : Figure.values()) {
                found = figure.name().toLowerCase(Locale.ROOT).equals(text) ? figure : found;
            }
            if (found == null) {
                throw wrong("figures", "boundary, line, confusion, predictions, histograms or norms");
            }
            figures.add(found);
        }
        return figures;
    }

    /** A whole number from 0 on, as large as doubles have them. */
    static long count(JsonFields fields, String name) {
        double number = fields.number(name);
        if (!(number >= 0 && number <= 1L << 53 && number == Math.rint(number))) {
            throw wrong(fields.path(name), "a whole number from 0 on");
        }
        return (long) number;
    }
}

package dev.backstep.engine.step;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonWriter;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphJson;
import dev.backstep.engine.graph.JsonFields;
import dev.backstep.engine.graph.SafeJson;
import java.util.ArrayList;
import java.util.List;

/**
 * What a link carries: the document, and how one looked at it.
 *
 * @param actions what was done after the first forward, in order
 * @param step where one stood, or {@link #NOT_RUN}
 * @param language the page's language, such as {@code en}; null for the reader's own
 * @param hidden names of the controls that are not shown
 */
public record SharedRun(Graph graph, List<Action> actions, int step, String language, List<String> hidden) {
    /** The step of a document that was not run. */
    public static final int NOT_RUN = -1;

    /** The most actions that a link carries. */
    public static final int MAX_CALLS = 100;

    private static final int MAX_STEP = 100_000_000;

    public SharedRun {
        actions = List.copyOf(actions);
        hidden = List.copyOf(hidden);
    }

    /**
     * Reads what anybody may have written.
     *
     * @throws dev.backstep.engine.graph.GraphException naming the faulty part, and what to do
     */
    public static SharedRun read(String text) {
        JsonObject json = SafeJson.parse(text);
        JsonFields fields = JsonFields.of(json, "", List.of("document", "calls", "step", "language", "hidden"));
        Graph graph = GraphJson.read(fields.object("document"), "document");
        List<Action> actions = new ArrayList<>();
        for (Object call : fields.listOrEmpty("calls", MAX_CALLS)) {
            actions.add(Action.read(call, graph, "calls[" + actions.size() + "]"));
        }
        List<String> hidden = new ArrayList<>();
        for (Object name : fields.listOrEmpty("hidden", MAX_CALLS)) {
            hidden.add(JsonFields.text(name, "hidden[" + hidden.size() + "]"));
        }
        int step = fields.has("step") ? fields.integer("step", 0, MAX_STEP) : NOT_RUN;
        return new SharedRun(graph, actions, step, fields.has("language") ? fields.text("language") : null, hidden);
    }

    /** The same as {@link #read} takes it. */
    public String write() {
        JsonObject json = new JsonObject();
        json.put("document", GraphJson.toJson(graph));
        if (!actions.isEmpty()) {
            JsonArray list = new JsonArray();
            actions.forEach(action -> list.add(action.toJson(graph)));
            json.put("calls", list);
        }
        if (step != NOT_RUN) {
            json.put("step", step);
        }
        if (language != null) {
            json.put("language", language);
        }
        if (!hidden.isEmpty()) {
            json.put("hidden", new JsonArray(hidden));
        }
        return JsonWriter.string(json);
    }

    /** Repeats the run as it was looked at. */
    public Playback replay() {
        return step == NOT_RUN ? Playback.leaves(graph) : Playback.replay(graph, actions, step);
    }
}

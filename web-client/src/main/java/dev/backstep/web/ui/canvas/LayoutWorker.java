package dev.backstep.web.ui.canvas;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import com.grack.nanojson.JsonWriter;
import dev.backstep.web.jso.Assets;
import dev.backstep.web.jso.ModuleWorker;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.teavm.jso.dom.events.MessageEvent;
import org.teavm.jso.workers.Worker;

/** ELK in a worker of its own, loaded the first time a layout is asked for. A newer request makes older ones void. */
final class LayoutWorker {
    private Worker worker;
    private int last;
    private Consumer<Map<String, double[]>> answered;
    private Runnable failed;

    /**
     * Asks for a graph's layout.
     *
     * @param graph as ELK's JSON has it
     * @param places gets each node's left upper corner
     */
    void layOut(JsonObject graph, Consumer<Map<String, double[]>> places, Runnable onFailure) {
        answered = places;
        failed = onFailure;
        if (worker == null) {
            start();
        }
        last++;
        JsonObject message = new JsonObject();
        message.put("id", last);
        message.put("cmd", "layout");
        message.put("graph", graph);
        message.put("layoutOptions", new JsonObject());
        message.put("options", new JsonObject());
        ModuleWorker.post(worker, JsonWriter.string(message));
    }

    private void start() {
        worker = ModuleWorker.start(Assets.url("js/layout.js"));
        worker.onMessage((MessageEvent event) -> take(ModuleWorker.json(event.getData())));
        worker.onError(event -> {
            worker.terminate();
            worker = null;
            failed.run();
        });
        JsonObject register = new JsonObject();
        register.put("id", 0);
        register.put("cmd", "register");
        register.put("algorithms", JsonArray.from("layered"));
        ModuleWorker.post(worker, JsonWriter.string(register));
    }

    private void take(String json) {
        try {
            JsonObject answer = JsonParser.object().from(json);
            if (answer.getInt("id") != last) {
                return;
            }
            JsonObject data = answer.getObject("data");
            if (data == null || !data.has("children")) {
                failed.run();
                return;
            }
            Map<String, double[]> places = new LinkedHashMap<>();
            collect(data, 0, 0, places);
            answered.accept(places);
        } catch (JsonParserException notJson) {
            failed.run();
        }
    }

    /** A box with others in it lies around those: only they have places. */
    private static void collect(JsonObject parent, double x, double y, Map<String, double[]> places) {
        for (Object child : parent.getArray("children")) {
            JsonObject node = (JsonObject) child;
            double left = x + node.getDouble("x");
            double top = y + node.getDouble("y");
            if (node.has("children") && !node.getArray("children").isEmpty()) {
                collect(node, left, top, places);
            } else {
                places.put(node.getString("id"), new double[] {left, top});
            }
        }
    }
}

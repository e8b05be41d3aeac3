package dev.backstep.web.train;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonWriter;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphJson;
import java.util.List;

/**
 * A document and the values that vary in it: a run for each combination.
 *
 * @param axes each of another knob
 */
public record SweepPlan(Graph graph, List<Axis> axes) {
    /** @param values at least one, each once; whole numbers where the knob takes no others */
    public record Axis(Knob knob, List<Double> values) {
        public Axis {
            values = List.copyOf(values);
        }
    }

    public SweepPlan {
        axes = List.copyOf(axes);
    }

    /** How many runs it asks for. */
    public long runs() {
        long runs = 1;
        for (Axis axis : axes) {
            runs *= axis.values().size();
        }
        return runs;
    }

    /**
     * What a server is sent; seeds are its last axis.
     *
     * @throws dev.backstep.engine.graph.GraphException where a layer would be too large
     */
    public String request() {
        JsonObject request = new JsonObject();
        request.put("document", GraphJson.toJson(graph));
        JsonArray list = new JsonArray();
        for (Axis axis : axes) {
            Knob knob = axis.knob();
            if (knob.kind() == Knob.Kind.SEED) {
                request.put("seeds", values(axis));
                continue;
            }
            JsonObject json = new JsonObject();
            json.put("name", knob.name());
            if (knob.kind() == Knob.Kind.WIDTH) {
                MlpWidth.write(graph, graph.node(knob.node()), axis.values(), json);
            } else {
                json.put("of", JsonArray.from(target(knob.node(), knob.attr())));
                json.put("values", values(axis));
            }
            list.add(json);
        }
        request.put("axes", list);
        return JsonWriter.string(request);
    }

    static JsonObject target(String node, String attr) {
        JsonObject target = new JsonObject();
        target.put("node", node);
        target.put("attr", attr);
        return target;
    }

    private static JsonArray values(Axis axis) {
        JsonArray values = new JsonArray();
        for (double value : axis.values()) {
            if (axis.knob().isWhole()) {
                values.add((long) value);
            } else {
                values.add(value);
            }
        }
        return values;
    }
}

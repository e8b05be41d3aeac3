package dev.backstep.engine.step;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.Nested;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.graph.Reason;
import dev.backstep.engine.tensor.Edge;
import dev.backstep.engine.tensor.Tensor;
import java.util.List;

/** What {@code window.backstep.state()} tells of a run at a step, as described in {@code docs/embedding.md}. */
public final class State {
    private State() {}

    /** Numbers are written shortest so that they read back the same; NaN and the infinities are texts. */
    public static JsonObject of(Playback playback, int step) {
        Timeline timeline = playback.timeline();
        JsonObject state = new JsonObject();
        state.put("step", step);
        state.put("steps", timeline.size());
        state.put("event", step == 0 ? null : event(playback, step - 1));
        state.put("error", error(playback, step));
        state.put("tensors", tensors(playback, step));
        return state;
    }

    private static JsonObject event(Playback playback, int index) {
        JsonObject json = event(playback.graph(), playback.timeline().event(index));
        List<BackwardGraph.Freed> freed = playback.timeline().backwardGraph().freedIn(index);
        if (!freed.isEmpty()) {
            JsonArray nodes = new JsonArray();
            freed.forEach(one -> nodes.add(freed(one)));
            json.put("freed", nodes);
        }
        return json;
    }

    private static JsonObject freed(BackwardGraph.Freed freed) {
        JsonObject json = new JsonObject();
        json.put("node", freed.node().name());
        JsonArray saved = new JsonArray();
        freed.node().saved().forEach(kept -> saved.add(kept.name()));
        json.put("saved", saved);
        json.put("bytes", freed.bytes());
        return json;
    }

    private static JsonObject event(Graph graph, Event event) {
        JsonObject json = new JsonObject();
        switch (event) {
            case Event.Forward forward -> {
                json.put("kind", "forward");
                json.put("name", graph.node(forward.box()).label());
            }
            case Event.Again _ -> {
                json.put("kind", "again");
                json.put("name", null);
            }
            case Event.Acted acted -> {
                json.put("kind", acted.action().toJson(graph).get("do"));
                JsonArray names = new JsonArray();
                acted.boxes().forEach(box -> names.add(graph.node(box).label()));
                json.put("names", names);
                if (acted.norm() != null) {
                    json.put("norm", Nested.of(acted.norm()));
                }
            }
            case Event.Hook hook -> {
                json.put("kind", "hook");
                json.put("name", graph.node(hook.box()).label());
                json.put("tensor", hook.port() == null ? null : graph.name(hook.port()));
                json.put("before", hook.before() == null ? null : Nested.of(hook.before()));
                json.put("after", hook.after() == null ? null : Nested.of(hook.after()));
            }
            case Event.Start start -> {
                json.put("kind", "backward");
                json.put("name", graph.name(start.target()));
                json.put("gradient", Nested.of(start.gradient()));
            }
            case Event.NodeRun run -> {
                json.put("kind", "node");
                json.put("name", run.box() == null ? null : graph.node(run.box()).label());
                json.put("node", run.name());
                JsonArray sent = new JsonArray();
                run.arrivals().forEach(arrival -> sent.add(arrival(graph, arrival)));
                json.put("sent", sent);
            }
            case Event.Accumulate accumulate -> {
                json.put("kind", "accumulate");
                json.put("name", graph.node(accumulate.box()).label());
                json.put("gradient", Nested.of(accumulate.added()));
            }
            case Event.Refused refused -> {
                json.put("kind", "error");
                json.put("name", refused.box() == null ? null : graph.node(refused.box()).label());
            }
        }
        return json;
    }

    private static JsonObject arrival(Graph graph, Event.Arrival arrival) {
        JsonObject json = new JsonObject();
        json.put("to", arrival.port() == null ? null : graph.name(arrival.port()));
        json.put("gradient", Nested.of(arrival.added()));
        json.put("sum", Nested.of(arrival.after()));
        return json;
    }

    /** What was refused last by that step; else the first box that cannot be called as the document stands. */
    private static JsonObject error(Playback playback, int step) {
        Graph graph = playback.graph();
        for (int i = step - 1; i >= 0; i--) {
            if (playback.timeline().event(i) instanceof Event.Refused refused) {
                return error(graph, refused.box(), refused.kind(), refused.message());
            }
        }
        for (GraphNode node : graph.order()) {
            Reason reason = playback.reason(node.id());
            if (reason != null && reason.torch() == null) {
                return error(graph, node.id(), null, reason.text());
            }
        }
        return null;
    }

    private static JsonObject error(Graph graph, String box, String kind, String message) {
        JsonObject json = new JsonObject();
        json.put("name", box == null ? null : graph.node(box).label());
        json.put("type", kind);
        json.put("message", message);
        return json;
    }

    private static JsonObject tensors(Playback playback, int step) {
        JsonObject tensors = new JsonObject();
        for (GraphNode node : playback.graph().order()) {
            for (int i = 0; i < NodeTypes.of(node).outputs().size(); i++) {
                Port port = new Port(node.id(), i);
                Tensor value = playback.timeline().valueAt(port, step);
                if (value != null) {
                    tensors.put(playback.graph().name(port), tensor(playback, port, value, step));
                }
            }
        }
        return tensors;
    }

    private static JsonObject tensor(Playback playback, Port port, Tensor value, int step) {
        Timeline.Status status = playback.timeline().statusAt(port, step);
        Tensor grad = playback.timeline().gradAt(port, step);
        JsonObject json = new JsonObject();
        JsonArray shape = new JsonArray();
        for (int extent : value.shape()) {
            shape.add(extent);
        }
        json.put("shape", shape);
        json.put("dtype", value.dtype().torch());
        json.put("value", Nested.of(value));
        json.put("grad", grad == null ? null : Nested.of(grad));
        json.put("requiresGrad", status.requiresGrad());
        json.put("isLeaf", status.isLeaf());
        json.put("gradFn", status.isLeaf() ? null : status.gradFn().name());
        json.put("nextFunctions", status.isLeaf() ? null : next(status.gradFn().next()));
        json.put("version", value.version());
        return json;
    }

    private static JsonArray next(List<Edge> edges) {
        JsonArray pairs = new JsonArray();
        for (Edge edge : edges) {
            pairs.add(JsonArray.from(edge.node() == null ? null : edge.node().name(), edge.inputNr()));
        }
        return pairs;
    }
}

package dev.backstep.server.runs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backstep.engine.graph.DataBox;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphException;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.engine.train.RunJson;
import dev.backstep.server.http.Problem;
import io.javalin.http.HttpStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * One document and the values that vary in it: a point for each combination, the last axis fastest.
 *
 * @param axes what varies, as it was asked for; seeds are the last of them
 */
record Grid(ObjectNode document, List<Axis> axes) {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String SEED = "seed";
    private static final int MOST_AXES = 8;

    /** An attribute of a box. */
    record Target(String node, String attr) {}

    /**
     * One thing that varies.
     *
     * @param name what it is called in the table
     * @param of the attributes it sets; where there are several, each value is a list with one for each of them, but of
     *     the axis of seeds, whose values go to all
     */
    record Axis(String name, List<Target> of, List<JsonNode> values, boolean isSeed) {}

    /** A combination: its value on each axis, and the document with them. */
    record Point(ArrayNode values, String document) {}

    /**
     * Reads {@code {document, axes: [{name?, of: [{node, attr}], values: [...]}], seeds?: [...]}}.
     *
     * @throws Problem 400 naming the faulty part
     */
    static Grid read(String body) {
        JsonNode json = parse(body);
        if (!(json.path("document") instanceof ObjectNode document)) {
            throw wrong("document: a sweep needs a graph document");
        }
        Graph graph = graph(document);
        List<Axis> axes = new ArrayList<>();
        for (JsonNode axis : json.path("axes")) {
            axes.add(axis(graph, axis, "axes[" + axes.size() + "]"));
        }
        if (json.has("seeds")) {
            axes.add(new Axis(SEED, seeds(graph), values(json.path("seeds"), "seeds"), true));
        }
        if (axes.isEmpty() || axes.size() > MOST_AXES) {
            throw wrong("axes: give 1 to " + MOST_AXES + " things that vary, or seeds");
        }
        return new Grid(document, List.copyOf(axes));
    }

    private static JsonNode parse(String body) {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw wrong("The body is no JSON: " + e.getOriginalMessage());
        }
    }

    private static Graph graph(ObjectNode document) {
        try {
            return RunJson.readRun(JSON.createObjectNode().set("document", document).toString()).graph();
        } catch (GraphException broken) {
            throw wrong(broken.getMessage());
        }
    }

    private static Problem wrong(String detail) {
        return new Problem(HttpStatus.BAD_REQUEST, detail);
    }

    private static Axis axis(Graph graph, JsonNode json, String path) {
        List<Target> of = new ArrayList<>();
        for (JsonNode target : json.path("of")) {
            String at = path + ".of[" + of.size() + "]";
            GraphNode node = graph.node(target.path("node").asText());
            if (node == null) {
                throw wrong(at + ".node: the document has no box \"" + target.path("node").asText() + "\"");
            }
            String attr = target.path("attr").asText();
            if (!has(node, attr)) {
                throw wrong(at + ".attr: " + node.label() + " has no attribute \"" + attr + "\"");
            }
            of.add(new Target(node.id(), attr));
        }
        if (of.isEmpty()) {
            throw wrong(path + ".of: name at least one attribute of a box");
        }
        List<JsonNode> values = values(json.path("values"), path + ".values");
        for (JsonNode value : values) {
            if (of.size() > 1 && (!value.isArray() || value.size() != of.size())) {
                throw wrong(path + ".values: each has to be a list of " + of.size()
                        + ", one for each attribute that the axis sets");
            }
        }
        String name = json.path("name").asText(graph.node(of.getFirst().node()).label() + "." + of.getFirst().attr());
        return new Axis(name, List.copyOf(of), values, false);
    }

    private static boolean has(GraphNode node, String attr) {
        return NodeTypes.of(node).attrs().stream().anyMatch(spec -> spec.name().equals(attr));
    }

    private static List<JsonNode> values(JsonNode json, String path) {
        if (!json.isArray() || json.isEmpty()) {
            throw wrong(path + ": give a list of at least one value");
        }
        List<JsonNode> values = new ArrayList<>();
        json.forEach(values::add);
        return List.copyOf(values);
    }

    /** What draws: parameters and the loop. The samples stay the same ones. */
    private static List<Target> seeds(Graph graph) {
        return graph.nodes().stream().filter(node -> !node.type().equals(DataBox.TYPE.type()))
                .filter(node -> has(node, SEED)).map(node -> new Target(node.id(), SEED)).toList();
    }

    /** How many points there are; {@code Long.MAX_VALUE} where that is no number any more. */
    long size() {
        long size = 1;
        for (Axis axis : axes) {
            size = size > Integer.MAX_VALUE ? Long.MAX_VALUE : size * axis.values().size();
        }
        return size;
    }

    /** All of them, in order, each made when it is looked at. */
    Stream<Point> points() {
        return Stream.iterate(0, i -> i < size(), i -> i + 1).map(this::point);
    }

    private Point point(int number) {
        ObjectNode changed = document.deepCopy();
        JsonNode[] values = new JsonNode[axes.size()];
        for (int a = axes.size() - 1, rest = number; a >= 0; a--) {
            Axis axis = axes.get(a);
            values[a] = axis.values().get(rest % axis.values().size());
            rest /= axis.values().size();
            for (int t = 0; t < axis.of().size(); t++) {
                boolean each = axis.of().size() > 1 && !axis.isSeed();
                set(changed, axis.of().get(t), each ? values[a].get(t) : values[a]);
            }
        }
        return new Point(JsonNodeFactory.instance.arrayNode().addAll(List.of(values)), changed.toString());
    }

    private static void set(ObjectNode document, Target target, JsonNode value) {
        for (JsonNode node : document.path("nodes")) {
            if (node.path("id").asText().equals(target.node())) {
                ((ObjectNode) node).withObject("/attrs").set(target.attr(), value);
            }
        }
    }

    /** The axes as the database and the interface over HTTP have them. */
    ArrayNode axesJson() {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (Axis axis : axes) {
            ObjectNode json = list.addObject().put("name", axis.name());
            if (!axis.isSeed()) {
                axis.of().forEach(target -> json.withArray("of").addObject().put("node", target.node())
                        .put("attr", target.attr()));
            }
            json.putArray("values").addAll(axis.values());
        }
        return list;
    }
}

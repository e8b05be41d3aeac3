package dev.backstep.engine.graph;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonWriter;
import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.data.Csv;
import dev.backstep.engine.formula.Formula;
import dev.backstep.engine.graph.Reason.Code;
import dev.backstep.engine.tensor.AttrSpec;
import dev.backstep.engine.tensor.NodeType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Documents as JSON; the format is described in {@code docs/document-format.md}. */
public final class GraphJson {
    /** The version that is written; older ones are read. */
    public static final int FORMAT = 1;

    /** Where boxes may lie, in pixels from the origin. */
    private static final double MAX_PLACE = 1e6;

    /** Entry i turns a document of format i + 1 into one of format i + 2. */
    private static final List<UnaryOperator<JsonObject>> MIGRATIONS = List.of();

    private GraphJson() {}

    /**
     * Reads a document that anybody may have written.
     *
     * @throws GraphException naming the faulty part, and what to do
     */
    public static Graph read(String text) {
        return read(SafeJson.parse(text), "");
    }

    /**
     * Reads a document out of parsed JSON.
     *
     * @param path names it in messages; empty where it stands alone
     */
    public static Graph read(JsonObject json, String path) {
        JsonObject current = migrate(json, path, MIGRATIONS);
        JsonFields fields = JsonFields.of(current, path, List.of("format", "nodes", "wires", "target"));
        List<?> nodes = fields.list("nodes", Graph.MAX_NODES);
        List<?> wires = fields.listOrEmpty("wires", Graph.MAX_WIRES);
        List<GraphNode> readNodes = new ArrayList<>(nodes.size());
        Labels labels = new Labels();
        for (int i = 0; i < nodes.size(); i++) {
            readNodes.add(node(nodes.get(i), fields.path("nodes[" + i + "]"), labels));
        }
        List<Wire> readWires = new ArrayList<>(wires.size());
        for (int i = 0; i < wires.size(); i++) {
            String wirePath = fields.path("wires[" + i + "]");
            JsonFields wire = JsonFields.of(wires.get(i), wirePath, List.of("from", "to"));
            readWires.add(new Wire(port(wire, "from"), port(wire, "to")));
        }
        Port target = fields.has("target") ? port(fields, "target") : null;
        try {
            return Graph.of(readNodes, readWires, target);
        } catch (GraphException refused) {
            throw new GraphException(fields.path(refused.path()), refused.reason());
        }
    }

    /** The document in the newest format: the same JSON where it has that already. */
    static JsonObject migrate(JsonObject json, String path, List<UnaryOperator<JsonObject>> migrations) {
        int newest = migrations.size() + 1;
        Object format = json.get("format");
        String formatPath = path.isEmpty() ? "format" : path + ".format";
        if (format == null) {
            throw new GraphException(formatPath, Code.MISSING, newest);
        }
        long version = JsonFields.integer(format, formatPath);
        if (version > newest) {
            throw new GraphException(formatPath, Code.NEWER_FORMAT, version, newest);
        }
        if (version < 1) {
            throw new GraphException(formatPath, Code.UNKNOWN_FORMAT, version, newest);
        }
        JsonObject current = json;
        for (int i = (int) version - 1; i < migrations.size(); i++) {
            current = migrations.get(i).apply(current);
        }
        return current;
    }

    private static GraphNode node(Object json, String path, Labels labels) {
        JsonFields fields = JsonFields.of(json, path, List.of("id", "type", "label", "attrs", "at"));
        String id = JsonFields.shown(fields.text("id"));
        String typeName = fields.text("type");
        NodeType type = NodeTypes.find(typeName);
        if (type == null) {
            throw new GraphException(fields.path("type"), Code.UNKNOWN_TYPE, JsonFields.shown(typeName));
        }
        String label = fields.has("label") ? fields.text("label") : null;
        if (label != null && !Labels.isLabel(label)) {
            throw new GraphException(fields.path("label"), Code.BAD_LABEL, Labels.MAX_LENGTH);
        }
        Attrs attrs = fields.has("attrs") ? attrs(fields.get("attrs"), type, fields.path("attrs")) : Attrs.NONE;
        label = labels.take(label, type.with(attrs));
        double[] at = {0, 0};
        if (fields.has("at")) {
            List<?> list = pair(fields, "at", "two numbers, [x, y]");
            at[0] = place(list.get(0), fields.path("at[0]"));
            at[1] = place(list.get(1), fields.path("at[1]"));
        }
        return new GraphNode(id, typeName, label, attrs, at[0], at[1]);
    }

    private static double place(Object json, String path) {
        double value = JsonFields.number(json, path);
        if (Double.isNaN(value) || Math.abs(value) > MAX_PLACE) {
            throw new GraphException(path, Code.OUT_OF_RANGE, "a number from -1000000 to 1000000");
        }
        return value;
    }

    private static List<?> pair(JsonFields fields, String name, String what) {
        List<?> list = fields.list(name);
        if (list.size() != 2) {
            throw new GraphException(fields.path(name), Code.WRONG_KIND, what);
        }
        return list;
    }

    /** A port, [id, index]. */
    public static Port port(JsonFields fields, String name) {
        List<?> list = pair(fields, name, "a port, [id, index]");
        String id = JsonFields.shown(JsonFields.text(list.get(0), fields.path(name + "[0]")));
        return new Port(id, JsonFields.integer(list.get(1), fields.path(name + "[1]"), 0, Graph.MAX_VARIADIC));
    }

    private static Attrs attrs(Object json, NodeType type, String path) {
        List<AttrSpec> specs = NodeTypes.attrs(type);
        List<String> names = specs.stream().map(AttrSpec::name).toList();
        JsonFields fields = JsonFields.of(json, path, names);
        Map<String, Object> values = new LinkedHashMap<>();
        for (AttrSpec spec : specs) {
            String name = spec.name();
            if (fields.has(name)) {
                String at = fields.path(name);
                Object value = fields.get(name);
                values.put(name, spec.kind() == AttrSpec.Kind.DATA
                        ? Nested.read(value, dtype(fields), at)
                        : attr(spec.kind(), value, at));
            }
        }
        return Attrs.of(values);
    }

    private static DType dtype(JsonFields fields) {
        return fields.has("dtype")
                ? DType.of((String) attr(AttrSpec.Kind.DTYPE, fields.get("dtype"), fields.path("dtype")))
                : DType.FLOAT32;
    }

    private static Object attr(AttrSpec.Kind kind, Object json, String path) {
        return switch (kind) {
            case INT -> (Object) integer(json, path);
            case NUMBER -> (Object) JsonFields.number(json, path);
            case FLAG -> (Object) JsonFields.flag(json, path);
            case TEXT, FORMULA -> text(json, path, Formula.MAX_LENGTH, Code.TOO_LONG);
            case TABLE -> text(json, path, Csv.MAX_CHARACTERS, Code.TABLE_TOO_LONG);
            case IDS -> ids(json, path);
            case NUMBERS -> numbers(json, path);
            case DTYPE -> dtypeName(JsonFields.text(json, path), path);
            case INTS ->
                json instanceof JsonArray list ? integers(list, path) : (Object) integer(json, path);
            case DATA -> Nested.read(json, DType.FLOAT32, path);
        };
    }

    private static String dtypeName(String text, String path) {
        DType type = DType.of(text);
        if (type == null) {
            throw new GraphException(path, Code.WRONG_KIND, "float32, float64, int64 or bool");
        }
        return type.shortName();
    }

    private static String text(Object json, String path, int most, Code refusal) {
        String text = JsonFields.text(json, path);
        if (text.length() > most) {
            throw new GraphException(path, refusal, text.length(), most);
        }
        return text;
    }

    private static List<Object> ids(Object json, String path) {
        if (!(json instanceof JsonArray list)) {
            throw new GraphException(path, Code.WRONG_KIND, "a list of ids");
        }
        if (list.size() > Graph.MAX_NODES) {
            throw new GraphException(path, Code.TOO_MANY, Graph.MAX_NODES, "ids");
        }
        List<Object> ids = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            ids.add(JsonFields.shown(JsonFields.text(list.get(i), path + "[" + i + "]")));
        }
        return ids;
    }

    private static List<Object> numbers(Object json, String path) {
        if (!(json instanceof JsonArray list)) {
            throw new GraphException(path, Code.WRONG_KIND, "a list of numbers");
        }
        if (list.size() > Graph.MAX_VARIADIC) {
            throw new GraphException(path, Code.TOO_MANY, Graph.MAX_VARIADIC, "numbers");
        }
        List<Object> numbers = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            numbers.add(JsonFields.number(list.get(i), path + "[" + i + "]"));
        }
        return numbers;
    }

    private static List<Object> integers(JsonArray list, String path) {
        if (list.size() > Graph.MAX_VARIADIC) {
            throw new GraphException(path, Code.TOO_MANY, Graph.MAX_VARIADIC, "numbers");
        }
        List<Object> integers = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            integers.add(integer(list.get(i), path + "[" + i + "]"));
        }
        return integers;
    }

    /** Dimensions, extents and indices, which ops keep in 32 bits. */
    private static long integer(Object json, String path) {
        return JsonFields.integer(json, path, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    /** The document in its one compact form: equal documents give equal texts. */
    public static String write(Graph graph) {
        return JsonWriter.string(toJson(graph));
    }

    /** The document as JSON that is not written out yet. */
    public static JsonObject toJson(Graph graph) {
        JsonObject json = new JsonObject();
        json.put("format", FORMAT);
        JsonArray nodes = new JsonArray();
        for (GraphNode node : graph.nodes()) {
            nodes.add(toJson(node));
        }
        json.put("nodes", nodes);
        if (!graph.wires().isEmpty()) {
            JsonArray wires = new JsonArray();
            for (Wire wire : graph.wires()) {
                JsonObject object = new JsonObject();
                object.put("from", toJson(wire.from()));
                object.put("to", toJson(wire.to()));
                wires.add(object);
            }
            json.put("wires", wires);
        }
        if (graph.target() != null) {
            json.put("target", toJson(graph.target()));
        }
        return json;
    }

    /** A port as {@link #port} reads it. */
    public static JsonArray toJson(Port port) {
        return JsonArray.from(port.node(), port.index());
    }

    private static JsonObject toJson(GraphNode node) {
        JsonObject json = new JsonObject();
        json.put("id", node.id());
        json.put("type", node.type());
        json.put("label", node.label());
        if (!node.attrs().names().isEmpty()) {
            JsonObject attrs = new JsonObject();
            for (AttrSpec spec : NodeTypes.attrs(NodeTypes.of(node))) {
                if (node.attrs().has(spec.name())) {
                    attrs.put(spec.name(), Nested.toJson(node.attrs().get(spec.name())));
                }
            }
            json.put("attrs", attrs);
        }
        json.put("at", JsonArray.from(Nested.toJson(node.x()), Nested.toJson(node.y())));
        return json;
    }
}

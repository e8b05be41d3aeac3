package dev.backstep.web.train;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphException;
import dev.backstep.engine.graph.GraphJson;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.LayerFrame;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.engine.graph.Note;
import dev.backstep.engine.tensor.AttrSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * The width of an MLP's hidden layers. It decides sizes and bounds of its parameters, and where in the seed's numbers
 * each of them begins, so all of these are set together.
 */
final class MlpWidth {
    private static final String MLP = "MLP(";

    private MlpWidth() {}

    /** Whether a box is the frame of an MLP that has a hidden layer, and holds nothing else. */
    static boolean isThere(Graph graph, GraphNode frame) {
        if (!LayerFrame.is(frame) || of(LayerFrame.layer(frame)) == 0) {
            return false;
        }
        List<GraphNode> parts;
        try {
            parts = parts(graph, frame, LayerFrame.layer(frame));
        } catch (GraphException edited) {
            return false;
        }
        List<String> members = Note.members(frame);
        boolean same = members.size() == parts.size();
        for (int i = 0; same && i < parts.size(); i++) {
            same = graph.node(members.get(i)).type().equals(parts.get(i).type());
        }
        return same;
    }

    /** The width of the first hidden layer in a layer's text; 0 where it is no MLP that has one. */
    static int of(String layer) {
        List<String> arguments = arguments(layer);
        return last(arguments) < 2 || !isWhole(arguments.get(1)) ? 0 : Integer.parseInt(arguments.get(1));
    }

    private static List<String> arguments(String layer) {
        List<String> arguments = new ArrayList<>();
        if (layer.startsWith(MLP) && layer.endsWith(")")) {
            for (String argument : layer.substring(MLP.length(), layer.length() - 1).split(",")) {
                arguments.add(argument.strip());
            }
        }
        return arguments;
    }

    private static boolean isWhole(String text) {
        return !text.isEmpty() && text.length() < 10 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** The place of the last width. */
    private static int last(List<String> arguments) {
        int last = arguments.size() - 1;
        while (last >= 0 && !isWhole(arguments.get(last))) {
            last--;
        }
        return last;
    }

    /** The text of an MLP whose hidden layers are all so wide. */
    private static String widened(String layer, long width) {
        List<String> arguments = arguments(layer);
        int last = last(arguments);
        for (int i = 1; i < last; i++) {
            arguments.set(i, String.valueOf(width));
        }
        return MLP + String.join(", ", arguments) + ")";
    }

    /** The boxes of a layer, without its frame, drawn from the seed that the frame's have. */
    private static List<GraphNode> parts(Graph graph, GraphNode frame, String layer) {
        List<GraphNode> nodes = LayerFrame.insert(Graph.EMPTY, layer, LayerFrame.seed(graph, frame), 0, 0).added();
        return nodes.subList(0, nodes.size() - 1);
    }

    /**
     * Writes into an axis of a sweep what these widths set, and to what; the layer's text last.
     *
     * @throws GraphException where a layer would be too large
     */
    static void write(Graph graph, GraphNode frame, List<Double> widths, JsonObject axis) {
        String layer = LayerFrame.layer(frame);
        JsonArray before = attrs(parts(graph, frame, layer));
        List<JsonArray> after = new ArrayList<>();
        JsonArray values = new JsonArray();
        for (double width : widths) {
            after.add(attrs(parts(graph, frame, widened(layer, (long) width))));
            values.add(new JsonArray());
        }
        JsonArray of = new JsonArray();
        List<String> members = Note.members(frame);
        for (int m = 0; m < members.size(); m++) {
            for (AttrSpec spec : NodeTypes.of(graph.node(members.get(m))).attrs()) {
                Object old = value(before, m, spec);
                List<Object> column = new ArrayList<>();
                for (JsonArray boxes : after) {
                    column.add(value(boxes, m, spec));
                }
                if (column.stream().anyMatch(value -> value != null && !value.equals(old))) {
                    of.add(SweepPlan.target(members.get(m), spec.name()));
                    for (int i = 0; i < column.size(); i++) {
                        values.getArray(i).add(column.get(i));
                    }
                }
            }
        }
        of.add(SweepPlan.target(frame.id(), LayerFrame.LAYER));
        for (int i = 0; i < widths.size(); i++) {
            values.getArray(i).add(widened(layer, widths.get(i).longValue()));
        }
        // With the text alone, values would be no lists.
        axis.put("of", of);
        axis.put("values", of.size() > 1 ? values : JsonArray.from(values.getArray(0).get(0)));
    }

    private static JsonArray attrs(List<GraphNode> nodes) {
        return GraphJson.toJson(Graph.of(nodes, List.of(), null)).getArray("nodes");
    }

    private static Object value(JsonArray boxes, int index, AttrSpec spec) {
        JsonObject attrs = boxes.getObject(index).getObject("attrs");
        return attrs == null || !attrs.containsKey(spec.name()) ? spec.fallback() : attrs.get(spec.name());
    }
}

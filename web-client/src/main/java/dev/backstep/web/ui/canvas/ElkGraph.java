package dev.backstep.web.ui.canvas;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.Note;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.graph.Wire;
import dev.backstep.web.session.Framing;
import java.util.List;
import java.util.Set;

/**
 * A part of a document as ELK takes it: boxes of their size, ports where they are, layered from left to right. An open
 * frame is a box with its members in it, a collapsed one a box like any other; comments stay where they are.
 */
final class ElkGraph {
    /** Up to here the better placement is quick enough to wait for; far above it takes seconds. */
    private static final int MANY = 150;

    private final Graph graph;
    private final Scene scene;
    private final Set<String> ids;
    private int count;

    ElkGraph(Graph graph, Scene scene, Set<String> ids) {
        this.graph = graph;
        this.scene = scene;
        this.ids = ids;
    }

    boolean isEmpty() {
        return graph.nodes().stream().noneMatch(node -> ids.contains(node.id()) && !Framing.isNote(node));
    }

    JsonObject json() {
        JsonArray nodes = new JsonArray();
        for (GraphNode node : graph.order()) {
            if (isTop(node)) {
                JsonObject json = Framing.isFrame(node) ? frame(node) : node(node);
                if (json != null) {
                    nodes.add(json);
                }
            }
        }
        JsonArray edges = new JsonArray();
        for (Wire wire : graph.wires()) {
            if (ids.contains(wire.from().node()) && ids.contains(wire.to().node()) && !isWithinOne(wire)) {
                edges.add(edge(edges.size(), wire));
            }
        }
        JsonObject root = new JsonObject();
        root.put("id", "root");
        root.put("layoutOptions", options());
        root.put("children", nodes);
        root.put("edges", edges);
        return root;
    }

    private JsonObject options() {
        JsonObject options = new JsonObject();
        options.put("elk.algorithm", "layered");
        options.put("elk.direction", "RIGHT");
        options.put("elk.hierarchyHandling", "INCLUDE_CHILDREN");
        options.put("elk.spacing.nodeNode", "32");
        options.put("elk.layered.spacing.nodeNodeBetweenLayers", "72");
        options.put("elk.spacing.componentComponent", "56");
        options.put("elk.layered.nodePlacement.strategy", count <= MANY ? "NETWORK_SIMPLEX" : "SIMPLE");
        return options;
    }

    /** Whether a box stands in no frame that is laid out with it. */
    private boolean isTop(GraphNode node) {
        GraphNode frame = graph.frameOf(node.id());
        return ids.contains(node.id()) && !Framing.isComment(node) && (frame == null || !ids.contains(frame.id()));
    }

    /** Whether both ends of a wire lie in one collapsed frame. */
    private boolean isWithinOne(Wire wire) {
        GraphNode frame = Framing.hiding(graph, wire.from().node());
        return frame != null && frame == Framing.hiding(graph, wire.to().node());
    }

    /** A frame; null for one without members, which stays where it is. */
    private JsonObject frame(GraphNode frame) {
        List<String> members = Note.members(frame).stream()
                .filter(id -> ids.contains(id) && !Framing.isNote(graph.node(id))).toList();
        if (members.isEmpty()) {
            return null;
        }
        if (Framing.isCollapsed(frame)) {
            Framing.Border border = Framing.border(graph, frame);
            Box box = scene.box(frame.id());
            JsonArray ports = new JsonArray();
            border.inputs().forEach(port -> ports.add(port(port, true, box)));
            border.outputs().forEach(port -> ports.add(port(port, false, box)));
            return box(frame.id(), box, ports);
        }
        JsonArray children = new JsonArray();
        members.forEach(id -> children.add(node(graph.node(id))));
        JsonObject options = options();
        options.put("elk.padding", "[top=" + (FrameView.PAD + FrameView.HEAD) + ",left=" + FrameView.PAD + ",bottom="
                + FrameView.PAD + ",right=" + FrameView.PAD + "]");
        JsonObject json = new JsonObject();
        json.put("id", frame.id());
        json.put("layoutOptions", options);
        json.put("children", children);
        return json;
    }

    private JsonObject node(GraphNode node) {
        NodeShape shape = NodeShape.of(graph, node);
        Box box = scene.box(node.id());
        JsonArray ports = new JsonArray();
        for (int i = 0; i < shape.inputs(); i++) {
            ports.add(port(new Port(node.id(), i), true, box));
        }
        for (int i = 0; i < shape.outputs(); i++) {
            ports.add(port(new Port(node.id(), i), false, box));
        }
        return box(node.id(), box, ports);
    }

    private JsonObject box(String id, Box box, JsonArray ports) {
        count++;
        JsonObject json = new JsonObject();
        json.put("id", id);
        json.put("width", box.width());
        json.put("height", box.height());
        json.put("layoutOptions", option("elk.portConstraints", "FIXED_POS"));
        json.put("ports", ports);
        return json;
    }

    private JsonObject port(Port port, boolean input, Box box) {
        Scene.Spot spot = input ? scene.input(port) : scene.output(port);
        JsonObject json = new JsonObject();
        json.put("id", id(port, input));
        json.put("x", spot.x() - box.left());
        json.put("y", spot.y() - box.top());
        json.put("width", 0);
        json.put("height", 0);
        json.put("layoutOptions", option("elk.port.side", input ? "WEST" : "EAST"));
        return json;
    }

    private static String id(Port port, boolean input) {
        return port.node() + (input ? ":in:" : ":out:") + port.index();
    }

    private static JsonObject edge(int index, Wire wire) {
        JsonObject json = new JsonObject();
        json.put("id", "e" + index);
        json.put("sources", JsonArray.from(id(wire.from(), false)));
        json.put("targets", JsonArray.from(id(wire.to(), true)));
        return json;
    }

    private static JsonObject option(String name, String value) {
        JsonObject json = new JsonObject();
        json.put(name, value);
        return json;
    }
}

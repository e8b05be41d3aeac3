package dev.backstep.web.session;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.graph.Change;
import dev.backstep.engine.graph.Edits;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.LoopBox;
import dev.backstep.engine.tensor.AttrSpec;
import java.util.List;
import java.util.Map;

/** Edits of the training loop of a document, which has one box for it, or none where it is the usual loop. */
public final class LoopEdits {
    /** How far above the drawing a new box lies. */
    private static final double ABOVE = 150;

    private LoopEdits() {}

    /** The loop's box, or null. */
    public static GraphNode box(Graph graph) {
        return graph.nodes().stream().filter(node -> node.type().equals(LoopBox.TYPE.type())).findFirst().orElse(null);
    }

    /** What an attribute of the loop says, or what it says where it is left out; null for none. */
    public static Object value(Graph graph, String attr) {
        GraphNode box = box(graph);
        return box != null && box.attrs().has(attr) ? box.attrs().get(attr) : spec(attr).fallback();
    }

    /** The attribute's declaration. */
    public static AttrSpec spec(String attr) {
        return LoopBox.TYPE.attrs().stream().filter(spec -> spec.name().equals(attr)).findFirst().orElseThrow();
    }

    /** The edit that sets an attribute of the loop, making its box where there is none; null leaves it out. */
    public static Change set(Graph graph, String attr, Object value) {
        return set(graph, java.util.Collections.singletonMap(attr, value));
    }

    /** The same of several attributes. */
    public static Change set(Graph graph, Map<String, Object> values) {
        GraphNode box = box(graph);
        Attrs attrs = box == null ? Attrs.NONE : box.attrs();
        for (Map.Entry<String, Object> entry : values.entrySet()) {
            Object value = entry.getValue();
            attrs = value == null || value.equals(spec(entry.getKey()).fallback())
                    ? attrs.without(entry.getKey()) : attrs.with(entry.getKey(), value);
        }
        if (box != null) {
            return Edits.update(graph, List.of(box.with(attrs)));
        }
        double left = graph.nodes().stream().mapToDouble(GraphNode::x).min().orElse(0);
        double top = graph.nodes().stream().mapToDouble(GraphNode::y).min().orElse(ABOVE);
        return Edits.add(graph, LoopBox.TYPE, null, attrs, left, top - ABOVE);
    }
}

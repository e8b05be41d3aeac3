package dev.backstep.web.session;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.data.Csv;
import dev.backstep.engine.data.Source;
import dev.backstep.engine.graph.Change;
import dev.backstep.engine.graph.DataBox;
import dev.backstep.engine.graph.Edits;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphNode;
import java.util.ArrayList;
import java.util.List;

/** Edits of data boxes: tables put into them, columns chosen. */
public final class DataEdits {
    private DataEdits() {}

    public static boolean isData(GraphNode node) {
        return node != null && node.type().equals(DataBox.TYPE.type());
    }

    /** Whether a text is a table that a document can hold; longer ones are none. */
    public static boolean fits(String text) {
        return text.length() <= Csv.MAX_CHARACTERS;
    }

    /** Puts a table into a data box, in place of whatever it took its samples from. */
    public static Change table(Graph graph, String id, String text) {
        GraphNode node = graph.node(id);
        return Edits.update(graph, List.of(node.with(node.attrs().without("features").without("target")
                .without("predict").with("source", Source.CSV.id()).with(DataBox.TABLE, text))));
    }

    /** Adds a data box, {@code added().getFirst()}, with a table. */
    public static Change added(Graph graph, String text, double x, double y) {
        return Edits.add(graph, DataBox.TYPE, "data", Attrs.of("source", Source.CSV.id(), DataBox.TABLE, text), x, y);
    }

    /** Chooses the columns to learn from. */
    public static Change features(Graph graph, String id, List<String> names) {
        List<String> quoted = new ArrayList<>();
        for (String name : names) {
            quoted.add(name.indexOf(',') < 0 && name.indexOf('"') < 0 && name.indexOf('\n') < 0 ? name
                    : '"' + name.replace("\"", "\"\"") + '"');
        }
        return update(graph, id, "features", String.join(",", quoted));
    }

    /** Chooses the column to be learned. */
    public static Change target(Graph graph, String id, String name) {
        return update(graph, id, "target", name);
    }

    private static Change update(Graph graph, String id, String attribute, String value) {
        GraphNode node = graph.node(id);
        return Edits.update(graph, List.of(node.with(value.isEmpty() ? node.attrs().without(attribute)
                : node.attrs().with(attribute, value))));
    }
}

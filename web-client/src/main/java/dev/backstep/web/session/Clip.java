package dev.backstep.web.session;

import dev.backstep.engine.graph.Change;
import dev.backstep.engine.graph.Edits;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphException;
import dev.backstep.engine.graph.GraphJson;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.Note;
import java.util.Collection;
import java.util.List;

/** What is copied and pasted: boxes with the wires between them, as the text of a document. */
public final class Clip {
    private Clip() {}

    /** Some boxes, with frames their members, and the wires between them, as text that {@link #read} takes back. */
    public static String write(Graph graph, Collection<String> ids) {
        return GraphJson.write(Edits.part(graph, Framing.withMembers(graph, ids)));
    }

    /** Whether a text was meant to be a document, so that a refusal is worth telling. */
    public static boolean isMeant(String text) {
        return text.stripLeading().startsWith("{");
    }

    /**
     * Reads what was copied, here, in another tab, or out of a file.
     *
     * @throws GraphException where the text is no document
     */
    public static Graph read(String text) {
        return GraphJson.read(text);
    }

    /** Adds a copy of a document's boxes so that the leftmost begins at {@code x} and the topmost at {@code y}. */
    public static Change pasteAt(Graph graph, Graph part, double x, double y) {
        // A frame lies where its members do, whatever it says.
        List<GraphNode> placed = part.nodes().stream()
                .filter(node -> !Framing.isFrame(node) || Note.members(node).isEmpty()).toList();
        double left = placed.stream().mapToDouble(GraphNode::x).min().orElse(0);
        double top = placed.stream().mapToDouble(GraphNode::y).min().orElse(0);
        return Edits.insert(graph, part, Math.round(x - left), Math.round(y - top));
    }

    /** Adds a copy of boxes some way beside them. */
    public static Change duplicate(Graph graph, Collection<String> ids, double dx, double dy) {
        return Edits.insert(graph, Edits.part(graph, Framing.withMembers(graph, ids)), dx, dy);
    }

    /** The ids of the boxes that an edit added, which are selected after it. */
    public static List<String> added(Change change) {
        return change.added().stream().map(GraphNode::id).toList();
    }
}

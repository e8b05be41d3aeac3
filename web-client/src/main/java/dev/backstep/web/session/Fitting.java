package dev.backstep.web.session;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.graph.Change;
import dev.backstep.engine.graph.Edits;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.Inference;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.graph.Reason;
import dev.backstep.engine.graph.Wire;
import dev.backstep.engine.tensor.NodeType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which boxes that are not there yet a port could be wired to. It tries them all on one copy of what feeds the port, so
 * that asking costs one inference and not one a type.
 */
public final class Fitting {
    /** A box one might add. */
    public record Candidate(NodeType type, Attrs attrs) {}

    private Fitting() {}

    /**
     * The first port of each candidate that a port could be wired to, or -1 where none fits.
     *
     * @param source an output, which looks for inputs, where {@code forwards}; else an input
     */
    public static List<Integer> ports(Graph graph, Port source, boolean forwards, List<Candidate> candidates) {
        Graph trial = feeding(graph, source.node());
        List<String> ids = new ArrayList<>();
        List<GraphNode> added = new ArrayList<>();
        for (Candidate candidate : candidates) {
            String id = "trial-" + ids.size();
            ids.add(id);
            added.add(new GraphNode(id, candidate.type().type(), "trial " + ids.size(), candidate.attrs(), 0, 0));
        }
        Inference inference = Inference.of(trial.with(
                new Change(added, List.of(), List.of(), List.of(), List.of(), trial.target(), trial.target())));
        List<Integer> ports = new ArrayList<>();
        for (int i = 0; i < candidates.size(); i++) {
            ports.add(first(inference, source, forwards, candidates.get(i).type(), ids.get(i)));
        }
        return ports;
    }

    private static int first(Inference inference, Port source, boolean forwards, NodeType type, String id) {
        int count = (forwards ? type.inputs() : type.outputs()).size();
        for (int i = 0; i < count; i++) {
            Port port = new Port(id, i);
            Reason reason = forwards ? inference.fits(source, port) : inference.fits(port, source);
            // An attribute that is still to be typed in speaks against no wire.
            if (reason == null || reason.code() == Reason.Code.ATTRIBUTE) {
                return i;
            }
        }
        return -1;
    }

    /** A box with all that feeds it, as a document of their own: enough to ask what fits there. */
    public static Graph feeding(Graph graph, String id) {
        Set<String> found = new LinkedHashSet<>();
        Deque<String> open = new ArrayDeque<>(List.of(id));
        while (!open.isEmpty()) {
            String next = open.remove();
            if (found.add(next)) {
                for (Wire wire : graph.wiresInto(next)) {
                    open.add(wire.from().node());
                }
            }
        }
        return Edits.part(graph, found);
    }
}

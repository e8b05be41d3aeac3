package dev.backstep.web.session;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.graph.Change;
import dev.backstep.engine.graph.Edits;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.Inference;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.graph.Reason;
import dev.backstep.engine.graph.Wire;
import dev.backstep.engine.tensor.NodeType;

/** Puts a box into a wire: what fed the wire's end feeds the box, and the box feeds that end. */
public final class Insertion {
    private Insertion() {}

    /**
     * The edit that puts a box of the document into a wire, by its first free input that fits; null where none does, or
     * where the box is wired to something already behind it.
     */
    public static Change into(Graph graph, String id, Wire wire) {
        boolean atItsEnds = id.equals(wire.from().node()) || id.equals(wire.to().node());
        if (atItsEnds || !graph.wiresFrom(id).isEmpty()) {
            return null;
        }
        NodeType type = NodeTypes.of(graph.node(id));
        Inference before = Inference.of(graph);
        for (int in = 0; in < type.inputs().size(); in++) {
            Port input = new Port(id, in);
            if (graph.wireInto(input) == null && before.fits(wire.from(), input) == null) {
                Graph fed = graph.with(Edits.connect(graph, wire.from(), input));
                Change change = onward(graph, fed, before.after(fed), type, id, wire);
                if (change != null) {
                    return change;
                }
            }
        }
        return null;
    }

    private static Change onward(Graph graph, Graph fed, Inference inference, NodeType type, String id, Wire wire) {
        Reason reason = inference.reason(id);
        if (reason != null && reason.code() != Reason.Code.INPUT_MISSING && reason.code() != Reason.Code.UPSTREAM) {
            return null;
        }
        for (int out = 0; out < type.outputs().size(); out++) {
            Port output = new Port(id, out);
            if (inference.fits(output, wire.to()) == null) {
                return Change.between(graph, fed.with(Edits.connect(fed, output, wire.to())));
            }
        }
        return null;
    }

    /** The edit that adds a box and puts it into a wire; null where no box of that type fits there. */
    public static Change added(Graph graph, NodeType type, Attrs attrs, double x, double y, Wire wire) {
        Change add = Edits.add(graph, type, null, attrs, x, y);
        Graph with = graph.with(add);
        String id = add.added().getFirst().id();
        Change into = into(with, id, wire);
        return into == null ? null : Change.between(graph, with.with(into));
    }
}

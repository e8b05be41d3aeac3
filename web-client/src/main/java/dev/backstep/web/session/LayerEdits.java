package dev.backstep.web.session;

import dev.backstep.engine.graph.Change;
import dev.backstep.engine.graph.Edits;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.Inference;
import dev.backstep.engine.graph.LayerFrame;
import dev.backstep.engine.graph.LayerKind;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.tensor.Meta;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Layers put into the document, and what of them can be guessed. */
public final class LayerEdits {
    private LayerEdits() {}

    /**
     * Adds a layer, whose frame is the last box added.
     *
     * @param source the output that its input is wired to, or null
     * @throws dev.backstep.engine.graph.GraphException where the text is no layer
     */
    public static Change added(Graph graph, String text, long seed, double x, double y, Port source) {
        Change insert = LayerFrame.insert(graph, text, seed, x, y);
        if (source == null) {
            return insert;
        }
        Graph with = graph.with(insert);
        for (GraphNode node : insert.added()) {
            if (!Framing.isNote(node) && !NodeTypes.of(node).isLeaf()) {
                return Change.between(graph, with.with(Edits.connect(with, source, new Port(node.id(), 0))));
            }
        }
        return insert;
    }

    /** The frame of a change that adds a layer. */
    public static GraphNode frame(Change change) {
        return change.added().stream().filter(LayerFrame::is).findFirst().orElseThrow();
    }

    /** A seed that no random leaf of the document has. */
    public static long freeSeed(Graph graph) {
        Set<Long> taken = new HashSet<>();
        for (GraphNode node : graph.nodes()) {
            if (LayerFrame.is(node)) {
                taken.add(LayerFrame.seed(graph, node));
            }
        }
        long seed = 0;
        while (taken.contains(seed)) {
            seed++;
        }
        return seed;
    }

    /** The output that a selected box would feed a layer from: its own, or that of the layer it is; or null. */
    public static Port source(Graph graph, String selected) {
        if (selected == null) {
            return null;
        }
        GraphNode node = graph.node(selected);
        if (LayerFrame.is(node)) {
            List<Port> outputs = Framing.border(graph, node).outputs();
            return outputs.isEmpty() ? null : outputs.getLast();
        }
        return NodeTypes.of(node).outputs().isEmpty() ? null : new Port(selected, 0);
    }

    /** What a layer's settings are at first: as offered, but fed by what comes from an output. */
    public static List<String> settings(LayerKind kind, Inference inference, Port source) {
        List<String> values = new ArrayList<>();
        kind.settings().forEach(setting -> values.add(setting.fallback()));
        Meta meta = source == null ? null : inference.at(source);
        int[] shape = meta == null ? null : meta.shape();
        if (shape == null || shape.length == 0) {
            return values;
        }
        String last = "" + shape[shape.length - 1];
        switch (kind) {
            case LINEAR, BATCH_NORM_1D -> values.set(0, last);
            case CONV2D -> values.set(0, shape.length == 4 ? "" + shape[1] : values.getFirst());
            case MLP -> values.set(0, last + values.getFirst().substring(values.getFirst().indexOf(',')));
            case SEQUENTIAL -> values.set(0, values.getFirst().replace("Linear(2,", "Linear(" + last + ","));
            case DROPOUT, EMBEDDING -> { }
        }
        return values;
    }
}

package dev.backstep.web.train;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.graph.DataBox;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.LayerFrame;
import dev.backstep.engine.graph.LoopBox;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.engine.tensor.AttrSpec;
import dev.backstep.engine.tensor.Group;
import dev.backstep.engine.train.Loop;
import java.util.ArrayList;
import java.util.List;

/**
 * A number of a document that a sweep can vary.
 *
 * @param node the box it belongs to; null for the seed of all that draws
 * @param name what it is called: {@code label.attribute}, or {@code seed}
 * @param attr the box's attribute; of a width, the one that holds the layer's text
 * @param now what the document has there
 */
public record Knob(Kind kind, String node, String name, String attr, double now) {
    /** Numbers, whole ones, the width of an MLP's hidden layers, and the seed of parameters and loop. */
    public enum Kind { NUMBER, WHOLE, WIDTH, SEED }

    private static final String RATE = "lr";
    private static final String SEED = "seed";

    /**
     * What a document has.
     *
     * @param suggested what one most likely wants to vary: learning rates, widths, the seed
     * @param others the other numbers of data, loop and optimizers
     */
    public record Choice(List<Knob> suggested, List<Knob> others) {
        /** All of them, those that are suggested first. */
        public List<Knob> all() {
            List<Knob> all = new ArrayList<>(suggested);
            all.addAll(others);
            return all;
        }
    }

    public static Choice of(Graph graph) {
        List<Knob> rates = new ArrayList<>();
        List<Knob> widths = new ArrayList<>();
        List<Knob> others = new ArrayList<>();
        for (GraphNode node : graph.nodes()) {
            if (MlpWidth.isThere(graph, node)) {
                widths.add(new Knob(Kind.WIDTH, node.id(), node.label() + ".width", LayerFrame.LAYER,
                        MlpWidth.of(LayerFrame.layer(node))));
            } else if (NodeTypes.of(node).group() == Group.OPTIMIZER || node.type().equals(LoopBox.TYPE.type())
                    || node.type().equals(DataBox.TYPE.type())) {
                numbers(node, rates, others);
            }
        }
        rates.addAll(widths);
        rates.add(new Knob(Kind.SEED, null, SEED, SEED, Loop.of(graph).seed()));
        return new Choice(List.copyOf(rates), List.copyOf(others));
    }

    private static void numbers(GraphNode node, List<Knob> rates, List<Knob> others) {
        boolean learns = NodeTypes.of(node).group() == Group.OPTIMIZER;
        Attrs attrs = NodeTypes.attrs(node);
        for (AttrSpec spec : NodeTypes.of(node).attrs()) {
            boolean whole = spec.kind() == AttrSpec.Kind.INT;
            if (whole || spec.kind() == AttrSpec.Kind.NUMBER) {
                Knob knob = new Knob(whole ? Kind.WHOLE : Kind.NUMBER, node.id(), node.label() + "." + spec.name(),
                        spec.name(), attrs.number(spec.name(), Double.NaN));
                (learns && spec.name().equals(RATE) ? rates : others).add(knob);
            }
        }
    }

    /** Tells it from the others of its document. */
    public String id() {
        return node + " " + attr;
    }

    /** Whether its values are whole numbers. */
    public boolean isWhole() {
        return kind != Kind.NUMBER;
    }
}

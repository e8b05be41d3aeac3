package dev.backstep.engine.train;

import com.grack.nanojson.JsonWriter;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.Nested;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.engine.graph.OptimizerBox;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.graph.Wire;
import dev.backstep.engine.tensor.NodeType;
import java.util.TreeSet;

/**
 * What tells documents apart that compute differently. Names, places and comments do not count, nor does the loop box:
 * a saved run may go on with other switches.
 */
public final class Fingerprint {
    /** FNV-1a of 64 bits: G. Fowler, L. C. Noll, K.-P. Vo. */
    private long hash = 0xcbf29ce484222325L;

    private Fingerprint() {}

    /** Of what a document computes, in hexadecimal digits. */
    public static String of(Graph graph) {
        Fingerprint print = new Fingerprint();
        for (GraphNode node : graph.nodes()) {
            NodeType type = NodeTypes.of(node);
            if (!type.outputs().isEmpty() || type instanceof OptimizerBox) {
                print.add(node.id()).add(node.type()).add(graph.isUnderNoGrad(node.id()) ? "no_grad" : "");
                for (String name : new TreeSet<>(node.attrs().names())) {
                    print.add(name).add(JsonWriter.string(Nested.toJson(node.attrs().get(name))));
                }
            }
        }
        for (Wire wire : graph.wires()) {
            print.add(wire.from().node()).add("" + wire.from().index()).add(wire.to().node())
                    .add("" + wire.to().index());
        }
        Port target = graph.targetOrLast();
        print.add(target == null ? "" : target.node() + "." + target.index());
        return Long.toHexString(print.hash);
    }

    /** What tells programs apart that train differently, however long. */
    static String of(Loop loop, Graph graph) {
        Fingerprint print = new Fingerprint().add("" + loop.seed());
        for (Loop.Line line : loop.lines(graph)) {
            if (line.on() && line.part() != Loop.Part.EPOCHS) {
                print.add(line.code());
            }
        }
        return Long.toHexString(print.hash);
    }

    private Fingerprint add(String text) {
        for (int i = 0; i < text.length(); i++) {
            mix(text.charAt(i));
        }
        mix('\n');
        return this;
    }

    private void mix(int value) {
        hash = (hash ^ value) * 0x100000001b3L;
    }
}

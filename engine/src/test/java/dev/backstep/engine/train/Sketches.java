package dev.backstep.engine.train;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.graph.Edits;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.Sketch;
import java.util.List;

/** Documents that are trained in tests. */
public final class Sketches {
    private Sketches() {}

    /** A straight line through noise: {@code data.x w + b}, mean squared error. */
    public static Graph line(Attrs loop, String optimizer, Attrs settings) {
        return new Sketch()
                .op("data", "data", Attrs.of("source", "line", "samples", 50, "batch_size", 8, "seed", 3))
                .parameter("w", List.of(List.of(0.5))).parameter("b", List.of(0.0))
                .op("pred", "linear", "data", "w", "b")
                .op("loss", "mse_loss", "pred", "data:1")
                .op("opt", optimizer, settings).op("loop", "loop", loop).graph("loss");
    }

    /** A perceptron 2-8-3 with tanh on gaussians of three classes, cross entropy. */
    public static Graph classes(Attrs data, Attrs loop, String optimizer, Attrs settings) {
        return perceptron(data, loop, "tanh").op("opt", optimizer, settings).graph("loss");
    }

    /** The same without an optimizer. */
    public static Sketch perceptron(Attrs data, Attrs loop, String activation) {
        Attrs all = Attrs.of("source", "gaussians", "classes", 3, "samples", 90, "batch_size", 16, "seed", 5);
        for (String name : data.names()) {
            all = all.with(name, data.get(name));
        }
        return new Sketch().op("data", "data", all)
                .uniform("w1", 0.7, 1, 8, 2).uniform("b1", 0.7, 2, 8).uniform("w2", 0.35, 3, 3, 8)
                .uniform("b2", 0.35, 4, 3)
                .op("h", "linear", "data", "w1", "b1").op("a", activation, "h").op("pred", "linear", "a", "w2", "b2")
                .op("loss", "cross_entropy", "pred", "data:1").op("loop", "loop", loop);
    }

    /** A document with another setting of the box that has that label. */
    public static Graph with(Graph graph, String label, String attribute, Object value) {
        GraphNode box = graph.nodes().stream().filter(node -> node.label().equals(label)).findFirst().orElseThrow();
        return graph.with(Edits.update(graph, List.of(box.with(box.attrs().with(attribute, value)))));
    }
}

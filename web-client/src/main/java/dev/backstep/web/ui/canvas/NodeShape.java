package dev.backstep.web.ui.canvas;

import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.engine.tensor.NodeType;

/** How large a node is and where its ports lie, as css/parts/node.css draws it. Nothing is measured in the page. */
record NodeShape(int inputs, int outputs) {
    static final double WIDTH = 176;

    /** How far below its top a usual node has its middle. */
    static final double MIDDLE = 50;

    private static final double HEAD = 31;
    private static final double HEIGHT = 100;
    private static final double PORT_STEP = 20;

    /** The shape of a node; a variadic one has an input more than are connected. */
    static NodeShape of(Graph graph, GraphNode node) {
        NodeType type = NodeTypes.of(node);
        int inputs = type.inputs().size();
        if (type.variadic()) {
            inputs = graph.wiresInto(node.id()).stream().mapToInt(wire -> wire.to().index() + 2).max().orElse(1);
        }
        return new NodeShape(inputs, type.outputs().size());
    }

    double height() {
        return Math.max(HEIGHT, HEAD + PORT_STEP * Math.max(inputs, outputs) + 6);
    }

    Box box(double x, double y) {
        return new Box(x, y, x + WIDTH, y + height());
    }

    /** How far below the node's top an input lies. */
    double inputY(int index) {
        return portY(index, inputs);
    }

    double outputY(int index) {
        return portY(index, outputs);
    }

    private double portY(int index, int count) {
        return HEAD + (height() - HEAD) * (index + 0.5) / count;
    }
}

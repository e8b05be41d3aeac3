package dev.backstep.web.session;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.graph.Change;
import dev.backstep.engine.graph.Edits;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.Leaf;
import dev.backstep.engine.graph.Nested;
import dev.backstep.engine.tensor.Tensor;
import dev.backstep.web.value.ValueException;
import dev.backstep.web.value.ValueText;
import java.util.List;

/** Edits of a leaf: its numbers, its type, whether it asks for gradients. */
public final class LeafValues {
    private LeafValues() {}

    /**
     * Takes typed text as a leaf's numbers.
     *
     * @throws ValueException where the text is no tensor
     * @throws dev.backstep.engine.graph.GraphException where the leaf's type cannot hold it
     */
    public static Change typed(Graph graph, String id, String text) throws ValueException {
        GraphNode node = graph.node(id);
        Object data = Nested.read(ValueText.read(text), Leaf.dtype(node.attrs()), "data");
        return update(graph, node, data, Leaf.dtype(node.attrs()), Leaf.requiresGrad(node.attrs()));
    }

    /** Gives a leaf another type. Numbers are rounded as PyTorch's {@code to} does; only floats ask for gradients. */
    public static Change dtype(Graph graph, String id, DType type) {
        GraphNode node = graph.node(id);
        Object data = converted(Leaf.data(node.attrs()), type);
        return update(graph, node, data, type, Leaf.requiresGrad(node.attrs()) && type.isFloat());
    }

    public static Change requiresGrad(Graph graph, String id, boolean on) {
        GraphNode node = graph.node(id);
        return update(graph, node, Leaf.data(node.attrs()), Leaf.dtype(node.attrs()), on);
    }

    /** Makes a leaf by rule or from a seed one of typed-in numbers, those it holds: so that they can be changed. */
    public static Change held(Graph graph, String id, Tensor value) {
        GraphNode node = graph.node(id);
        boolean requiresGrad = node.attrs().flag("requires_grad");
        return Edits.update(graph, List.of(new GraphNode(id, Leaf.TYPE.type(), node.label(),
                Leaf.attrs(Nested.of(value), value.dtype(), requiresGrad), node.x(), node.y())));
    }

    private static Change update(Graph graph, GraphNode node, Object data, DType type, boolean requiresGrad) {
        return Edits.update(graph, List.of(node.with(Leaf.attrs(data, type, requiresGrad))));
    }

    private static Object converted(Object data, DType type) {
        return switch (data) {
            case List<?> list -> list.stream().map(part -> converted(part, type)).toList();
            case Boolean flag -> number(flag ? 1 : 0, type);
            default -> number(((Number) data).doubleValue(), type);
        };
    }

    private static Object number(double value, DType type) {
        return switch (type) {
            case BOOL -> value != 0;
            case INT64 -> (Object) (long) value;
            case FLOAT32, FLOAT64 -> (Object) value;
        };
    }
}

package dev.backstep.engine.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.graph.Reason.Code;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Layers as frames: what is in them, how they are changed, what is no layer. */
class LayerFrameTest {
    private static Graph with(Graph graph, String layer) {
        return graph.with(LayerFrame.insert(graph, layer, 3, 100, 50));
    }

    private static List<String> labels(Graph graph) {
        return graph.nodes().stream().map(GraphNode::label).toList();
    }

    @Test
    void partsAreNamedAsPyTorchNamesThem() {
        Graph graph = with(with(Graph.EMPTY, "Linear(2, 8)"), "MLP(8, 4, 1, relu)");
        assertEquals(List.of("linear1.weight", "linear1.bias", "linear1.linear", "linear1", "mlp1.0.weight",
                "mlp1.0.bias", "mlp1.0.linear", "mlp1.1.relu", "mlp1.2.weight", "mlp1.2.bias", "mlp1.2.linear", "mlp1"),
                labels(graph));
        GraphNode frame = graph.nodes().getLast();
        assertEquals("MLP(8, 4, 1, relu)", LayerFrame.layer(frame));
        assertEquals(7, Note.members(frame).size());
        assertTrue(frame.attrs().flag("collapsed"));
        assertEquals("mlp2", with(graph, "MLP(8, 1)").nodes().getLast().label());
        assertEquals(graph, GraphJson.read(GraphJson.write(graph)));
        assertEquals(3, LayerFrame.seed(graph, frame));
    }

    @ParameterizedTest
    @EnumSource
    void whatIsOfferedIsALayer(LayerKind kind) {
        String text = kind.text(kind.settings().stream().map(LayerKind.Setting::fallback).toList());
        Graph graph = with(Graph.EMPTY, text);
        Inference inference = Inference.of(graph);
        for (GraphNode node : graph.nodes()) {
            Reason reason = inference.reason(node.id());
            assertTrue(reason == null || reason.code() == Code.INPUT_MISSING || reason.code() == Code.UPSTREAM,
                    node.label() + " " + reason);
        }
    }

    @Test
    void itsShapesFollowFromItsSizes() {
        Graph graph = with(Graph.EMPTY, "Sequential(Unflatten(1, (1, 8, 8)), Conv2d(1, 4, 3, padding=1), ReLU(), "
                + "MaxPool2d(2), Flatten(), BatchNorm1d(64), Dropout(0.2), Linear(64, 10, bias=False))");
        Change input = Edits.add(graph, NodeTypes.find("randn"), "x", Attrs.of("size", new int[] {5, 64}), 0, 0);
        graph = graph.with(input);
        graph = graph.with(Edits.connect(graph, new Port(input.added().getFirst().id(), 0), new Port("n1", 0)));
        GraphNode last = graph.nodes().stream().filter(node -> node.type().equals("linear")).findFirst().orElseThrow();
        assertArrayEquals(new int[] {5, 10}, Inference.of(graph).at(new Port(last.id(), 0)).shape());
        assertEquals(5, LayerFrame.parameters(graph, graph.nodes().stream().filter(LayerFrame::is).findFirst()
                .orElseThrow()).size());
    }

    @Test
    void freezesParametersAndNotBuffers() {
        Graph graph = with(Graph.EMPTY, "BatchNorm1d(4)");
        GraphNode frame = graph.nodes().getLast();
        assertFalse(LayerFrame.isFrozen(graph, frame));
        Graph frozen = graph.with(LayerFrame.freeze(graph, frame, true));
        assertTrue(LayerFrame.isFrozen(frozen, frame));
        assertTrue(frozen.nodes().stream().noneMatch(node -> node.attrs().flag("requires_grad")));
        assertEquals(graph, frozen.with(LayerFrame.freeze(frozen, frame, false)));
    }

    @Test
    void becomesAnotherLayerBetweenTheSameWires() {
        Graph graph = with(Graph.EMPTY, "Linear(2, 8)");
        Change input = Edits.add(graph, NodeTypes.find("randn"), "x", Attrs.of("size", new int[] {5, 2}), 0, 0);
        graph = graph.with(input);
        Port source = new Port(input.added().getFirst().id(), 0);
        graph = graph.with(Edits.connect(graph, source, new Port("n3", 0)));
        Change sum = Edits.add(graph, NodeTypes.find("sum"), "total", Attrs.NONE, 0, 0);
        graph = graph.with(sum);
        graph = graph.with(Edits.connect(graph, new Port("n3", 0), new Port(sum.added().getFirst().id(), 0)));
        Change change = LayerFrame.replace(graph, "n4", "MLP(2, 3, 1, tanh)", 3);
        Graph after = graph.with(change);
        GraphNode total = after.node(sum.added().getFirst().id());
        GraphNode before = after.node(after.wireInto(new Port(total.id(), 0)).from().node());
        assertEquals("mlp1.2.linear", before.label());
        assertEquals("mlp1.0.linear", after.node(after.wiresFrom(source.node()).getFirst().to().node()).label());
        assertEquals(graph, after.with(change.inverse()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Linear(2, 8                | LAYER_SYNTAX
            Linear(2 8)                | LAYER_SYNTAX
            Linear(2, 8) x             | LAYER_SYNTAX
            (2)                        | LAYER_SYNTAX
            Lstm(2)                    | LAYER_UNKNOWN
            Linear(2)                  | LAYER_ARGUMENTS
            Linear(2, 8, colour=3)     | LAYER_ARGUMENTS
            Linear(2, tanh)            | LAYER_ARGUMENTS
            MLP(2, 8, 1, cube)         | LAYER_ARGUMENTS
            Sequential(2)              | LAYER_ARGUMENTS
            Linear(0, 8)               | LAYER_SIZE
            Linear(2.5, 8)             | LAYER_SIZE
            Linear(100000, 100000)     | TOO_LARGE
            """)
    void saysWhatIsNoLayer(String text, Code code) {
        assertEquals(code, assertThrows(GraphException.class, () -> with(Graph.EMPTY, text)).reason().code());
    }
}

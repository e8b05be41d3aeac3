package dev.backstep.web.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.graph.Change;
import dev.backstep.engine.graph.DataBox;
import dev.backstep.engine.graph.Edits;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.GraphRunner;
import dev.backstep.engine.graph.Inference;
import dev.backstep.engine.graph.LayerFrame;
import dev.backstep.engine.graph.LayerKind;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.engine.graph.Note;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Layers and data as edits of the page. */
class LayerEditsTest {
    private static final Graph DATA = Graph.EMPTY.with(Edits.add(Graph.EMPTY, DataBox.TYPE, null, Attrs.NONE, 0, 0));
    private static final String BOX = DATA.nodes().getFirst().id();

    private static Graph with(Graph graph, String layer, Port source) {
        return graph.with(LayerEdits.added(graph, layer, 0, 300, 0, source));
    }

    private static GraphNode frame(Graph graph) {
        return graph.nodes().stream().filter(LayerFrame::is).findFirst().orElseThrow();
    }

    private static List<String> labels(Graph graph, List<Port> ports) {
        return ports.stream().map(port -> graph.node(port.node()).label()).toList();
    }

    @Test
    void aCollapsedLayerHasThePortsThatWait() {
        Graph graph = with(DATA, "MLP(2, 8, 1, tanh)", null);
        Framing.Border border = Framing.border(graph, frame(graph));
        assertEquals(List.of("mlp1.0.linear"), labels(graph, border.inputs()));
        assertEquals(List.of("mlp1.2.linear"), labels(graph, border.outputs()));
        Graph plain = graph.with(Framing.update(graph, frame(graph).id(), LayerFrame.LAYER, ""));
        GraphNode group = plain.nodes().stream().filter(Framing::isFrame).findFirst().orElseThrow();
        assertEquals(new Framing.Border(List.of(), List.of()), Framing.border(plain, group));
    }

    @Test
    void isWiredToWhatFeedsItAndTakesItsSize() {
        Port source = LayerEdits.source(DATA, BOX);
        assertEquals(List.of("2", "8"), LayerEdits.settings(LayerKind.LINEAR, Inference.of(DATA), source));
        Graph graph = with(DATA, "Linear(2, 5)", source);
        Port next = LayerEdits.source(graph, frame(graph).id());
        assertEquals("linear1.linear", graph.node(next.node()).label());
        assertEquals("5, 8, 8, 1", LayerEdits.settings(LayerKind.MLP, Inference.of(graph), next).getFirst());
        assertEquals("Linear(5, 8), ReLU(), Linear(8, 1)",
                LayerEdits.settings(LayerKind.SEQUENTIAL, Inference.of(graph), next).getFirst());
        Graph more = with(graph, "BatchNorm1d(5)", next);
        assertEquals(0, more.nodes().stream().filter(node -> Inference.of(more).reason(node.id()) != null).count());
        assertEquals(1, LayerEdits.freeSeed(more));
        assertNull(LayerEdits.source(more, null));
    }

    @Test
    void isOneEditToTakeBack() {
        Editor editor = new Editor();
        editor.open(DATA);
        Change change = LayerEdits.added(DATA, "Linear(2, 5)", 0, 300, 0, new Port(BOX, 0));
        editor.apply(change);
        assertEquals(4, Note.members(LayerEdits.frame(change)).size() + 1);
        editor.undo();
        assertEquals(DATA, editor.graph());
    }

    @Test
    void aDrawnLeafCanBeHeldAndTypedInto() throws Exception {
        Graph graph = with(DATA, "Linear(2, 3)", new Port(BOX, 0));
        GraphNode weight = LayerFrame.parameters(graph, frame(graph)).getFirst();
        Tensor drawn = new GraphRunner(graph).at(new Port(weight.id(), 0));
        Graph held = graph.with(LeafValues.held(graph, weight.id(), drawn));
        Tensor typed = new GraphRunner(held).at(new Port(weight.id(), 0));
        assertArrayEquals(drawn.toDoubles(), typed.toDoubles());
        assertTrue(typed.requiresGrad());
        assertEquals(weight.label(), held.node(weight.id()).label());
        assertEquals(2, LayerFrame.parameters(held, frame(held)).size());
        Graph other = held.with(LeafValues.typed(held, weight.id(), "[[1, 2], [3, 4], [5, 6]]"));
        assertEquals(0, other.nodes().stream().filter(node -> Inference.of(other).reason(node.id()) != null).count());
    }

    @Test
    void columnsAreChosenByNamesOfAnyKind() {
        String text = "\"a,b\";c \"\"d\"\";e\n1;2;x\n3;4;y\n5;6;x\n".replace("c \"\"d\"\"", "\"c \"\"d\"\"\"");
        Graph graph = DATA.with(DataEdits.table(DATA, BOX, text));
        graph = graph.with(DataEdits.features(graph, BOX, List.of("a,b", "c \"d\"")));
        graph = graph.with(DataEdits.target(graph, BOX, "e"));
        Attrs attrs = NodeTypes.attrs(graph.node(BOX));
        assertEquals(List.of("a,b", "c \"d\""), DataBox.TYPE.parts(attrs).whole().features());
        assertEquals(List.of("x", "y"), DataBox.TYPE.parts(attrs).whole().classes());
        Graph other = graph.with(DataEdits.table(graph, BOX, "p,q\n1,2\n3,4\n"));
        assertEquals(List.of("p"), DataBox.TYPE.parts(NodeTypes.attrs(other.node(BOX)))
                .whole().features());
    }
}

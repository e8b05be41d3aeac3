package dev.backstep.engine.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backstep.engine.graph.Reason.Code;
import java.util.List;
import org.junit.jupiter.api.Test;

class GraphTest {
    private final Graph neuron = new Sketch()
            .op("y", "tanh", "sum")
            .op("sum", "add", "product", "b")
            .op("product", "mul", "x", "w")
            .parameter("x", 1.0)
            .parameter("w", 2.0)
            .parameter("b", 3.0)
            .graph();

    @Test
    void orderFollowsWiresThenIds() {
        List<String> order = neuron.order().stream().map(GraphNode::id).toList();
        assertEquals(List.of("b", "w", "x", "product", "sum", "y"), order);
    }

    @Test
    void numberedIdsKeepTheOrderOfTheirMaking() {
        Sketch sketch = new Sketch();
        for (int i = 12; i > 0; i--) {
            sketch.parameter("n" + i, 0.0);
        }
        List<GraphNode> nodes = sketch.graph().nodes();
        for (int i = 1; i <= 12; i++) {
            assertEquals("n" + i, nodes.get(i - 1).id());
        }
    }

    @Test
    void equalContentsAreEqualDocuments() {
        Graph other = Graph.of(neuron.nodes().reversed(), neuron.wires().reversed(), null);
        assertEquals(neuron, other);
        assertEquals(neuron.hashCode(), other.hashCode());
        assertEquals(GraphJson.write(neuron), GraphJson.write(other));
    }

    @Test
    void reachesFollowsWires() {
        assertTrue(neuron.reaches("x", "y"));
        assertTrue(neuron.reaches("x", "x"));
        assertFalse(neuron.reaches("y", "x"));
        assertFalse(neuron.reaches("x", "w"));
    }

    @Test
    void targetIsTheLastOpWhereNoneWasChosen() {
        assertEquals(new Port("y", 0), neuron.targetOrLast());
        Graph chosen = neuron.with(Edits.target(neuron, new Port("sum", 0)));
        assertEquals(new Port("sum", 0), chosen.targetOrLast());
        assertNull(new Sketch().parameter("x", 1.0).graph().targetOrLast());
        assertNull(Graph.EMPTY.targetOrLast());
    }

    @Test
    void circlesAreRefusedByName() {
        Sketch sketch =
                new Sketch().parameter("x", 1.0).op("a", "add", "x", "c").op("b", "neg", "a").op("c", "neg", "b");
        GraphException refused = assertThrows(GraphException.class, sketch::graph);
        assertEquals(Code.CYCLE, refused.reason().code());
        List<String> turns = List.of("a → b → c → a", "b → c → a → b", "c → a → b → c");
        assertTrue(turns.contains(refused.reason().arguments().getFirst()), refused.getMessage());
        assertRefused(Code.CYCLE, "wires", new Sketch().op("a", "neg", "a"));
    }

    @Test
    void portsOutOfRangeAreRefused() {
        assertRefused(Code.NO_SUCH_INPUT, "wires[1].to", new Sketch().parameter("x", 1.0).op("a", "neg", "x", "x"));
        assertRefused(Code.UNKNOWN_NODE, "wires[0].from", new Sketch().op("a", "neg", "nobody"));
        Graph graph = new Sketch().parameter("x", 1.0).graph();
        GraphException refused =
                assertThrows(GraphException.class, () -> graph.with(Edits.target(graph, new Port("x", 1))));
        assertEquals(Code.NO_SUCH_OUTPUT, refused.reason().code());
    }

    @Test
    void editsOfAnotherDocumentAreRefused() {
        Change change = Edits.remove(neuron, List.of("y"));
        Graph without = neuron.with(change);
        assertThrows(IllegalArgumentException.class, () -> without.with(change));
        assertEquals(neuron, without.with(change.inverse()));
    }

    private static void assertRefused(Code code, String path, Sketch sketch) {
        GraphException refused = assertThrows(GraphException.class, sketch::graph);
        assertEquals(code, refused.reason().code(), refused.getMessage());
        assertEquals(path, refused.path());
    }
}

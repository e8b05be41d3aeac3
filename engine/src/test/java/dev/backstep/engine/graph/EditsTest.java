package dev.backstep.engine.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EditsTest {
    @Test
    void labelsAreMadeUnique() {
        Graph graph = Graph.EMPTY;
        List<String> labels = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            Change change = Edits.add(graph, Leaf.TYPE, null, Attrs.NONE, 0, 0);
            labels.add(change.added().getFirst().label());
            graph = graph.with(change);
        }
        assertEquals(List.of("x", "y", "z", "w", "b", "u", "v", "a", "c", "d", "x2", "x3"), labels);
        for (String expected : List.of("tanh", "tanh2", "tanh3")) {
            Change change = Edits.add(graph, NodeTypes.find("tanh"), null, Attrs.NONE, 0, 0);
            assertEquals(expected, change.added().getFirst().label());
            graph = graph.with(change);
        }
        GraphNode renamed = graph.node(graph.named("tanh3").node()).labelled("x");
        graph = graph.with(Edits.update(graph, List.of(renamed)));
        assertEquals("x4", graph.node(renamed.id()).label());
    }

    @Test
    void aNewWireTakesThePlaceOfTheOldOne() {
        Graph graph = new Sketch().parameter("x", 1.0).parameter("y", 1.0).op("n", "neg", "x").graph();
        Change change = Edits.connect(graph, new Port("y", 0), new Port("n", 0));
        Graph after = graph.with(change);
        assertEquals(List.of(Sketch.wire("y", "n", 0)), after.wires());
        assertEquals(graph, after.with(change.inverse()));
        assertTrue(Edits.connect(after, new Port("y", 0), new Port("n", 0)).isEmpty());
    }

    @Test
    void removingABoxTakesItsWiresAndTargetAlong() {
        Graph graph = new Sketch().parameter("x", 1.0).op("n", "neg", "x").op("m", "neg", "n").graph("n");
        Graph after = graph.with(Edits.remove(graph, List.of("n")));
        assertEquals(2, after.nodes().size());
        assertEquals(List.of(), after.wires());
        assertNull(after.target());
    }

    @Test
    void pastingMakesNewIdsAndLabels() {
        Graph graph = new Sketch().parameter("x", 1.0).op("n", "neg", "x").op("m", "neg", "n").graph();
        Graph part = Edits.part(graph, List.of("n", "m"));
        assertEquals(List.of(Sketch.wire("n", "m", 0)), part.wires());
        Graph after = graph.with(Edits.insert(graph, part, 10, 20));
        assertEquals(5, after.nodes().size());
        assertEquals(3, after.wires().size());
        GraphNode copy = after.node(after.named("n2").node());
        assertEquals(10, copy.x());
        assertEquals(20, copy.y());
    }

    @Test
    void framesFollowTheirMembers() {
        Graph graph = new Sketch().parameter("x", 1.0).op("y", "exp", "x").op("f", "frame").op("g", "frame").graph();
        graph = graph.with(Edits.enframe(graph, "f", List.of("x", "y", "g")));
        assertEquals(List.of("x", "y"), Note.members(graph.node("f")));
        graph = graph.with(Edits.enframe(graph, "g", List.of("y")));
        assertEquals(List.of("x"), Note.members(graph.node("f")));
        assertEquals("g", graph.frameOf("y").id());
        Graph both = graph.with(Edits.insert(graph, Edits.part(graph, List.of("x", "f")), 0, 0));
        GraphNode copy = both.node(both.named("f2").node());
        assertEquals(List.of(both.named("x2").node()), Note.members(copy));
        graph = graph.with(Edits.remove(graph, List.of("y")));
        assertEquals(List.of(), Note.members(graph.node("g")));
        GraphNode two = graph.node("g").with(Attrs.of("members", List.of("x")));
        Graph inOne = graph;
        assertEquals(Reason.Code.IN_TWO_FRAMES, assertThrows(GraphException.class,
                () -> inOne.with(Edits.update(inOne, List.of(two)))).reason().code());
    }

    /** A function with fewer inputs than before loses the wires into those that are gone, and undo brings them back. */
    @Test
    void portsThatGoTakeTheirWires() {
        Attrs two = Attrs.of("inputs", "x, w", "forward", "x * w, x + w", "backward", "g1 * w + g2, g1 * x + g2");
        Graph graph = new Sketch().parameter("a", 1.0).op("f", "function", two, "a", "a").graph();
        graph = Graph.of(graph.nodes(), graph.wires(), new Port("f", 1));
        Change less = Edits.update(graph, List.of(graph.node("f").with(Attrs.of("inputs", "x", "forward", "x * x"))));
        Graph after = graph.with(less);
        assertEquals(1, after.wires().size());
        assertNull(after.target());
        assertEquals(graph, after.with(less.inverse()));
    }

    /** Any sequence of edits, undone one by one, goes back through exactly the documents there were. */
    @Test
    void undoReturnsTheEarlierDocument() {
        long seed = Long.getLong("seed", 20261123L);
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            List<Graph> graphs = new ArrayList<>(List.of(Graph.EMPTY));
            List<Change> changes = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                Graph graph = graphs.getLast();
                Change change = randomEdit(graph, random);
                try {
                    graphs.add(graph.with(change));
                    changes.add(change);
                } catch (GraphException refused) {
                    assertEquals(Reason.Code.CYCLE, refused.reason().code(), () -> "seed " + seed);
                }
            }
            Graph now = graphs.getLast();
            for (int i = changes.size() - 1; i >= 0; i--) {
                now = now.with(changes.get(i).inverse());
                assertEquals(graphs.get(i), now, () -> "seed " + seed);
                assertEquals(GraphJson.write(graphs.get(i)), GraphJson.write(now), () -> "seed " + seed);
            }
            Graph last = graphs.getLast();
            Change all = Change.between(Graph.EMPTY, last);
            assertEquals(last, Graph.EMPTY.with(all), () -> "seed " + seed);
            Graph middle = graphs.get(graphs.size() / 2);
            assertEquals(middle, last.with(Change.between(middle, last).inverse()), () -> "seed " + seed);
            assertEquals(last, GraphJson.read(GraphJson.write(last)), () -> "seed " + seed);
        }
    }

    static Change randomEdit(Graph graph, Random random) {
        List<GraphNode> nodes = graph.nodes();
        if (nodes.isEmpty() || random.nextInt(3) == 0) {
            var types = NodeTypes.all();
            var type = random.nextInt(3) == 0 ? Leaf.TYPE : types.get(random.nextInt(types.size()));
            Attrs attrs = type == Leaf.TYPE
                    ? Leaf.attrs(List.of(random.nextDouble(), -0.0, Double.NaN), DType.FLOAT64, random.nextBoolean())
                    : Attrs.NONE;
            return Edits.add(graph, type, random.nextBoolean() ? null : "t", attrs, random.nextInt(900), 0.5);
        }
        GraphNode node = nodes.get(random.nextInt(nodes.size()));
        GraphNode other = nodes.get(random.nextInt(nodes.size()));
        boolean gives = !NodeTypes.of(node).outputs().isEmpty();
        return switch (random.nextInt(8)) {
            case 0 -> Edits.remove(graph, List.of(node.id(), other.id()));
            case 1 -> Edits.update(
                    graph,
                    node == other
                            ? List.of(node.labelled("q"))
                            : List.of(node.at(random.nextInt(100), 7), other.labelled("r")));
            case 2 -> Edits.target(graph, gives && random.nextBoolean() ? new Port(node.id(), 0) : null);
            case 3 -> Edits.insert(graph, Edits.part(graph, List.of(node.id(), other.id())), 3, 4);
            case 4 -> Edits.disconnect(graph, graph.wiresFrom(node.id()));
            case 5 -> Edits.enframe(graph, node.type().equals(Note.FRAME.type()) ? node.id() : null,
                    List.of(node.id(), other.id()));
            default -> {
                int inputs = Graph.inputLimit(NodeTypes.of(other));
                if (inputs == 0 || !gives) {
                    yield Edits.target(graph, graph.target());
                }
                Port to = new Port(other.id(), random.nextInt(Math.min(3, inputs)));
                yield Edits.connect(graph, new Port(node.id(), 0), to);
            }
        };
    }
}

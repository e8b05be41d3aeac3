package dev.backstep.engine.step;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.graph.Sketch;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The backward graph of a run at every step: nodes, what they keep alive, what was freed, the second storey. */
class BackwardGraphTest {
    private static final BackwardCall RETAIN = new BackwardCall(null, null, true, false);
    private static final BackwardCall CREATE = new BackwardCall(null, null, false, true);

    /** loss = sum(tanh(x w) + x): (2, 3) float32 tensors. */
    private static Graph neuron() {
        List<Object> rows = List.of(List.of(0.1, 0.2, 0.3), List.of(0.4, 0.5, 0.6));
        return new Sketch().parameter("x", rows).leaf("w", rows, DType.FLOAT32, false).op("y", "mul", "x", "w")
                .op("t", "tanh", "y").op("s", "add", "t", "x").op("loss", "sum", "s").graph();
    }

    private static List<String> names(Timeline timeline, int step) {
        return timeline.backwardGraph().at(step).stream().map(GradFn::name).toList();
    }

    private static GradFn node(Timeline timeline, String name) {
        return timeline.backwardGraph().at(timeline.size()).stream().filter(fn -> fn.name().equals(name)).findFirst()
                .orElseThrow();
    }

    @Test
    void growsWithForward() {
        Timeline timeline = Playback.forward(neuron()).timeline();
        assertEquals(List.of(), names(timeline, 0));
        assertEquals(List.of("AccumulateGrad", "MulBackward0"), names(timeline, 1));
        assertEquals(List.of("AccumulateGrad", "MulBackward0", "TanhBackward0", "AddBackward0", "SumBackward0"),
                names(timeline, 4));
        assertEquals(5, timeline.backwardGraph().countAt(4));
        GradFn leaf = node(timeline, "AccumulateGrad");
        assertEquals(new Port("x", 0), leaf.variable());
        assertEquals("x", leaf.box());
        assertEquals("y", node(timeline, "MulBackward0").box());
        assertEquals(0, leaf.storey());
    }

    @Test
    void saysWhatIsKept() {
        Timeline timeline = Playback.forward(neuron()).timeline();
        GradFn.Kept other = node(timeline, "MulBackward0").saved().getFirst();
        assertEquals("_saved_other", other.name());
        assertEquals(new Port("w", 0), other.source());
        assertArrayEquals(new int[] {2, 3}, other.shape());
        assertEquals(DType.FLOAT32, other.dtype());
        assertEquals(24, other.bytes());
        assertEquals(new Port("t", 0), node(timeline, "TanhBackward0").saved().getFirst().source());
        // w for x's gradient, then the tanh itself: 6 float32 each. Add and sum keep nothing.
        assertEquals(List.of(0L, 24L, 48L, 48L, 48L), bytes(timeline));
    }

    private static List<Long> bytes(Timeline timeline) {
        return IntStream.rangeClosed(0, timeline.size())
                .mapToObj(timeline.backwardGraph()::bytesAt).toList();
    }

    @Test
    void freesAsNodesRun() {
        Playback playback = Playback.forward(neuron());
        playback.act(BackwardCall.PLAIN);
        Timeline timeline = playback.timeline();
        BackwardGraph graph = timeline.backwardGraph();
        // events: y t s loss | start Sum Add Tanh Mul Accumulate
        assertEquals(10, timeline.size());
        GradFn tanh = node(timeline, "TanhBackward0");
        assertEquals(7, graph.freedBy(tanh));
        assertEquals(List.of(new BackwardGraph.Freed(tanh, 24)), graph.freedIn(7));
        assertEquals(List.of(new BackwardGraph.Freed(node(timeline, "MulBackward0"), 24)), graph.freedIn(8));
        assertEquals(2, IntStream.range(0, timeline.size()).map(event -> graph.freedIn(event).size()).sum());
        assertFalse(graph.isFreed(tanh, 7));
        assertTrue(graph.isFreed(tanh, 8));
        assertEquals(tanh, graph.runningAt(8));
        assertNull(graph.runningAt(5));
        assertEquals(7, graph.ranAt(tanh, 10));
        assertEquals(Why.NONE, graph.ranAt(tanh, 7));
        assertEquals(Why.NONE, graph.freedBy(node(timeline, "AddBackward0")), "add keeps nothing, so nothing is freed");
        assertEquals(Why.NONE, graph.freedBy(node(timeline, "AccumulateGrad")));
        assertEquals(node(timeline, "AccumulateGrad"), graph.runningAt(10));
        assertEquals(List.of(0L, 24L, 48L, 48L, 48L, 48L, 48L, 48L, 24L, 0L, 0L), bytes(timeline));
        assertEquals(48, graph.mostBytes(timeline.size()));
        assertEquals(24, graph.mostBytes(1));
        assertArrayEquals(new double[] {1, 1, 1, 1, 1, 1}, graph.arrivedAt(tanh, 0, 7).toDoubles());
        assertNull(graph.arrivedAt(tanh, 0, 6));
        assertEquals(1, graph.arrivedAt(node(timeline, "SumBackward0"), 0, 5).item());
    }

    @Test
    void memoryKeptTwiceCountsOnce() {
        Graph graph = new Sketch().parameter("x", List.of(1.0, 2.0)).op("y", "mul", "x", "x").op("z", "mul", "y", "x")
                .op("loss", "sum", "z").graph();
        Playback playback = Playback.forward(graph);
        // y keeps x twice; z keeps y and x. x and y are 8 bytes each.
        assertEquals(List.of(0L, 8L, 16L, 16L), bytes(playback.timeline()));
        playback.act(BackwardCall.PLAIN);
        // start, Sum, Mul of z frees y and one hold on x, Mul of y the rest
        assertEquals(List.of(16L, 16L, 8L, 0L, 0L), bytes(playback.timeline()).subList(4, 9));
        BackwardGraph nodes = playback.timeline().backwardGraph();
        assertEquals(List.of(8L), nodes.freedIn(5).stream().map(BackwardGraph.Freed::bytes).toList(),
                "x is still kept");
    }

    @Test
    void aViewKeepsItsWholeMemory() {
        List<Object> rows = List.of(List.of(1.0, 2.0), List.of(3.0, 4.0), List.of(5.0, 6.0));
        Graph graph = new Sketch().leaf("a", rows, DType.FLOAT64, false).op("row", "select", "a")
                .parameter("x", List.of(1.0, 1.0)).op("y", "mul", "x", "row").graph();
        Timeline timeline = Playback.forward(graph).timeline();
        assertEquals(16, node(timeline, "MulBackward0").saved().getFirst().bytes());
        assertEquals(48, timeline.backwardGraph().bytesAt(timeline.size()));
    }

    @Test
    void retainedGraphsStayAndAreFreedByTheLastCall() {
        Playback playback = Playback.forward(neuron());
        playback.act(RETAIN);
        BackwardGraph graph = playback.timeline().backwardGraph();
        assertEquals(48, graph.bytesAt(10));
        GradFn tanh = node(playback.timeline(), "TanhBackward0");
        assertEquals(Why.NONE, graph.freedBy(tanh));
        playback.act(BackwardCall.PLAIN);
        assertEquals(13, graph.freedBy(tanh));
        assertNull(graph.arrivedAt(tanh, 0, 11), "a new backward begins with nothing arrived");
        assertEquals(0, graph.bytesAt(16));
        assertEquals(5, graph.countAt(16), "plain gradients make no nodes");
    }

    @Test
    void createGraphBuildsASecondStorey() {
        Graph graph = new Sketch().parameter("x", 2.0).op("y", "mul", "x", "x").op("z", "mul", "y", "x").graph();
        Playback playback = Playback.forward(graph);
        playback.act(CREATE);
        Timeline timeline = playback.timeline();
        BackwardGraph nodes = timeline.backwardGraph();
        List<GradFn> above = nodes.at(timeline.size()).stream().filter(fn -> fn.storey() == 1).toList();
        // z: g y and g x; y: twice that by x. The seed has no node; sums are AddBackward0; .grad is a copy.
        assertEquals(List.of("MulBackward0", "MulBackward0", "MulBackward0", "MulBackward0", "CopyBackwards",
                "AddBackward0", "AddBackward0"),
                above.stream().map(GradFn::name).sorted(Comparator.reverseOrder()).toList());
        assertTrue(above.stream().allMatch(fn -> fn.box() == null && fn.made() > 3));
        GradFn product = above.getFirst();
        assertEquals("z", product.maker().box());
        GradFn copy = above.stream().filter(fn -> fn.name().equals("CopyBackwards")).findFirst().orElseThrow();
        assertEquals(new Port("x", 0), nodes.gradOf(copy));
        assertNull(nodes.gradOf(product));
        assertTrue(nodes.at(3).stream().allMatch(fn -> fn.storey() == 0));
        assertEquals(Why.NONE, nodes.freedBy(node(timeline, "MulBackward0")), "create_graph retains");
    }

    @Test
    void forwardAgainBuildsAnotherGraphAndLosesTheFirst() {
        Playback playback = Playback.forward(neuron());
        playback.act(new Action.Forward());
        Timeline timeline = playback.timeline();
        BackwardGraph graph = timeline.backwardGraph();
        // y t s loss | again y t s loss; a leaf keeps its own node
        assertEquals(9, timeline.size());
        assertEquals(List.of("AccumulateGrad"), names(timeline, 5));
        assertEquals(List.of(48L, 0L, 24L, 48L, 48L, 48L), bytes(timeline).subList(4, 10));
        assertEquals(5, graph.countAt(9));
        assertEquals(List.of(graph.at(4).get(0)), graph.at(9).stream().filter(graph.at(4)::contains).toList());
        assertEquals(new BackwardGraph.Span(0, 4), graph.span(4));
        assertEquals(new BackwardGraph.Span(5, Integer.MAX_VALUE), graph.span(7));
        assertEquals(graph.at(4), graph.in(graph.span(1)));
        assertEquals(graph.at(9), graph.in(graph.span(9)));
    }

    @Test
    void zeroGradLosesTheSecondStorey() {
        Graph graph = new Sketch().parameter("x", 2.0).op("y", "mul", "x", "x").graph();
        Playback playback = Playback.forward(graph);
        playback.act(CREATE);
        BackwardGraph nodes = playback.timeline().backwardGraph();
        int before = playback.timeline().size();
        assertTrue(nodes.at(before).stream().anyMatch(fn -> fn.storey() == 1));
        playback.act(new Action.ZeroGrad(true));
        assertEquals(List.of("AccumulateGrad", "MulBackward0"), names(playback.timeline(), before + 1));
        assertEquals(2, nodes.countAt(before + 1));
    }

    @Test
    void autogradGradInForwardMakesTheNextStorey() {
        Graph graph = new Sketch().parameter("x", 2.0).op("y", "pow", Attrs.of("exponent", 3),
                "x").op("d", "grad", "y", "x").op("dd", "grad", "d", "x").graph();
        Timeline timeline = Playback.forward(graph).timeline();
        List<GradFn> all = timeline.backwardGraph().at(3);
        assertEquals(List.of(0, 1, 2), all.stream().map(GradFn::storey).distinct().sorted().toList());
        assertTrue(all.stream().filter(fn -> fn.storey() == 1).allMatch(fn -> fn.box().equals("d")));
        assertTrue(all.stream().filter(fn -> fn.storey() == 2).allMatch(fn -> fn.box().equals("dd")));
    }

    @Test
    void autogradGradInForwardFreesToo() {
        Attrs frees = Attrs.of("retain_graph", false,
                "create_graph", false);
        Graph graph = new Sketch().parameter("x", 2.0).op("y", "exp", "x").op("d", "grad", frees, "y", "x").graph();
        Timeline timeline = Playback.forward(graph).timeline();
        assertEquals(1, timeline.backwardGraph().freedBy(node(timeline, "ExpBackward0")));
        assertEquals(List.of(0L, 4L, 0L), bytes(timeline));
        assertEquals(List.of(new BackwardGraph.Freed(node(timeline, "ExpBackward0"), 4)),
                timeline.backwardGraph().freedIn(1));
    }

    @Test
    void writingInPlaceGoesOnInTheGraph() {
        Graph graph = new Sketch().parameter("x", 2.0).op("y", "exp", "x").op("z", "mul_", "y", "x").graph();
        Timeline timeline = Playback.forward(graph).timeline();
        assertEquals(List.of("AccumulateGrad", "ExpBackward0"), names(timeline, 1));
        assertEquals(List.of("AccumulateGrad", "ExpBackward0", "MulBackward0"), names(timeline, 2));
        assertEquals(List.of("_saved_self", "_saved_other"),
                node(timeline, "MulBackward0").saved().stream().map(GradFn.Kept::name).toList());
    }
}

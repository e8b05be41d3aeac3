package dev.backstep.engine.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.graph.Reason.Code;
import java.util.List;
import org.junit.jupiter.api.Test;

class InferenceTest {
    private static final Object ROWS_2_3 = List.of(List.of(1.0, 2.0, 3.0), List.of(4.0, 5.0, 6.0));

    private final Graph graph = new Sketch()
            .parameter("a", ROWS_2_3)
            .parameter("b", ROWS_2_3)
            .parameter("v", List.of(1.0, 2.0))
            .op("t", "t", "b")
            .op("m", "matmul", "a", null)
            .op("s", "add", "a", null)
            .op("n", "neg", "s")
            .graph();

    private final Inference inference = Inference.of(graph);

    @Test
    void tellsShapesWithoutRunning() {
        assertArrayEquals(new int[] {3, 2}, inference.at(new Port("t", 0)).shape());
        assertEquals(DType.FLOAT32, inference.at(new Port("t", 0)).dtype());
        assertEquals("m: nothing is connected to other", inference.reason("m").text());
        assertEquals("n waits for s, which could not be computed", inference.reason("n").text());
    }

    @Test
    void tellsWhatFits() {
        assertNull(inference.fits(new Port("t", 0), new Port("m", 1)));
        assertNull(inference.fits(new Port("b", 0), new Port("s", 1)));

        Reason product = inference.fits(new Port("b", 0), new Port("m", 1));
        assertEquals(new Reason(Code.INNER_SIZES, List.of("m", "3", "2"),
                "mat1 and mat2 shapes cannot be multiplied (2x3 and 2x3)"), product);
        assertEquals("m: 3 columns meet 2 rows", product.text());

        Reason sum = inference.fits(new Port("v", 0), new Port("s", 1));
        assertEquals(new Reason(Code.BROADCAST, List.of("s", "[2, 3]", "[2]"),
                "The size of tensor a (3) must match the size of tensor b (2) at non-singleton dimension 1"), sum);

        Reason circle = inference.fits(new Port("n", 0), new Port("s", 1));
        assertEquals("the wires run in a circle: n → s → … → n", circle.text());
        assertEquals(Code.CYCLE, inference.fits(new Port("s", 0), new Port("s", 0)).code());
    }

    /** A wire that is there counts as removed: dragging it elsewhere and back must be possible. */
    @Test
    void aConnectedInputMayBeGivenAnotherWire() {
        assertNull(inference.fits(new Port("b", 0), new Port("n", 0)));
    }

    @Test
    void hugeShapesAreRefusedBeforeAnythingIsMade() {
        Graph huge = new Sketch()
                .parameter("x", 1.0)
                .op("e", "expand", Attrs.of("size", List.of(60_000L, 60_000L, 60_000L, 60_000L)), "x")
                .op("f", "expand", Attrs.of("size", List.of(5_000L, 5_000L)), "x")
                .op("g", "neg", "f")
                .graph();
        GraphRunner runner = new GraphRunner(huge);
        while (runner.hasNext()) {
            assertEquals(List.of(), runner.next().outputs());
        }
        assertEquals("f: 25000000 elements, and the limit here is 16777216", runner.reason("f").text());
        assertEquals(Code.UPSTREAM, runner.reason("g").code());
        assertNull(runner.at(new Port("e", 0)));
    }

    @Test
    void integersCannotRequireGrad() {
        Graph integers = new Sketch().leaf("i", 1L, DType.INT64, true).graph();
        Reason reason = Inference.of(integers).reason("i");
        assertEquals("Only Tensors of floating point and complex dtype can require gradients", reason.torch());
    }

    @Test
    void badAttributesStayAtTheirBox() {
        Graph wrong = new Sketch()
                .parameter("x", List.of(1.0, 2.0))
                .op("s", "sum", Attrs.of("dim", 7), "x")
                .op("r", "reshape", "x")
                .graph();
        Inference told = Inference.of(wrong);
        assertEquals("Dimension out of range (expected to be in range of [-1, 0], but got 7)",
                told.reason("s").torch());
        assertEquals(Code.ATTRIBUTE, told.reason("r").code());
    }

    @Test
    void afterAnEditTellsWhatItChanged() {
        Graph moved = graph.with(Edits.update(graph, List.of(graph.node("a").at(5, 6))));
        assertSame(inference, inference.after(moved));
        assertEquals(5, moved.order().getFirst().x());

        Graph wired = moved.with(Edits.connect(moved, new Port("t", 0), new Port("m", 1)));
        Inference told = inference.after(wired);
        assertArrayEquals(new int[] {2, 2}, told.at(new Port("m", 0)).shape());
        assertEquals(Code.UPSTREAM, told.reason("n").code());

        Graph typed = wired.with(Edits.update(wired, List.of(wired.node("b").with(
                Leaf.attrs(List.of(1.0, 2.0, 3.0), DType.FLOAT32, true)))));
        Inference retold = told.after(typed);
        assertArrayEquals(new int[] {3}, retold.at(new Port("t", 0)).shape());
        assertArrayEquals(new int[] {2}, retold.at(new Port("m", 0)).shape());

        Graph named = typed.with(Edits.update(typed, List.of(typed.node("s").labelled("sum"))));
        assertEquals("n waits for sum, which could not be computed", retold.after(named).reason("n").text());
    }
}

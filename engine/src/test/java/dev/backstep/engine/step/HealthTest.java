package dev.backstep.engine.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.graph.Sketch;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is said of the gradients of a run, against what the formulas say. */
class HealthTest {
    private static Health of(Graph graph) {
        Playback playback = Playback.forward(graph);
        playback.act(BackwardCall.PLAIN);
        return Health.of(playback, playback.timeline().size());
    }

    /** x, scaled by a constant so many times. */
    private static Graph chain(double factor, int length) {
        Sketch sketch = new Sketch().parameter("x", 1.0).leaf("k", factor, DType.FLOAT64, false);
        String last = "x";
        for (int i = 1; i <= length; i++) {
            sketch.op("y" + i, "mul", last, "k");
            last = "y" + i;
        }
        return sketch.graph();
    }

    @Test
    void normsOfWiresAndLayers() {
        Graph graph = new Sketch().parameter("a", List.of(3.0, 4.0)).parameter("b", List.of(1.0, 2.0))
                .op("p", "mul", "a", "b").op("s", "sum", "p").graph();
        Health health = of(graph);
        assertEquals(Math.sqrt(2), health.norms().get(Sketch.wire("p", "s", 0)), 1e-7);
        assertEquals(Math.sqrt(5), health.norms().get(Sketch.wire("a", "p", 0)), 1e-7);
        assertEquals(5, health.norms().get(Sketch.wire("b", "p", 1)), 1e-7);
        assertEquals(2, health.layers().size());
        assertEquals(List.of(new Port("p", 0)), health.layers().getFirst().ports());
        assertEquals(Math.sqrt(2), health.layers().getFirst().norm(), 1e-7);
        assertEquals(List.of(new Port("a", 0), new Port("b", 0)), health.layers().getLast().ports());
        assertEquals(Math.sqrt(30), health.layers().getLast().norm(), 1e-7);
        assertEquals(Math.sqrt(15), health.ratio(), 1e-7);
        assertEquals(Health.Trend.HEALTHY, health.trend());
        assertNull(health.nonFinite());
    }

    @Test
    void beforeBackwardNothingIsSaid() {
        Playback playback = Playback.forward(chain(0.5, 3));
        Health health = Health.of(playback, playback.step());
        assertEquals(Map.of(), health.norms());
        assertEquals(List.of(), health.layers());
        assertEquals(Health.Trend.UNKNOWN, health.trend());
        assertTrue(Double.isNaN(health.ratio()));
    }

    @Test
    void vanishingByRatio() {
        // The gradient is 0.5 after one factor, 0.5^11 = 4.9e-4 after eleven: 1/1024 of it.
        Health health = of(chain(0.5, 11));
        assertEquals(Math.pow(0.5, 10), health.ratio(), 1e-9);
        assertEquals(Health.Trend.VANISHING, health.trend());
        assertEquals(Health.Trend.HEALTHY, of(chain(0.5, 10)).trend());
    }

    @Test
    void aSharedTensorCountsInEachLayer() {
        // y = k (k x): the gradient of k comes from both products, k x = 6 at the last, and 2 * 3 at the first.
        Graph graph = new Sketch().parameter("x", 3.0).parameter("k", 2.0).op("a", "mul", "x", "k")
                .op("y", "mul", "a", "k").graph();
        Health health = of(graph);
        assertEquals(Math.sqrt(4 + 36), health.layers().getFirst().norm(), 1e-6);
        assertEquals(Math.sqrt(16 + 36), health.layers().getLast().norm(), 1e-6);
    }

    @Test
    void vanishingBySize() {
        Health health = of(chain(1e-4, 2));
        assertEquals(1e-8, health.layers().getLast().norm(), 1e-14);
        assertEquals(Health.Trend.VANISHING, health.trend());
    }

    @Test
    void exploding() {
        assertEquals(Health.Trend.EXPLODING, of(chain(3, 5)).trend());
        assertEquals(Health.Trend.HEALTHY, of(chain(3, 4)).trend());
    }

    @Test
    void deadRelus() {
        Graph graph = new Sketch().parameter("x", List.of(-1.0, -2.0, 3.0, -4.0)).op("r", "relu", "x")
                .op("n", "neg", "r").op("dead", "relu", "n").op("s", "sum", "dead").graph();
        assertEquals(Map.of("r", 0.75, "dead", 1.0), of(graph).relus());
        assertEquals(Map.of(), Health.of(Playback.leaves(graph), 0).relus());
    }

    @Test
    void theFirstNonFiniteValue() {
        Graph graph = new Sketch().parameter("x", List.of(1.0, 0.0)).op("l", "log", "x").op("e", "exp", "l")
                .op("s", "sum", "e").graph();
        Health.NonFinite found = of(graph).nonFinite();
        assertEquals(new Health.NonFinite(0, "l", false, Double.NEGATIVE_INFINITY), found);
    }

    @Test
    void theFirstNonFiniteGradient() {
        Graph graph = new Sketch().parameter("x", List.of(4.0, 0.0)).op("r", "sqrt", "x").op("s", "sum", "r").graph();
        Playback playback = Playback.forward(graph);
        assertNull(Health.of(playback, playback.step()).nonFinite());
        playback.act(BackwardCall.PLAIN);
        Health.NonFinite found = Health.of(playback, playback.step()).nonFinite();
        // r, s | start, Sum, Sqrt: 1 / (2 sqrt 0)
        assertEquals(new Health.NonFinite(4, "r", true, Double.POSITIVE_INFINITY), found);
    }

    @Test
    void aTypedInfinityHasNoEvent() {
        Graph graph = new Sketch().parameter("x", Double.POSITIVE_INFINITY).op("y", "neg", "x").graph();
        Health.NonFinite found = of(graph).nonFinite();
        assertEquals(new Health.NonFinite(Why.NONE, "x", false, Double.POSITIVE_INFINITY), found);
        assertFalse(found.isGradient());
    }
}

package dev.backstep.engine.step;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonWriter;
import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.graph.Reason;
import dev.backstep.engine.graph.Sketch;
import dev.backstep.engine.graph.Wire;
import dev.backstep.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlaybackTest {
    private static final BackwardCall RETAIN = new BackwardCall(null, null, true, false);

    @Test
    void stepsThroughForwardAndBackward() {
        Graph graph = new Sketch().parameter("x", 3.0).op("y", "mul", "x", "x").op("z", "tanh", "y").graph();
        Playback playback = Playback.forward(graph);
        assertEquals(2, playback.step());
        playback.act(BackwardCall.PLAIN);
        assertEquals(3, playback.step());
        Timeline timeline = playback.timeline();
        assertEquals(6, timeline.size());

        assertEquals(List.of("y"), timeline.event(0).boxes());
        assertEquals(graph.wiresInto("y"), timeline.event(0).wires());
        assertEquals(port("z"), assertInstanceOf(Event.Start.class, timeline.event(2)).target());
        assertEquals("TanhBackward0", assertInstanceOf(Event.NodeRun.class, timeline.event(3)).name());
        assertEquals(List.of("z", "y"), timeline.event(3).boxes());
        assertEquals(List.of("y", "x"), timeline.event(4).boxes());
        assertEquals(List.of("x"), assertInstanceOf(Event.Accumulate.class, timeline.event(5)).boxes());

        assertEquals(3, item(timeline.valueAt(port("x"), 0)));
        assertNull(timeline.valueAt(port("y"), 0));
        assertEquals(9, item(timeline.valueAt(port("y"), 1)));
        assertNull(timeline.valueAt(port("z"), 1));
        assertNull(timeline.arrivedAt(port("z"), 2));
        assertEquals(1, item(timeline.arrivedAt(port("z"), 3)));
        assertNull(timeline.gradAt(port("x"), 5));
        assertNotNull(timeline.gradAt(port("x"), 6));
    }

    @Test
    void whatWasDrawnIsTakenOver() {
        Graph graph = new Sketch()
                .op("x", "randn", Attrs.of("size", List.of(3L, 4L), "seed", 7L, "requires_grad", true))
                .op("w", "randn", Attrs.of("size", List.of(3L, 4L), "seed", 8L))
                .op("y", "mul", "x", "w").op("s", "sum", "y").graph();
        Playback first = ran(graph, BackwardCall.PLAIN, new Action.Update(0.5));
        Playback fresh = ran(graph, BackwardCall.PLAIN);
        Playback again = Playback.forward(graph, first);
        again.act(BackwardCall.PLAIN);
        again.seek(again.timeline().size());
        for (String box : List.of("x", "w", "y", "s")) {
            Tensor expected = fresh.timeline().valueAt(port(box), fresh.timeline().size());
            Tensor actual = again.timeline().valueAt(port(box), again.timeline().size());
            assertArrayEquals(expected.toDoubles(), actual.toDoubles(), box);
            assertEquals(0, actual.version());
        }
        // The gradient is of this run alone, and the run before keeps its own.
        assertArrayEquals(fresh.tensor(port("x")).grad().toDoubles(), again.tensor(port("x")).grad().toDoubles());
        again.act(new Action.Update(1));
        assertEquals(1, first.tensor(port("x")).version());
        // Another seed is drawn anew.
        Graph other = new Sketch().op("w", "randn", Attrs.of("size", List.of(3L, 4L), "seed", 9L)).graph();
        assertArrayEquals(Playback.forward(other).tensor(port("w")).toDoubles(),
                Playback.forward(other, first).tensor(port("w")).toDoubles());
    }

    @Test
    void aFanOutIsASumWithItsTerms() {
        Graph graph = new Sketch()
                .parameter("x", 2.0)
                .op("n1", "pow", Attrs.of("exponent", 3.0), "x")
                .op("n2", "exp", "x")
                .op("n3", "mul", "x", "x")
                .op("s1", "add", "n1", "n2")
                .op("s2", "add", "s1", "n3")
                .graph();
        Playback playback = ran(graph, BackwardCall.PLAIN);
        List<Event.Arrival> sums = new ArrayList<>();
        for (Event event : events(playback)) {
            if (event instanceof Event.NodeRun run) {
                run.arrivals().stream().filter(Event.Arrival::isSum).forEach(sums::add);
            }
        }
        // x is used by n1, n2 and twice by n3; all but the first to arrive are added to what was there.
        assertEquals(3, sums.size());
        Event.Arrival last = sums.getLast();
        assertEquals(port("x"), last.port());
        List<Event.Term> terms = last.terms();
        assertEquals(List.of("n3", "n3", "n2", "n1"), terms.stream().map(Event.Term::box).toList());
        assertEquals(List.of(Sketch.wire("x", "n3", 0), Sketch.wire("x", "n3", 1)),
                terms.subList(0, 2).stream().map(Event.Term::wire).toList());
        float sum = 0;
        for (Event.Term term : terms) {
            sum += (float) item(term.gradient());
        }
        assertEquals(sum, item(last.after()));
        assertEquals(sum, item(playback.timeline().gradAt(port("x"), playback.timeline().size())));
        assertEquals(2, item(moved(playback, Sketch.wire("x", "n3", 1))));
        assertEquals(12, item(moved(playback, Sketch.wire("x", "n1", 0))));
    }

    @Test
    void broadcastingIsSummedBackWithBothSeen() {
        Graph graph = new Sketch()
                .parameter("x", List.of(1.0, 2.0, 3.0))
                .parameter("k", 2.0)
                .op("y", "mul", "x", "k")
                .op("s", "sum", "y")
                .graph();
        Playback playback = ran(graph, BackwardCall.PLAIN);
        Event.NodeRun run = events(playback).stream()
                .filter(event -> event instanceof Event.NodeRun node && "y".equals(node.box()))
                .map(Event.NodeRun.class::cast)
                .findFirst()
                .orElseThrow();
        assertArrayEquals(new double[] {1, 1, 1}, run.incoming().getFirst().toDoubles());
        assertArrayEquals(new double[] {1, 2, 3}, run.raw().get(1).toDoubles());
        assertArrayEquals(new double[] {6}, run.outgoing().get(1).toDoubles());
        assertArrayEquals(new int[0], run.outgoing().get(1).shape());
        assertEquals(6, item(moved(playback, Sketch.wire("k", "y", 1))));
    }

    @Test
    void gradientsAccumulateOverSeveralBackwards() {
        Graph graph = new Sketch().parameter("x", 3.0).op("y", "mul", "x", "x").graph();
        Playback playback = Playback.forward(graph);
        playback.act(RETAIN);
        int first = playback.timeline().size();
        playback.act(RETAIN);
        int second = playback.timeline().size();
        assertEquals(first + 1, playback.step());
        playback.act(BackwardCall.PLAIN);
        Timeline timeline = playback.timeline();
        assertEquals(6, item(timeline.gradAt(port("x"), first)));
        assertEquals(6, item(timeline.gradAt(port("x"), second - 1)));
        assertEquals(12, item(timeline.gradAt(port("x"), second)));
        assertEquals(18, item(timeline.gradAt(port("x"), timeline.size())));
        Event.Accumulate accumulate = assertInstanceOf(Event.Accumulate.class, timeline.event(second - 1));
        assertEquals(6, item(accumulate.before()));
        assertEquals(6, item(accumulate.added()));
        assertEquals(12, item(accumulate.after()));
        // What moved in the backward before is gone when the next begins.
        Wire wire = Sketch.wire("x", "y", 0);
        assertEquals(3, item(timeline.movedAlong(wire, first)));
        assertNull(timeline.movedAlong(wire, first + 1));
        assertNull(timeline.arrivedAt(port("x"), first + 1));
    }

    @Test
    void aSecondBackwardIsRefusedWherePyTorchRefuses() {
        Graph product = new Sketch().parameter("x", 3.0).op("y", "mul", "x", "x").graph();
        Playback refused = ran(product, BackwardCall.PLAIN, BackwardCall.PLAIN);
        Event.Refused event = assertInstanceOf(Event.Refused.class, events(refused).getLast());
        assertEquals("RuntimeError", event.kind());
        assertTrue(event.message().startsWith("Trying to backward through the graph a second time"), event.message());
        assertEquals(6, item(refused.timeline().gradAt(port("x"), refused.timeline().size())));

        Graph sum = new Sketch().parameter("x", 3.0).op("y", "add", "x", "x").graph();
        Playback twice = ran(sum, BackwardCall.PLAIN, BackwardCall.PLAIN);
        assertEquals(4, item(twice.timeline().gradAt(port("x"), twice.timeline().size())));
    }

    /** In z = y + y of y = x x only the product has freed what it needs, so the sum still runs. */
    @Test
    void aRefusalInBackwardStaysAtItsBox() {
        Graph graph = new Sketch().parameter("x", 3.0).op("y", "mul", "x", "x").op("z", "add", "y", "y").graph();
        Playback playback = ran(graph, BackwardCall.PLAIN, BackwardCall.PLAIN);
        List<Event> events = events(playback);
        assertEquals("y", assertInstanceOf(Event.Refused.class, events.getLast()).box());
        assertEquals("z", assertInstanceOf(Event.NodeRun.class, events.get(events.size() - 2)).box());
    }

    @Test
    void targetAndGradientCanBeChosen() {
        Graph graph = new Sketch()
                .parameter("x", List.of(1.0, 2.0))
                .op("y", "mul", "x", "x")
                .op("s", "sum", "y")
                .graph();
        assertEquals("grad can be implicitly created only for scalar outputs",
                refusal(ran(graph, new BackwardCall(port("y"), null, false, false))).message());
        Playback playback = ran(graph, new BackwardCall(port("y"), List.of(1.0, 10.0), false, false));
        assertArrayEquals(new double[] {2, 40},
                playback.timeline().gradAt(port("x"), playback.timeline().size()).toDoubles());
        assertTrue(refusal(ran(graph, new BackwardCall(port("y"), 1.0, false, false))).message()
                .startsWith("Mismatch in shape: grad_output[0] has a shape of torch.Size([]) and output[0] has"));
        Graph constant = new Sketch().leaf("c", 1.0, DType.FLOAT32, false).op("d", "neg", "c").graph();
        assertEquals("element 0 of tensors does not require grad and does not have a grad_fn",
                refusal(ran(constant, BackwardCall.PLAIN)).message());
        assertEquals(Reason.Code.NO_TARGET, refusal(ran(Graph.EMPTY, BackwardCall.PLAIN)).reason().code());
    }

    @Test
    void aRefusedOpStaysAtItsBoxAndTheRestRuns() {
        Graph graph = new Sketch()
                .parameter("a", List.of(1.0, 2.0))
                .parameter("b", List.of(1.0, 2.0, 3.0))
                .op("bad", "add", "a", "b")
                .op("after", "neg", "bad")
                .op("open", "mul", "a", null)
                .op("good", "sum", "a")
                .graph("good");
        Playback playback = ran(graph, BackwardCall.PLAIN);
        Event.Refused refused = refusal(playback);
        assertEquals("bad", refused.box());
        assertEquals("The size of tensor a (2) must match the size of tensor b (3) at non-singleton dimension 0",
                refused.message());
        assertEquals(Reason.Code.UPSTREAM, playback.reason("after").code());
        assertEquals(Reason.Code.INPUT_MISSING, playback.reason("open").code());
        assertArrayEquals(new double[] {1, 1},
                playback.timeline().gradAt(port("a"), playback.timeline().size()).toDoubles());
    }

    /** What a step shows does not depend on how one came to it, nor on what was computed since. */
    @Test
    void goingBackShowsWhatWasThere() {
        Graph graph = new Sketch()
                .parameter("x", List.of(List.of(1.0), List.of(-2.0)))
                .parameter("w", List.of(List.of(1.0, 2.0), List.of(3.0, 4.0)))
                .op("p", "matmul", "w", "x")
                .op("q", "tanh", "p")
                .op("r", "mul", "q", "x")
                .op("s", "sum", "r")
                .graph();
        Playback playback = Playback.forward(graph);
        List<String> seen = new ArrayList<>();
        for (int call = 0; call < 3; call++) {
            playback.act(RETAIN);
            for (int step = seen.size(); step <= playback.timeline().size(); step++) {
                seen.add(shown(playback, step));
            }
        }
        for (int step = seen.size() - 1; step >= 0; step--) {
            assertEquals(seen.get(step), shown(playback, step));
        }
        Playback again = Playback.replay(graph, playback.actions(), 7);
        assertEquals(7, again.step());
        for (int step = 0; step < seen.size(); step++) {
            assertEquals(seen.get(step), shown(again, step));
        }
    }

    @Test
    void createGraphRecordsNodesOfNoBox() {
        Graph graph = new Sketch().parameter("x", 2.0).op("y", "pow", Attrs.of("exponent", 3.0), "x").graph();
        Playback playback = ran(graph, new BackwardCall(null, null, false, true), BackwardCall.PLAIN);
        assertEquals(24, item(playback.timeline().gradAt(port("x"), playback.timeline().size())));
        assertFalse(playback.timeline().gradAt(port("x"), playback.timeline().size()).requiresGrad());
    }

    @Test
    void anOutputThatIsTheInputItselfSharesItsGradient() {
        Graph graph = new Sketch()
                .parameter("x", 2.0)
                .op("same", "to", Attrs.of("dtype", "float32"), "x")
                .op("y", "exp", "same")
                .graph();
        Playback playback = ran(graph, BackwardCall.PLAIN);
        int end = playback.timeline().size();
        assertEquals(item(playback.timeline().arrivedAt(port("x"), end)),
                item(playback.timeline().arrivedAt(port("same"), end)));
        assertNotNull(moved(playback, Sketch.wire("same", "y", 0)));
    }

    private static String shown(Playback playback, int step) {
        JsonObject state = State.of(playback, step);
        state.remove("steps");
        StringBuilder text = new StringBuilder(JsonWriter.string(state));
        for (Wire wire : playback.graph().wires()) {
            Tensor moved = playback.timeline().movedAlong(wire, step);
            text.append(moved == null ? null : List.of(moved.toDoubles()[0]));
        }
        return text.toString();
    }

    private static Playback ran(Graph graph, Action... calls) {
        Playback playback = Playback.forward(graph);
        for (Action call : calls) {
            playback.act(call);
        }
        return playback;
    }

    private static List<Event> events(Playback playback) {
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < playback.timeline().size(); i++) {
            events.add(playback.timeline().event(i));
        }
        return events;
    }

    private static Event.Refused refusal(Playback playback) {
        return events(playback).stream()
                .filter(Event.Refused.class::isInstance)
                .map(Event.Refused.class::cast)
                .findFirst()
                .orElseThrow();
    }

    private static Tensor moved(Playback playback, Wire wire) {
        return playback.timeline().movedAlong(wire, playback.timeline().size());
    }

    private static Port port(String id) {
        return new Port(id, 0);
    }

    private static double item(Tensor tensor) {
        return tensor.item();
    }
}

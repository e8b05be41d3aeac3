package dev.backstep.engine.step;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.grack.nanojson.JsonWriter;
import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.graph.Sketch;
import dev.backstep.engine.step.Progress.Phase;
import dev.backstep.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A run that is computed part by part is the run that is computed whole; one that is given up looks untouched. */
class PartsTest {
    private static final List<Action> LOOP = List.of(
            new BackwardCall(null, null, true, false), new BackwardCall(null, null, true, true),
            new Action.ClipNorm(1, 2), new Action.Update(0.25), new Action.ZeroGrad(true), new Action.Forward(),
            BackwardCall.PLAIN, new Action.OptimizerStep(null), BackwardCall.PLAIN, new Action.Penalty(0.5));

    /** (w x - t)^2 summed, with a random leaf, an op that writes in place, one that refuses, and one behind it. */
    private static Graph net() {
        return new Sketch().op("w", "randn", Attrs.of("size", List.of(3L), "seed", 7L, "requires_grad", true))
                .leaf("x", List.of(2.0, -1.0, 0.5), DType.FLOAT32, false).op("y", "mul", "w", "x")
                .op("e", "exp_", "y").op("l", "sum", "e").op("adam", "Adam", Attrs.of("lr", 0.5), "w")
                .op("bad", "reshape", Attrs.of("shape", new int[] {7}), "x").op("behind", "tanh", "bad").graph("l");
    }

    /** Everything that can be asked of a run, at each of its steps. */
    private static List<String> told(Playback run) {
        List<String> told = new ArrayList<>();
        BackwardGraph tape = run.timeline().backwardGraph();
        for (int step = 0; step <= run.timeline().size(); step++) {
            told.add(JsonWriter.string(State.of(run, step)) + tape.countAt(step) + " nodes keep " + tape.bytesAt(step)
                    + " of " + tape.mostBytes(step));
        }
        run.graph().nodes().forEach(node -> told.add(node.id() + ": " + run.reason(node.id())));
        run.actions().forEach(action -> told.add(action.toString()));
        told.add("at " + run.step());
        return told;
    }

    private static int drain(Playback run) {
        int parts = 0;
        while (run.proceed()) {
            parts++;
        }
        return parts;
    }

    @Test
    void partsMakeTheSameRun() {
        Playback whole = Playback.forward(net());
        LOOP.forEach(whole::act);
        Playback parts = Playback.begin(net(), null);
        LOOP.forEach(parts::begin);
        assertTrue(drain(parts) > 3 * LOOP.size(), "parts are small");
        assertEquals(told(whole), told(parts));
        assertNull(parts.progress());
        assertFalse(parts.isUnderWay());
    }

    @ParameterizedTest
    @ValueSource(strings = {"tanh-neuron", "mean-of-squares"})
    void partsOfAnExampleToo(String id) throws Exception {
        Graph graph = ExamplesTest.read(id);
        Playback parts = Playback.begin(graph, null);
        parts.begin(BackwardCall.PLAIN);
        drain(parts);
        assertEquals(told(Playback.replay(graph, List.of(BackwardCall.PLAIN), parts.step())), told(parts));
    }

    @Test
    void progressNamesEachPartInOrder() {
        Graph graph = new Sketch().parameter("x", 3.0).op("y", "mul", "x", "x").op("z", "tanh", "y").graph();
        Playback run = Playback.begin(graph, null);
        run.begin(BackwardCall.PLAIN);
        List<Progress> seen = new ArrayList<>();
        do {
            Progress progress = run.progress();
            if (seen.isEmpty() || !progress.equals(seen.getLast())) {
                seen.add(progress);
            }
        } while (run.proceed());
        assertEquals(List.of(
                new Progress(Phase.LEAVES, "x", 0, 1), new Progress(Phase.FORWARD, "y", 0, 2),
                new Progress(Phase.FORWARD, "z", 1, 2), new Progress(Phase.ACT, null, 0, 1),
                new Progress(Phase.BACKWARD, "z", 0, 3), new Progress(Phase.BACKWARD, "y", 1, 3),
                new Progress(Phase.BACKWARD, "y", 2, 3)), seen);
    }

    @Test
    void untilAllIsThereTheRunLooksAsBefore() {
        Playback run = Playback.forward(net());
        run.act(LOOP.getFirst());
        run.seek(2);
        List<String> before = told(run);
        LOOP.subList(1, LOOP.size()).forEach(run::begin);
        while (run.proceed()) {
            assertEquals(before, told(run));
        }
        Playback whole = Playback.replay(net(), LOOP, run.step());
        assertEquals(told(whole), told(run));
    }

    /** Given up after each number of parts. */
    @Test
    void whatIsGivenUpLeavesNoTraceAndIsMadeAnew() {
        Playback reference = Playback.forward(net());
        reference.act(LOOP.getFirst());
        List<String> before = told(reference);
        for (int parts = 0; ; parts++) {
            Playback run = Playback.forward(net());
            run.act(LOOP.getFirst());
            LOOP.subList(1, LOOP.size()).forEach(run::begin);
            boolean more = true;
            for (int i = 0; i < parts && more; i++) {
                more = run.proceed();
            }
            if (!more) {
                assertTrue(parts > LOOP.size());
                return;
            }
            run.giveUp();
            assertTrue(run.isGivenUp());
            assertFalse(run.isUnderWay());
            assertFalse(run.proceed());
            assertEquals(before, told(run), parts + " parts");
            assertThrows(IllegalStateException.class, () -> run.act(BackwardCall.PLAIN));
            Playback anew = Playback.begin(run.graph(), run);
            run.actions().forEach(anew::begin);
            drain(anew);
            assertEquals(before, told(anew), parts + " parts");
        }
    }

    /** Numbers of each kind, also behind others that were drawn before, and a few more than whole pieces. */
    @ParameterizedTest
    @CsvSource({"randn, 40007, float32, 0, -1", "randn, 32768, float64, 10, 2", "normal, 50001, float32, 7, -1",
        "uniform, 49152, float64, 3, -1", "rand, 70000, float32, 0, -1", "randint, 40000, int64, 1, -1"})
    void numbersDrawnInPiecesAreTheSame(String type, long count, String dtype, long drawn, long pair) {
        Attrs attrs = Attrs.of("size", List.of(count), "seed", 3L, "drawn", drawn);
        attrs = type.equals("randint") ? attrs : attrs.with("dtype", dtype);
        attrs = pair < 0 ? attrs : attrs.with("pair", pair);
        Graph graph = new Sketch().op("x", type, attrs).op("y", "clone", "x").graph();
        Playback run = Playback.begin(graph, null);
        assertTrue(drain(run) > 1, "several parts");
        Tensor whole = NodeTypes.find(type).apply(NodeTypes.attrs(graph.node("x")))[0];
        Tensor pieces = run.tensor(new Port("x", 0));
        assertEquals(whole.dtype(), pieces.dtype());
        assertArrayEquals(whole.shape(), pieces.shape());
        assertArrayEquals(whole.toDoubles(), pieces.toDoubles());
        assertArrayEquals(whole.toDoubles(), run.tensor(new Port("y", 0)).toDoubles());
    }

    @Test
    void aRunWithoutLeavesOrOpsEndsAtOnce() {
        for (Graph graph : List.of(new Sketch().graph(), new Sketch().parameter("x", 3.0).graph(),
                new Sketch().op("y", "tanh").graph())) {
            Playback run = Playback.begin(graph, null);
            drain(run);
            assertEquals(told(Playback.forward(graph)), told(run));
        }
    }

    @Test
    void anActionThatIsRefusedAtOnceEnds() {
        Playback run = Playback.begin(new Sketch().leaf("x", 1.0, DType.FLOAT32, false).op("y", "tanh", "x").graph(),
                null);
        run.begin(BackwardCall.PLAIN);
        run.begin(new Action.Forward());
        drain(run);
        assertInstanceOf(Event.Refused.class, run.timeline().event(1));
        assertInstanceOf(Event.Again.class, run.timeline().event(2));
        assertNotNull(run.timeline().valueAt(new Port("y", 0), run.timeline().size()));
    }
}

package dev.backstep.web.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.graph.Edits;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.GraphRunner;
import dev.backstep.engine.graph.Leaf;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.train.Checkpoint;
import dev.backstep.engine.train.Run;
import dev.backstep.engine.train.RunCommand;
import dev.backstep.engine.train.RunEvent;
import dev.backstep.engine.train.RunEvent.State;
import dev.backstep.engine.train.RunSession;
import dev.backstep.web.session.Editor;
import dev.backstep.web.session.LoopEdits;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The page's side of a run, with sessions of the engine that do at once what they are told. */
class TrainingTest {
    private final Parabola parabola = new Parabola();
    private final Editor editor = parabola.editor;
    private final Training training = new Training(editor, Here::new, null);
    private final String w = parabola.w;

    /** A session that works until it stands still, as soon as it is told something. */
    static final class Here implements Runner {
        private final RunSession session;

        Here(Graph graph, byte[] checkpoint, Runner.Listener listener) {
            session = new RunSession(new Run(graph, Map.of(), checkpoint), listener::told);
        }

        @Override
        public void send(RunCommand command) {
            session.send(command);
            while (session.work(1_000)) {
                // The next thousandth.
            }
        }

        @Override
        public void close() {}
    }

    private static double loss(int batch) {
        return Math.pow(2 * Math.pow(.8, batch - 1), 2);
    }

    @Test
    void goesBackAndForwardToTheSameNumbers() {
        training.batches(10);
        assertEquals(State.PAUSED, training.log().state());
        for (int i = 1; i <= 10; i++) {
            assertEquals(loss(i), training.log().losses().get(i - 1), 1e-12);
        }
        byte[] there = training.kept().bytes();
        training.batches(-3);
        assertEquals(7, training.log().batch());
        assertEquals(7, training.log().losses().size());
        training.batches(3);
        assertEquals(10, training.log().losses().size());
        assertEquals(loss(10), training.log().losses().last(), 1e-12);
        assertArrayEquals(there, training.kept().bytes());
    }

    @Test
    void runsToItsEndAndThenAnew() {
        training.run();
        assertEquals(State.DONE, training.log().state());
        assertEquals(20, training.log().batch());
        RunLog first = training.log();
        training.run();
        assertEquals(State.DONE, training.log().state());
        assertEquals(List.of(first), training.past().stream().map(Past::log).toList());
        assertEquals(2, training.number());
    }

    @Test
    void anEditLeavesTheRunAndOneMayGoOnWithIt() {
        training.batches(5);
        editor.apply(Edits.update(editor.graph(), List.of(editor.graph().node(w).at(80, 80))));
        assertFalse(training.isStale(), "moving a box changes nothing that is trained");
        editor.apply(LoopEdits.set(editor.graph(), "clip_norm", 0.5));
        assertTrue(training.isStale());
        training.adopt();
        assertFalse(training.isStale());
        assertEquals(5, training.log().batch());
        training.batches(1);
        assertEquals(6, training.log().losses().size());
        assertEquals(loss(6), training.log().losses().last(), 1e-12);
        double before = 3 - 2 * Math.pow(.8, 5);
        assertEquals(before + .1 * .5, Checkpoint.read(training.kept().bytes()).leaves().get(w).item(), 1e-6);
    }

    @Test
    void aRunThatIsLostGoesOnFromItsCheckpoint() {
        training.batches(4);
        training.gone("out of memory");
        assertEquals("out of memory", training.lost());
        assertFalse(training.isOpen());
        assertEquals(State.STOPPED, training.log().state());
        training.batches(1);
        assertNull(training.lost());
        assertEquals(5, training.log().batch());
        assertEquals(loss(5), training.log().losses().last(), 1e-12);
        assertEquals(5, training.log().losses().size());
        assertEquals(List.of(), training.past(), "it is the same run");
    }

    @Test
    void aRunThatIsLostBeforeItsFirstCheckpointBeginsAnew() {
        training.begin();
        training.gone("");
        assertEquals("", training.lost());
        training.batches(2);
        assertNull(training.lost());
        assertEquals(loss(2), training.log().losses().last(), 1e-12);
    }

    private double standing() {
        return Checkpoint.read(training.standing().bytes()).leaves().get(w).item();
    }

    @Test
    void saysWhereItStandsHoweverItHasEnded() {
        training.begin();
        assertNull(training.standing(), "the document has these numbers itself");
        training.batches(3);
        assertEquals(3 - 2 * Math.pow(.8, 3), standing(), 1e-12);
        training.stop();
        assertEquals(State.STOPPED, training.log().state());
        assertFalse(training.isOpen());
        assertEquals(3 - 2 * Math.pow(.8, 3), standing(), 1e-12);
        training.run();
        assertEquals(State.DONE, training.log().state());
        assertEquals(3 - 2 * Math.pow(.8, 20), standing(), 1e-12);
        training.reset();
        assertEquals(1, standing());
    }

    @Test
    void resetKeepsTheCurveOfTheRunBefore() {
        training.batches(3);
        training.reset();
        assertEquals(0, training.log().batch());
        assertEquals(3, training.past().getFirst().log().losses().size());
        training.batches(2);
        assertEquals(loss(2), training.log().losses().last(), 1e-12);
    }

    @Test
    void aDivergingRunSaysWhereAndLetsOneGoBack() {
        GraphNode sgd = editor.graph().nodes().stream().filter(node -> node.type().equals("SGD")).findFirst()
                .orElseThrow();
        editor.apply(Edits.update(editor.graph(), List.of(sgd.with(Attrs.of("lr", 1e200)))));
        training.run();
        assertEquals(State.DIVERGED, training.log().state());
        long at = training.log().batch();
        assertTrue(training.log().warnings().stream().anyMatch(warning -> warning.code().equals("not_finite")));
        assertTrue(Math.abs(standing()) > 1e100, "that is to be seen, but not to go on from: " + standing());
        assertNull(training.kept());
        training.seek(at - 1);
        assertEquals(State.PAUSED, training.log().state());
        assertTrue(Double.isFinite(training.log().losses().last()));
    }

    @Test
    void whatCannotBeTrainedSaysWhy() {
        editor.apply(Edits.update(editor.graph(), List.of(editor.graph().node(w).with(
                Leaf.attrs(1.0, DType.FLOAT64, false)))));
        training.run();
        assertEquals("NO_PARAMETERS", training.log().failure().code().name());
        assertFalse(training.isOpen());
    }

    @Test
    void keptWeightsAreTheDocumentsOwn() {
        training.batches(5);
        Graph before = editor.graph();
        editor.apply(Weights.write(before, Checkpoint.read(training.kept().bytes()).leaves()));
        GraphRunner runner = new GraphRunner(editor.graph());
        assertEquals(3 - 2 * Math.pow(.8, 5), runner.at(new Port(w, 0)).item(), 1e-12);
        editor.undo();
        assertEquals(before, editor.graph());
    }

    @Test
    void theLoopsBoxIsMadeWhenItIsFirstChanged() {
        assertNull(LoopEdits.box(editor.graph()));
        editor.apply(LoopEdits.set(editor.graph(), "zero_grad", false));
        GraphNode box = LoopEdits.box(editor.graph());
        assertEquals(false, box.attrs().get("zero_grad"));
        editor.apply(LoopEdits.set(editor.graph(), "zero_grad", true));
        assertFalse(LoopEdits.box(editor.graph()).attrs().has("zero_grad"));
        editor.undo();
        editor.undo();
        assertNull(LoopEdits.box(editor.graph()));
    }

    @Test
    void withoutZeroGradTheRunWarnsAndLearnsOtherwise() {
        training.batches(3);
        double usual = training.log().losses().last();
        editor.apply(LoopEdits.set(editor.graph(), "zero_grad", false));
        training.begin();
        training.batches(3);
        assertNotEquals(usual, training.log().losses().last());
        assertTrue(training.log().warnings().stream().map(RunEvent.Warning::code).toList().contains("not_cleared"));
    }
}

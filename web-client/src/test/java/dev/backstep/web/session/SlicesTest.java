package dev.backstep.web.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.grack.nanojson.JsonWriter;
import dev.backstep.engine.graph.Edits;
import dev.backstep.engine.graph.GraphJson;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.step.Action;
import dev.backstep.engine.step.BackwardCall;
import dev.backstep.engine.step.Playback;
import dev.backstep.engine.step.Progress;
import dev.backstep.engine.step.SharedRun;
import dev.backstep.engine.step.State;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Runs that take several slices: what is seen meanwhile, how they end, are stopped, and begin anew. */
class SlicesTest {
    /** l = sum((w x)^2), w drawn; as many boxes as parts, so a slice of two parts is several turns from the end. */
    private static final String NET = """
            {"format": 1, "nodes": [
              {"id": "n1", "type": "randn", "label": "w", "attrs": {"size": [3], "seed": 1, "requires_grad": true}},
              {"id": "n2", "type": "tensor", "label": "x", "attrs": {"data": [1, 2, 3]}},
              {"id": "n3", "type": "mul", "label": "y"},
              {"id": "n4", "type": "square", "label": "s"},
              {"id": "n5", "type": "sum", "label": "l"}],
             "wires": [
              {"from": ["n1", 0], "to": ["n3", 0]}, {"from": ["n2", 0], "to": ["n3", 1]},
              {"from": ["n3", 0], "to": ["n4", 0]}, {"from": ["n4", 0], "to": ["n5", 0]}]}""";

    /** Two parts are a slice, and turns come when a test says so. */
    private static final class Clock implements Turns {
        private final Deque<Runnable> waiting = new ArrayDeque<>();
        private double now;

        @Override
        public double now() {
            now += 5;
            return now;
        }

        @Override
        public void next(Runnable work) {
            waiting.add(work);
        }

        boolean turn() {
            if (waiting.isEmpty()) {
                return false;
            }
            waiting.remove().run();
            return true;
        }

        int turns() {
            int turns = 0;
            while (turn()) {
                turns++;
            }
            return turns;
        }
    }

    private final Editor editor = new Editor();
    private final Clock clock = new Clock();
    private final Player player = new Player(editor, clock);
    private final List<String> heard = new ArrayList<>();

    @BeforeEach
    void open() {
        editor.open(GraphJson.read(NET));
    }

    private static String told(Playback run) {
        StringBuilder told = new StringBuilder();
        for (int step = 0; step <= run.timeline().size(); step++) {
            told.append(JsonWriter.string(State.of(run, step))).append('\n');
        }
        return told.append(run.step()).append(run.actions()).toString();
    }

    private void wish(String name, Runnable move) {
        player.inTurn(move, () -> heard.add(name + " done"), () -> heard.add(name + " cancelled"));
    }

    private void relabel(String label) {
        GraphNode node = editor.graph().node("n3");
        editor.apply(Edits.update(editor.graph(), List.of(new GraphNode(node.id(), node.type(), label, node.attrs(),
                node.x(), node.y()))));
    }

    @Test
    void aRunInSlicesIsTheRunInOne() {
        player.run();
        assertTrue(player.isComputing());
        assertNull(player.playback(), "nothing is shown of what is not there");
        assertEquals(4, clock.turns());
        assertFalse(player.isComputing());
        Player whole = new Player(editor);
        whole.run();
        assertEquals(told(whole.playback()), told(player.playback()));
        assertEquals(4, player.step(), "the first event of backward");
        assertTrue(player.isStepAhead());
    }

    @Test
    void progressIsToldAtEachTurn() {
        List<Progress> seen = new ArrayList<>();
        player.computing.listen(() -> seen.add(player.progress()));
        player.run();
        clock.turns();
        assertNull(seen.getLast(), "all is there");
        seen.removeLast();
        assertTrue(seen.contains(new Progress(Progress.Phase.FORWARD, "n5", 2, 3)), seen.toString());
        assertTrue(seen.contains(new Progress(Progress.Phase.BACKWARD, "n3", 2, 4)), seen.toString());
    }

    @Test
    void whatWasThereIsShownMeanwhileAndAfterCancelling() {
        player.run();
        clock.turns();
        player.seek(2);
        Playback before = player.playback();
        String told = told(before);
        player.replay(List.of(), 1);
        clock.turn();
        assertSame(before, player.playback());
        player.seek(3);
        assertEquals(3, player.step());
        player.seek(2);
        assertTrue(player.cancel());
        assertFalse(player.cancel());
        assertEquals(0, clock.turns() - 1, "a turn that is left over does nothing");
        assertSame(before, player.playback());
        assertEquals(told, told(before));
    }

    @Test
    void anActionThatIsStoppedHalfWayLeavesTheRunAndIsTakenAnew() {
        player.forward();
        clock.turns();
        String before = told(player.playback());
        player.act(BackwardCall.PLAIN);
        clock.turn();
        assertTrue(player.isComputing());
        assertEquals(before, told(player.playback()));
        assertEquals("act.missing.computing", NextAction.BACKWARD.missing(editor.graph(), player));
        player.cancel();
        assertEquals(before, told(player.playback()));
        player.act(BackwardCall.PLAIN);
        clock.turns();
        Player whole = new Player(editor);
        whole.run();
        assertEquals(told(whole.playback()), told(player.playback()));
        player.act(new Action.Update(0.5));
        clock.turns();
        whole.act(new Action.Update(0.5));
        assertEquals(told(whole.playback()), told(player.playback()));
    }

    @Test
    void anEditBeginsARunAnew() {
        player.run();
        clock.turn();
        editor.apply(Edits.connect(editor.graph(), new Port("n3", 0),
                new Port("n5", 0)));
        assertTrue(player.isComputing());
        clock.turns();
        Player whole = new Player(editor);
        whole.run();
        assertEquals(told(whole.playback()), told(player.playback()));
        // An edit that is taken back while it is computed is none.
        player.run();
        clock.turn();
        editor.undo();
        clock.turn();
        editor.redo();
        clock.turns();
        assertEquals(told(whole.playback()), told(player.playback()));
    }

    @Test
    void movingBoxesDisturbsNothingAndNamesBeginItAnew() {
        player.run();
        clock.turn();
        Progress reached = player.progress();
        editor.apply(Edits.update(editor.graph(), List.of(editor.graph().node("n3").at(80, 0))));
        assertEquals(reached, player.progress());
        relabel("product");
        assertNull(player.progress());
        clock.turns();
        assertEquals("product", player.playback().graph().node("n3").label());
        player.act(new Action.Update(0.5));
        clock.turns();
        player.seek(2);
        relabel("y");
        clock.turns();
        assertEquals(2, player.step());
        assertEquals(List.of(BackwardCall.PLAIN, new Action.Update(0.5)), player.playback().actions());
    }

    @Test
    void anEditStopsWhatWasAskedOfTheOldDocumentAlone() {
        player.run();
        clock.turns();
        wish("update", () -> player.act(new Action.Update(0.5)));
        wish("replay", () -> player.replay(List.of(BackwardCall.PLAIN, new Action.ZeroGrad(true)), 3));
        clock.turn();
        editor.apply(Edits.remove(editor.graph(), List.of("n5")));
        assertFalse(player.isComputing());
        assertEquals(List.of("update done", "replay cancelled"), heard);
        assertNull(player.playback(), "it is the run of another document");
        editor.undo();
        assertNotNull(player.playback());
    }

    @Test
    void anotherDocumentTakesThePlace() {
        player.run();
        clock.turn();
        editor.replace(GraphJson.read(NET.replace("square", "tanh")));
        player.open(new SharedRun(editor.graph(), List.of(), SharedRun.NOT_RUN, null, List.of()));
        clock.turns();
        assertFalse(player.isComputing());
        assertNull(player.playback(), "nobody asked for it");
        player.open(new SharedRun(editor.graph(), List.of(BackwardCall.PLAIN), 5, null, List.of()));
        assertTrue(player.isComputing());
        clock.turns();
        assertEquals(5, player.step());
        editor.replace(GraphJson.read("{\"format\": 1, \"nodes\": [], \"wires\": []}"));
        assertNull(player.playback());
    }

    @Test
    void wishesHaveTheirTurnsOneAfterAnother() {
        wish("forward", player::forward);
        wish("backward", () -> player.act(BackwardCall.PLAIN));
        wish("seek", () -> player.seek(2));
        assertEquals(List.of(), heard);
        clock.turns();
        assertEquals(List.of("forward done", "backward done", "seek done"), heard);
        assertEquals(2, player.step());
        wish("again", player::forward);
        wish("back", () -> player.seek(1));
        player.cancel();
        assertEquals(List.of("again cancelled", "back cancelled"), heard.subList(3, 5));
        assertEquals(2, player.step());
        wish("now", () -> player.seek(3));
        assertEquals("now done", heard.getLast());
    }

    @Test
    void whatIsAskedOfARunThatIsNotThereWaitsForIt() {
        player.run();
        player.act(new Action.ZeroGrad(true));
        player.runTo("n4", () -> heard.add("none"));
        clock.turns();
        assertEquals(List.of(BackwardCall.PLAIN, new Action.ZeroGrad(true)), player.playback().actions());
        assertEquals(2, player.step());
        assertEquals(List.of(), heard);
    }

    @Test
    void whatCameMeanwhileIsUsed() {
        player.run();
        clock.turn();
        player.again();
        clock.turns();
        assertEquals(4, player.step());
        player.seek(2);
        player.again();
        clock.turns();
        assertEquals(2, player.step());
    }

    @Test
    void aBatchOfATrainingThatIsStoppedHalfWayIsShownNoMore() {
        player.show(Playback.forward(editor.graph()), 1, true);
        player.act(BackwardCall.PLAIN);
        clock.turn();
        assertTrue(player.isOfTraining());
        player.cancel();
        assertNull(player.playback(), "it cannot be made anew of the document");
        player.show(Playback.forward(editor.graph()), 1, true);
        player.run();
        clock.turn();
        player.show(Playback.forward(editor.graph()), 2, true);
        clock.turns();
        assertEquals(2, player.step());
        assertTrue(player.isOfTraining());
    }
}

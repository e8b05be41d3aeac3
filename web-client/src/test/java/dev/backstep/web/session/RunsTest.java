package dev.backstep.web.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backstep.engine.graph.Edits;
import dev.backstep.engine.graph.GraphJson;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.step.Action;
import dev.backstep.engine.step.BackwardCall;
import dev.backstep.engine.step.SharedRun;
import dev.backstep.web.session.EventKind.Phase;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Runs that follow one another, walked over by filter, by breakpoint and by run. */
class RunsTest {
    /** l = (w x)^2 with w = 2, x = 3: dl/dw = 2 w x^2 = 36. */
    private static final String SQUARE = """
            {"format": 1, "nodes": [
              {"id": "n1", "type": "tensor", "label": "w", "attrs": {"data": 2, "requires_grad": true}},
              {"id": "n2", "type": "tensor", "label": "x", "attrs": {"data": 3}},
              {"id": "n3", "type": "mul", "label": "y"},
              {"id": "n4", "type": "square", "label": "l"}],
             "wires": [
              {"from": ["n1", 0], "to": ["n3", 0]}, {"from": ["n2", 0], "to": ["n3", 1]},
              {"from": ["n3", 0], "to": ["n4", 0]}]}""";

    private final Editor editor = new Editor();
    private final Player player = new Player(editor);

    @BeforeEach
    void open() {
        editor.open(GraphJson.read(SQUARE));
    }

    /** Forward and backward, with the graph kept, backward again, zero_grad, forward again: each kind in order. */
    private void runTwice() {
        player.act(new BackwardCall(null, null, true, false));
        player.act(BackwardCall.PLAIN);
        player.act(new Action.Update(0.25));
        player.act(new Action.ZeroGrad(true));
        player.act(new Action.Forward());
    }

    private List<EventKind> kinds() {
        List<EventKind> kinds = new ArrayList<>();
        for (int i = 0; i < player.steps(); i++) {
            kinds.add(EventKind.of(player.timeline().event(i)));
        }
        return kinds;
    }

    private double grad() {
        return player.timeline().gradAt(new Port("n1", 0), player.step()).item();
    }

    @Test
    void theLogTellsEveryKindInOrder() {
        runTwice();
        List<EventKind> backward = List.of(EventKind.START, EventKind.NODE, EventKind.NODE, EventKind.ACCUMULATE);
        List<EventKind> expected = new ArrayList<>(List.of(EventKind.FORWARD, EventKind.FORWARD));
        expected.addAll(backward);
        expected.addAll(backward);
        expected.addAll(List.of(EventKind.UPDATE, EventKind.ZERO_GRAD, EventKind.AGAIN, EventKind.FORWARD,
                EventKind.FORWARD));
        assertEquals(expected, kinds());
    }

    @Test
    void aFilterIsWalkedOverAndNothingElse() {
        runTwice();
        player.filter.toggle(EventKind.ACCUMULATE);
        assertEquals(2, player.shown().size());
        player.walkToEnd(-1);
        assertEquals(0, player.step());
        assertFalse(player.canWalk(-1));
        player.walk(1);
        assertEquals(6, player.step());
        assertEquals(36, grad());
        assertTrue(player.isStepAhead(), "what happened may be shown happening");
        player.walk(1);
        assertEquals(10, player.step());
        assertEquals(72, grad());
        assertEquals(2, player.shown().happened(player.step()));
        assertFalse(player.canWalk(1));
        player.seek(8);
        assertEquals(1, player.shown().happened(player.step()));
        player.walk(-1);
        assertEquals(6, player.step());
        player.walk(-1);
        assertEquals(0, player.step());
        player.walkToEnd(1);
        assertEquals(10, player.step());
        String kept = player.filter.write();
        player.filter.showAll();
        assertEquals(17, player.shown().size(), "15 events, and what two nodes let go of");
        player.filter.choose(kept + ",NO_SUCH_KIND");
        assertEquals(2, player.shown().size());
        player.filter.toggle(EventKind.ACCUMULATE);
        player.filter.toggle(EventKind.HOOK);
        assertEquals(0, player.shown().size());
        assertFalse(player.canWalk(1));
    }

    @Test
    void whatIsFreedHasRowsButNoStepsOfItsOwn() {
        runTwice();
        assertEquals(15, player.steps());
        player.filter.toggle(EventKind.FREE);
        // Only the second backward frees: the events 7 and 8, counted from 0, ran its nodes.
        assertEquals(2, player.shown().size());
        player.walkToEnd(-1);
        player.walk(1);
        assertEquals(8, player.step());
        assertEquals(EventKind.NODE, EventKind.of(player.event()));
        assertEquals("PowBackward0", player.shown().freed(player.shown().standing(8)).node().name());
        player.walk(1);
        assertEquals(9, player.step());
        assertEquals("MulBackward0", player.shown().freed(player.shown().standing(9)).node().name());
        assertFalse(player.canWalk(1));
        player.walk(-1);
        assertEquals(8, player.step());
        player.filter.toggle(EventKind.NODE);
        assertEquals(List.of(EventKind.NODE, EventKind.NODE, EventKind.NODE, EventKind.FREE, EventKind.NODE,
                EventKind.FREE), IntStream.range(0, player.shown().size()).mapToObj(player.shown()::kind).toList());
        assertNull(player.shown().freed(2));
        assertEquals(2, player.shown().standing(8), "the node's own row, not that of what it freed");
        assertEquals(5, player.shown().standing(12), "the last before");
        player.walk(1);
        player.walk(1);
        assertEquals(9, player.step(), "two rows of one step are one move");
    }

    @Test
    void phasesAndRunsAreThoseThatWereMade() {
        runTwice();
        Track track = Track.of(player.timeline());
        assertEquals(List.of(new Track.Segment(0, 2, Phase.FORWARD), new Track.Segment(2, 10, Phase.BACKWARD),
                new Track.Segment(10, 12, Phase.ACT), new Track.Segment(12, 15, Phase.FORWARD)), track.segments());
        assertEquals(List.of(0, 2, 6, 10, 11, 12), track.runs());
        assertEquals(0, track.runOf(1));
        assertEquals(2, track.runOf(9));
        assertEquals(5, track.runOf(14));
        assertEquals(new Track(0, List.of(), List.of()), Track.of(null));
    }

    @Test
    void aRefusalBelongsToThePhaseItHappensIn() {
        player.act(BackwardCall.PLAIN);
        player.act(BackwardCall.PLAIN);
        List<EventKind> kinds = kinds();
        assertEquals(EventKind.REFUSED, kinds.getLast());
        assertEquals(List.of(new Track.Segment(0, 2, Phase.FORWARD),
                new Track.Segment(2, kinds.size(), Phase.BACKWARD)), Track.of(player.timeline()).segments());
    }

    @Test
    void runningStopsAtANodeAheadAndBack() {
        runTwice();
        player.breakpoints.toggle("n3");
        player.seek(0);
        List<Integer> stops = new ArrayList<>();
        for (Stop stop = player.runOn(1); stop != null; stop = player.runOn(1)) {
            assertEquals(new Stop(player.step(), Stop.Cause.NODE, "n3"), stop);
            assertEquals(stop, player.stop());
            stops.add(player.step());
        }
        assertEquals(List.of(1, 5, 9, 14), stops);
        assertEquals(15, player.step(), "without another breakpoint it is the end");
        assertNull(player.stop());
        assertEquals(14, player.runOn(-1).step());
        assertEquals(9, player.runOn(-1).step());
        player.breakpoints.toggle("n3");
        assertNull(player.runOn(-1));
        assertEquals(0, player.step());
    }

    @Test
    void playingUnderAFilterStopsAtWhatIsHiddenToo() {
        runTwice();
        player.filter.toggle(EventKind.ACCUMULATE);
        player.breakpoints.toggle("n4");
        player.seek(2);
        player.play(1);
        assertEquals(3, player.step(), "backward starts at n4");
        assertEquals(Stop.Cause.NODE, player.stop().cause());
        player.play(1);
        assertEquals(4, player.step());
        player.play(1);
        assertEquals(6, player.step());
        assertNull(player.stop());
    }

    @Test
    void conditionsStopWhereTheyHoldFirst() {
        runTwice();
        player.breakpoints.setNorm(36);
        player.seek(0);
        Stop first = player.runOn(1);
        assertEquals(new Stop(10, Stop.Cause.NORM, "n1"), first, "36 is not over 36; 72 is");
        player.breakpoints.setNorm(35.5);
        player.seek(0);
        assertEquals(new Stop(5, Stop.Cause.NORM, "n3"), player.runOn(1), "36 leaves mul");
        player.act(BackwardCall.PLAIN);
        player.act(BackwardCall.PLAIN);
        player.breakpoints.clear();
        player.breakpoints.setRefused(true);
        player.seek(0);
        assertEquals(Stop.Cause.REFUSED, player.runOn(1).cause());
        assertEquals(player.steps(), player.step());
    }

    @Test
    void aValueThatIsNotFiniteStopsAtTheOpThatMadeIt() {
        editor.open(GraphJson.read("""
                {"format": 1, "nodes": [
                  {"id": "n1", "type": "tensor", "label": "x", "attrs": {"data": [4, 0], "requires_grad": true}},
                  {"id": "n2", "type": "sqrt"}, {"id": "n3", "type": "sum"}],
                 "wires": [{"from": ["n1", 0], "to": ["n2", 0]}, {"from": ["n2", 0], "to": ["n3", 0]}]}"""));
        player.run();
        player.breakpoints.setNotFinite(true);
        player.seek(0);
        assertEquals(new Stop(5, Stop.Cause.NOT_FINITE, "n2"), player.runOn(1), "1 / (2 sqrt(0)) is infinite");
        assertEquals(new Stop(6, Stop.Cause.NOT_FINITE, "n1"), player.runOn(1));
    }

    @Test
    void runToANodeGoesToItsNextEventAndRunsFirstWhereNeeded() {
        List<Integer> stood = new ArrayList<>();
        List<String> none = new ArrayList<>();
        for (String node : List.of("n4", "n4", "n1", "n1")) {
            player.runTo(node, () -> none.add(node));
            stood.add(player.step());
        }
        assertEquals(List.of(2, 3, 6, 6), stood);
        assertEquals(List.of("n1"), none, "nothing follows the last");
    }

    @Test
    void anActionIsTakenBackAndPutBack() {
        runTwice();
        List<Action> actions = player.playback().actions();
        player.seek(9);
        player.takeBack();
        player.takeBack();
        player.takeBack();
        assertEquals(9, player.step());
        assertEquals(10, player.steps());
        player.takeBack();
        assertEquals(6, player.step(), "what one stood at is gone: the last step there is");
        assertEquals(36, grad());
        player.replay(actions, 15);
        assertEquals(15, player.steps());
        assertEquals(actions, player.playback().actions());
    }

    @Test
    void whatCannotBeDoneSaysWhatIsMissing() {
        assertNull(NextAction.FORWARD.missing(editor.graph(), player));
        assertEquals("act.missing.gradient", NextAction.ZERO_GRAD.missing(editor.graph(), player));
        assertEquals("act.missing.optimizer", NextAction.STEP.missing(editor.graph(), player));
        assertEquals("act.missing.action", NextAction.TAKE_BACK.missing(editor.graph(), player));
        player.run();
        assertNull(NextAction.UPDATE.missing(editor.graph(), player));
        assertNull(NextAction.TAKE_BACK.missing(editor.graph(), player));
        player.act(new Action.ZeroGrad(true));
        assertEquals("act.missing.gradient", NextAction.CLIP.missing(editor.graph(), player));
        while (player.playback().actions().size() < SharedRun.MAX_CALLS) {
            player.act(new Action.ZeroGrad(true));
        }
        assertEquals("act.missing.room", NextAction.FORWARD.missing(editor.graph(), player));
        assertNull(NextAction.RESTART.missing(editor.graph(), player));
    }

    @Test
    void breakpointsStayWithTheirDocument() {
        player.breakpoints.toggle("n3");
        player.breakpoints.toggle("n4");
        editor.apply(Edits.remove(editor.graph(), List.of("n4")));
        assertEquals(List.of("n3"), player.breakpoints.nodes());
        player.open(new SharedRun(editor.graph(), List.of(), SharedRun.NOT_RUN, null, List.of()));
        assertEquals(List.of(), player.breakpoints.nodes());
    }

    /** mul saves x for the gradient of w, and square saves y; each lets go of its 4 bytes when it has run. */
    @Test
    void memoryIsWhatTheGraphKeeps() {
        player.run();
        player.act(new Action.ZeroGrad(true));
        MemoryCurve curve = MemoryCurve.of(player.timeline());
        List<Long> bytes = new ArrayList<>();
        for (int step = 0; step <= curve.steps(); step++) {
            bytes.add(curve.at(step));
        }
        assertEquals(List.of(0L, 4L, 8L, 8L, 4L, 0L, 0L, 0L), bytes);
        assertEquals(2, curve.peak());
    }
}

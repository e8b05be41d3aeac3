package dev.backstep.web.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.train.RunCommand;
import dev.backstep.engine.train.RunEvent;
import dev.backstep.engine.train.RunEvent.State;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A short run that only measures. */
class TrialTest {
    private final List<Trial.Outcome> outcomes = new ArrayList<>();
    private Runner.Listener run;
    private boolean closed;
    private long now = 100;

    private Trial start() {
        return Trial.start((graph, checkpoint, listener) -> {
            run = listener;
            return new Runner() {
                @Override
                public void send(RunCommand command) {
                    assertEquals(new RunCommand.Resume(), command);
                }

                @Override
                public void close() {
                    closed = true;
                }
            };
        }, Graph.EMPTY, outcomes::add, () -> now);
    }

    @Test
    void tellsThePaceOfTwoSeconds() {
        start();
        run.told(new RunEvent.Started(10, 300, 8, 2, List.of(), List.of(), List.of()));
        run.told(new RunEvent.At(State.RUNNING, 0, 1, 0));
        run.told(new RunEvent.At(State.RUNNING, 5, 1, 50));
        now += 1_900;
        run.told(new RunEvent.At(State.RUNNING, 90, 9, 60));
        assertEquals(List.of(), outcomes);
        now += 200;
        run.told(new RunEvent.At(State.RUNNING, 100, 10, 70));
        run.told(new RunEvent.At(State.RUNNING, 110, 11, 80));
        assertEquals(List.of(new Trial.Outcome(70, 300)), outcomes);
        assertTrue(closed);
    }

    @Test
    void aRunThatEndsSoonerWillDo() {
        start();
        run.told(new RunEvent.Started(10, 20, 8, 2, List.of(), List.of(), List.of()));
        run.told(new RunEvent.At(State.DONE, 20, 2, 500));
        assertEquals(List.of(new Trial.Outcome(500, 20)), outcomes);
    }

    @Test
    void oneThatDiesTellsThatNothingIsKnown() {
        start();
        run.gone("");
        assertEquals(List.of(new Trial.Outcome(0, 0)), outcomes);
    }

    @Test
    void oneThatIsGivenUpTellsNothing() {
        start().cancel();
        assertTrue(closed);
        run.told(new RunEvent.At(State.DONE, 20, 2, 500));
        assertEquals(List.of(), outcomes);
    }
}

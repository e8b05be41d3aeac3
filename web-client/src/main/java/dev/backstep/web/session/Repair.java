package dev.backstep.web.session;

import dev.backstep.engine.graph.Change;
import dev.backstep.engine.step.Action;
import java.util.List;

/**
 * A way to put right what was refused or is missing, done with one press: an edit, which undo takes back, and a run.
 *
 * @param kind what it does
 * @param names of the boxes it speaks of
 * @param change the edit, or null for none
 * @param actions what is done in the run after it
 */
public record Repair(Kind kind, List<String> names, Change change, List<Action> actions) {
    /** What a repair does; the words are in the messages. */
    public enum Kind {
        REQUIRE_GRAD,
        RETAIN_GRAD,
        BYPASS_DETACH,
        LEAVE_NO_GRAD,
        RUN_BACKWARD,
        CHOOSE_TARGET,
        RETAIN_GRAPH,
        GRADIENT_OF_ONES,
        OUT_OF_PLACE,
        CLONE_BEFORE
    }

    /** Edits and runs again, to the last step. */
    public void apply(Editor editor, Player player) {
        if (change != null) {
            editor.apply(change);
        }
        player.replay(actions, Integer.MAX_VALUE);
    }
}

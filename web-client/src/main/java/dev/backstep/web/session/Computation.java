package dev.backstep.web.session;

import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.step.Action;
import dev.backstep.engine.step.BackwardCall;
import dev.backstep.engine.step.Playback;
import dev.backstep.engine.step.Progress;
import java.util.List;

/** A run that is being computed, and how one will stand in it. */
final class Computation {
    /** One stands where the run leads. */
    static final int WHERE_IT_LEADS = -1;

    /** So long the page is kept waiting; single parts of a run may take longer. */
    private static final double SLICE_MS = 8;

    /** All that is done after the first forward. */
    private final List<Action> actions;
    private final int step;
    /** Null while it has not begun. */
    private Playback run;
    private boolean goesOn;

    /**
     * A run from the beginning.
     *
     * @param step where one is to stand in the end, or {@link #WHERE_IT_LEADS}
     */
    Computation(List<Action> actions, int step) {
        this.actions = List.copyOf(actions);
        this.step = step;
    }

    /** One more action in a run that is there. */
    static Computation of(Playback run, Action action, List<Action> all) {
        Computation made = new Computation(all, WHERE_IT_LEADS);
        made.run = run;
        made.goesOn = true;
        run.begin(action);
        return made;
    }

    /** @param before the run before, whose random numbers are taken over; may be null */
    void begin(Graph graph, Playback before) {
        run = Playback.begin(graph, before);
        actions.forEach(run::begin);
    }

    /** Computes as long as a slice lasts; false where all is there. */
    boolean slice(Turns turns) {
        double start = turns.now();
        boolean more;
        do {
            more = run.proceed();
        } while (more && turns.now() - start < SLICE_MS);
        if (!more && step != WHERE_IT_LEADS) {
            run.seek(step);
        }
        return more;
    }

    Playback run() {
        return run;
    }

    /** Whether it goes on with a run that was there before. */
    boolean goesOn() {
        return goesOn;
    }

    /** Whether it computes what a document computes, or will. */
    boolean isOf(Graph graph) {
        return run == null || Likeness.isSame(run.graph(), graph);
    }

    /** The same for the document as it is now, or null where it was asked of the other one alone. */
    Computation renewed(Graph graph) {
        boolean ofAny = step == WHERE_IT_LEADS && !goesOn
                && (actions.isEmpty() || actions.equals(List.of(BackwardCall.PLAIN)));
        return !graph.nodes().isEmpty() && (ofAny || Likeness.isRenamed(run.graph(), graph))
                ? again() : null;
    }

    /** The same from its beginning. */
    Computation again() {
        return new Computation(actions, step);
    }

    /** How many events there were before what one looks at first. */
    int before() {
        return step != WHERE_IT_LEADS ? run.step() : actions.isEmpty() ? 0 : run.begun();
    }

    /** How far it has come, or null. */
    Progress progress() {
        return run == null ? null : run.progress();
    }
}

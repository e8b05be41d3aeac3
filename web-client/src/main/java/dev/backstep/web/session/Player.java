package dev.backstep.web.session;

import dev.backstep.engine.graph.Inference;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.step.Action;
import dev.backstep.engine.step.BackwardCall;
import dev.backstep.engine.step.Event;
import dev.backstep.engine.step.Playback;
import dev.backstep.engine.step.Progress;
import dev.backstep.engine.step.SharedRun;
import dev.backstep.engine.step.Timeline;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The run of the document that is open, and where one stands in it. A run belongs to the document it was made of: an
 * edit hides it, and taking the edit back shows it again. Moving boxes edits nothing that was computed; renaming them
 * repeats the run under the new names.
 *
 * <p>What takes longer than a moment is computed in slices. Until it is there, one looks at what was there before; an
 * edit begins it anew, and {@link #cancel} leaves everything as it was.
 */
public final class Player {
    /** A run is about to begin anew. */
    public final Signal starting = new Signal();

    /** One stands elsewhere, or the run is another one. */
    public final Signal moved = new Signal();

    /** What is being computed has come further, is there, or was cancelled. */
    public final Signal computing = new Signal();

    /** Where playing and running on stop. */
    public final Breakpoints breakpoints = new Breakpoints();

    /** Which events {@link #walk} goes to. */
    public final EventFilter filter = new EventFilter();

    private final Editor editor;
    private final Turns turns;
    private final Wishes wishes = new Wishes(() -> !isComputing());
    /** What is being computed, or null. */
    private Computation computation;
    private Playback playback;
    private ShownEvents shown;
    private Timeline shownOf;
    private int shownSize;
    private Stop stop;
    /** Whether the run is that of the document as it stands. */
    private boolean current;
    private boolean attempted;
    /** Whether the run stands in a training, and does not begin with the document's own numbers. */
    private boolean ofTraining;
    /** What was shown though nobody asked for it, until one goes to another step of it. */
    private Playback unasked;
    private int before;
    /** Of the document as it was seen last. */
    private Inference inference;
    private Port target;

    /** A player that computes all at once. */
    public Player(Editor editor) {
        this(editor, Turns.ENDLESS);
    }

    /** A player that computes in slices, between which others have their turns. */
    public Player(Editor editor, Turns turns) {
        this.editor = editor;
        this.turns = turns;
        editor.changed.listen(this::edited);
        filter.changed.listen(() -> {
            shown = null;
            moved.fire();
        });
    }

    private void edited() {
        boolean same = inference == editor.inference() && Objects.equals(target, editor.graph().target())
                && !attempted && stop == null;
        inference = editor.inference();
        target = editor.graph().target();
        attempted = false;
        before = 0;
        stop = null;
        if (computation != null && !computation.isOf(editor.graph())) {
            renew();
        } else if (same) {
            // Boxes were moved, and no more.
            return;
        }
        breakpoints.retain(editor.graph());
        if (computation == null && playback != null && !ofTraining
                && Likeness.isRenamed(playback.graph(), editor.graph())) {
            compute(new Computation(playback.actions(), playback.step()));
        }
        current = playback != null && Likeness.isSame(playback.graph(), editor.graph());
        moved.fire();
    }

    /**
     * What is being computed begins anew with the document as it is, where it was asked of any; but a turn later,
     * since whoever opens another document has not asked for it.
     */
    private void renew() {
        boolean lost = ofTraining && computation.goesOn();
        Computation renewed = lost ? null : computation.renewed(editor.graph());
        if (renewed == null) {
            cancel();
            return;
        }
        drop();
        computation = renewed;
        turns.next(() -> {
            attempted |= computation == renewed;
            proceed(renewed);
        });
    }

    /** Runs again what has been run, since something came that it lacked. */
    public void again() {
        if (computation != null) {
            compute(computation.again());
        } else if (playback() != null) {
            compute(new Computation(playback.actions(), playback.step()));
        }
    }

    /** Begins to compute a run in place of what is being computed, and is done with it if that takes but a moment. */
    private void compute(Computation next) {
        drop();
        computation = next;
        proceed(next);
    }

    /** The same because the reader wants it. */
    private void ask(Computation next) {
        attempted = true;
        compute(next);
    }

    private void proceed(Computation asked) {
        if (computation != asked) {
            return;
        }
        try {
            if (asked.run() == null) {
                stop = null;
                starting.fire();
                asked.begin(editor.graph(), ofTraining ? null : playback);
            }
            if (asked.slice(turns)) {
                turns.next(() -> proceed(asked));
                computing.fire();
                return;
            }
        } catch (RuntimeException failure) {
            cancel();
            throw failure;
        }
        computation = null;
        if (!asked.goesOn()) {
            ofTraining = false;
        }
        playback = asked.run();
        current = Likeness.isSame(playback.graph(), editor.graph());
        before = asked.before();
        moved.fire();
        computing.fire();
        wishes.grant();
    }

    /** Whether something is being computed. */
    public boolean isComputing() {
        return computation != null;
    }

    /** How far what is being computed has come; null where nothing is, or has not begun. */
    public Progress progress() {
        return computation == null ? null : computation.progress();
    }

    /**
     * Does something when all that was asked for before is done.
     *
     * @param move what may begin to compute
     * @param done is run when that is there too, {@code cancelled} if it will not be
     */
    public void inTurn(Runnable move, Runnable done, Runnable cancelled) {
        wishes.add(move, done, cancelled);
    }

    /** Computes no more of what is being computed, and shows what was there before; false where nothing is. */
    public boolean cancel() {
        if (computation == null) {
            return false;
        }
        drop();
        wishes.cancel();
        moved.fire();
        computing.fire();
        return true;
    }

    private void drop() {
        if (computation != null && computation.goesOn()) {
            playback.giveUp();
            if (ofTraining) {
                // What computed it has gone on: the training shows it anew.
                playback = null;
                ofTraining = false;
                current = false;
            }
        }
        computation = null;
    }

    /** The run of the document as it stands, or null where it has none. */
    public Playback playback() {
        return current ? playback : null;
    }

    /** The timeline of the run, or null. */
    public Timeline timeline() {
        return playback() == null ? null : playback.timeline();
    }

    /** Whether running was tried since the last edit, so that boxes may say what they miss. */
    public boolean wasAttempted() {
        return attempted;
    }

    public int step() {
        return playback() == null ? 0 : playback.step();
    }

    public int steps() {
        return playback() == null ? 0 : playback.timeline().size();
    }

    /** The event that led to the step one stands at, or null. */
    public Event event() {
        return step() == 0 ? null : playback.timeline().event(step() - 1);
    }

    /** Whether the last move went one step ahead, so that what happened may be shown happening. */
    public boolean isStepAhead() {
        return step() == before + 1;
    }

    /** Runs forward, then backward from the target, and stands at the first event of backward. */
    public void run() {
        ask(new Computation(editor.graph().targetOrLast() == null ? List.of() : List.of(BackwardCall.PLAIN),
                Computation.WHERE_IT_LEADS));
    }

    /** Runs forward and stands after its last op. */
    public void forward() {
        ask(new Computation(List.of(), Computation.WHERE_IT_LEADS));
    }

    /** Takes an action, after forward where that has not run, and stands at the first event of it. */
    public void act(Action action) {
        if (computation != null) {
            inTurn(() -> act(action), () -> { }, () -> { });
            return;
        }
        List<Action> all = new ArrayList<>(playback() == null ? List.of() : playback.actions());
        all.add(action);
        stop = null;
        ask(playback() == null || playback.isGivenUp() ? new Computation(all, Computation.WHERE_IT_LEADS)
                : Computation.of(playback, action, all));
    }

    /** Runs forward and takes those actions, in place of what was done, and goes to a step. */
    public void replay(List<Action> actions, int step) {
        ask(new Computation(actions, step));
    }

    /**
     * Shows a batch of a training, at that step. It belongs to the document it was made of, as other runs do.
     *
     * @param asked whether somebody wanted to see it, and not only how the training goes
     */
    public void show(Playback batch, int step, boolean asked) {
        cancel();
        unasked = asked ? null : batch;
        attempted = true;
        stop = null;
        playback = batch;
        ofTraining = true;
        current = Likeness.isSame(batch.graph(), editor.graph());
        playback.seek(step);
        before = playback.step();
        moved.fire();
    }

    /** Whether one stands where a training has led, without having asked for this step. */
    public boolean isUnasked() {
        return unasked != null && playback() == unasked;
    }

    /** Whether what is shown is a batch of a training. */
    public boolean isOfTraining() {
        return ofTraining && playback() != null;
    }

    /** Takes the last action back. One stays where one is, if that is still there. */
    public void takeBack() {
        List<Action> actions = playback.actions();
        replay(actions.subList(0, actions.size() - 1), playback.step());
    }

    /** Goes to a step, or to the nearest there is. */
    public void seek(int step) {
        if (playback() != null) {
            go(playback.step(), step, null);
        }
    }

    private void go(int from, int step, Stop why) {
        unasked = null;
        before = from;
        stop = why;
        playback.seek(step);
        moved.fire();
    }

    /** The events that the filter shows. */
    public ShownEvents shown() {
        if (shown == null || shownOf != timeline() || shownSize != steps()) {
            shown = ShownEvents.of(timeline(), filter);
            shownOf = timeline();
            shownSize = steps();
        }
        return shown;
    }

    /** Goes to the shown event after (1) or before (-1); stays where there is none. */
    public void walk(int direction) {
        walkTo(next(direction), null);
    }

    private int next(int direction) {
        return direction > 0 ? shown().after(step()) : shown().before(step());
    }

    /** Going ahead shows the event happening, also over events that are not shown. */
    private void walkTo(int step, Stop why) {
        if (playback() != null) {
            go(step > step() ? step - 1 : step(), step, why);
        }
    }

    /** Goes before everything, or after the last event that is shown. */
    public void walkToEnd(int direction) {
        seek(direction > 0 ? shown().last() : 0);
    }

    /** Whether {@link #walk} leads anywhere. */
    public boolean canWalk(int direction) {
        return playback() != null && next(direction) != step();
    }

    /** Walks, but no farther than to a breakpoint. */
    public void play(int direction) {
        int to = next(direction);
        Stop on = playback() == null ? null : breakpoints.find(timeline(), playback.graph(), step(), to);
        walkTo(on == null ? to : on.step(), on);
    }

    /** Goes to the next breakpoint, or to the end where none is on the way, and says which. */
    public Stop runOn(int direction) {
        int end = direction > 0 ? steps() : 0;
        Stop on = playback() == null ? null : breakpoints.find(timeline(), playback.graph(), step(), end);
        walkTo(on == null ? end : on.step(), on);
        return on;
    }

    /**
     * Goes to the next event at a node, after running where that has not been done.
     *
     * @param none is run where none follows
     */
    public void runTo(String node, Runnable none) {
        boolean fromStart = playback() == null;
        if (fromStart && computation == null) {
            run();
        }
        inTurn(() -> {
            if (fromStart && playback() != null) {
                playback.seek(0);
            }
            walkTo(node, none);
        }, () -> { }, () -> { });
    }

    private void walkTo(String node, Runnable none) {
        for (int step = step() + 1; step <= steps(); step++) {
            if (Happenings.isAt(timeline().event(step - 1), node)) {
                walkTo(step, null);
                return;
            }
        }
        moved.fire();
        none.run();
    }

    /** The breakpoint one was stopped by at this step, or null. */
    public Stop stop() {
        return stop;
    }

    /** What a link to the page as it stands carries; of a training it is the document. */
    public SharedRun shared(String language) {
        Playback current = playback();
        return current == null || ofTraining
                ? new SharedRun(editor.graph(), List.of(), SharedRun.NOT_RUN, language, List.of())
                : new SharedRun(editor.graph(), current.actions(), current.step(), language, List.of());
    }

    /** Shows a run as a link has it; its document must be open. */
    public void open(SharedRun shared) {
        breakpoints.leaveDocument();
        cancel();
        if (shared.step() != SharedRun.NOT_RUN) {
            ask(new Computation(shared.actions(), shared.step()));
        }
    }
}

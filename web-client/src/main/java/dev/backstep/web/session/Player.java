package dev.backstep.web.session;

import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.Inference;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.step.Action;
import dev.backstep.engine.step.BackwardCall;
import dev.backstep.engine.step.Event;
import dev.backstep.engine.step.Playback;
import dev.backstep.engine.step.SharedRun;
import dev.backstep.engine.step.Timeline;
import dev.backstep.engine.tensor.Group;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;

/**
 * The run of the document that is open, and where one stands in it. A run belongs to the document it was made of: an
 * edit hides it, and taking the edit back shows it again. Moving boxes edits nothing that was computed; renaming them
 * repeats the run under the new names.
 */
public final class Player {
    /** A run is about to begin anew. */
    public final Signal starting = new Signal();

    /** One stands elsewhere, or the run is another one. */
    public final Signal moved = new Signal();

    /** Where playing and running on stop. */
    public final Breakpoints breakpoints = new Breakpoints();

    /** Which events {@link #walk} goes to. */
    public final EventFilter filter = new EventFilter();

    private final Editor editor;
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

    public Player(Editor editor) {
        this.editor = editor;
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
        if (same) {
            // Boxes were moved, and no more.
            return;
        }
        breakpoints.retain(editor.graph());
        if (playback != null && !ofTraining && isRenamed(playback.graph(), editor.graph())) {
            playback = Playback.replay(editor.graph(), playback.actions(), playback.step());
        }
        current = playback != null && isSame(playback.graph(), editor.graph());
        moved.fire();
    }

    /** Runs again what has been run, since something came that it lacked. */
    public void again() {
        if (playback() != null) {
            playback = Playback.replay(editor.graph(), playback.actions(), playback.step());
            moved.fire();
        }
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
        forward();
        if (editor.graph().targetOrLast() != null) {
            act(BackwardCall.PLAIN);
        }
    }

    /** Runs forward and stands after its last op. */
    public void forward() {
        attempted = true;
        before = 0;
        stop = null;
        starting.fire();
        playback = Playback.forward(editor.graph(), ofTraining ? null : playback);
        ofTraining = false;
        current = true;
        moved.fire();
    }

    /** Takes an action, after forward where that has not run, and stands at the first event of it. */
    public void act(Action action) {
        if (playback() == null) {
            forward();
        }
        before = playback.timeline().size();
        stop = null;
        playback.act(action);
        moved.fire();
    }

    /** Runs forward and takes those actions, in place of what was done, and goes to a step. */
    public void replay(List<Action> actions, int step) {
        attempted = true;
        stop = null;
        starting.fire();
        playback = Playback.replay(editor.graph(), actions, step);
        ofTraining = false;
        current = true;
        before = playback.step();
        moved.fire();
    }

    /**
     * Shows a batch of a training, at that step. It belongs to the document it was made of, as other runs do.
     *
     * @param asked whether somebody wanted to see it, and not only how the training goes
     */
    public void show(Playback batch, int step, boolean asked) {
        unasked = asked ? null : batch;
        attempted = true;
        stop = null;
        playback = batch;
        ofTraining = true;
        current = isSame(batch.graph(), editor.graph());
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

    /** Goes to the next event at a node, after running where that has not been done; false where none follows. */
    public boolean runTo(String node) {
        if (playback() == null) {
            run();
            playback.seek(0);
        }
        for (int step = step() + 1; step <= steps(); step++) {
            if (Happenings.isAt(timeline().event(step - 1), node)) {
                walkTo(step, null);
                return true;
            }
        }
        moved.fire();
        return false;
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
        if (shared.step() != SharedRun.NOT_RUN) {
            attempted = true;
            playback = shared.replay();
            ofTraining = false;
            current = isSame(playback.graph(), editor.graph());
            before = playback.step();
            moved.fire();
        }
    }

    /** Whether two documents compute the same under the same names. */
    public static boolean isSame(Graph a, Graph b) {
        return a == b || isSame(a, b, true);
    }

    private static boolean isRenamed(Graph a, Graph b) {
        return !isSame(a, b) && isSame(a, b, false);
    }

    /**
     * Whether two documents have the same run: it depends not on where the boxes lie, what notes say or how frames
     * look, and perhaps not on what the boxes are called.
     */
    private static boolean isSame(Graph a, Graph b, boolean labels) {
        if (!Objects.equals(a.target(), b.target()) || !a.wires().equals(b.wires())) {
            return false;
        }
        Iterator<GraphNode> others = b.nodes().iterator();
        GraphNode other = computing(others);
        for (GraphNode node : a.nodes()) {
            if (NodeTypes.of(node).group() == Group.NOTE) {
                continue;
            }
            boolean same = other != null && (node == other || node.id().equals(other.id())
                    && node.type().equals(other.type()) && node.attrs().equals(other.attrs())
                    && (!labels || node.label().equals(other.label())));
            if (!same || a.isUnderNoGrad(node.id()) != b.isUnderNoGrad(node.id())) {
                return false;
            }
            other = computing(others);
        }
        return other == null;
    }

    /** The next box that is no note, or null. */
    private static GraphNode computing(Iterator<GraphNode> nodes) {
        while (nodes.hasNext()) {
            GraphNode node = nodes.next();
            if (NodeTypes.of(node).group() != Group.NOTE) {
                return node;
            }
        }
        return null;
    }
}

package dev.backstep.web.session;

import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.engine.step.Action;
import dev.backstep.engine.step.BackwardCall;
import dev.backstep.engine.step.Event;
import dev.backstep.engine.step.Playback;
import dev.backstep.engine.step.SharedRun;
import dev.backstep.engine.step.Timeline;
import dev.backstep.engine.tensor.Group;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The run of the document that is open, and where one stands in it. A run belongs to the document it was made of: an
 * edit hides it, and taking the edit back shows it again. Moving boxes edits nothing that was computed; renaming them
 * repeats the run under the new names.
 */
public final class Player {
    /** One stands elsewhere, or the run is another one. */
    public final Signal moved = new Signal();

    private final Editor editor;
    private Playback playback;
    /** Whether the run is that of the document as it stands. */
    private boolean current;
    private boolean attempted;
    private int before;

    public Player(Editor editor) {
        this.editor = editor;
        editor.changed.listen(this::edited);
    }

    private void edited() {
        attempted = false;
        before = 0;
        if (playback != null && isRenamed(playback.graph(), editor.graph())) {
            playback = Playback.replay(editor.graph(), playback.actions(), playback.step());
        }
        current = playback != null && isSame(playback.graph(), editor.graph());
        moved.fire();
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
        playback = Playback.forward(editor.graph());
        current = true;
        moved.fire();
    }

    /** Takes an action, after forward where that has not run, and stands at the first event of it. */
    public void act(Action action) {
        if (playback() == null) {
            forward();
        }
        before = playback.timeline().size();
        playback.act(action);
        moved.fire();
    }

    /** Runs forward, then takes those actions, and stands at the last step. */
    public void repeat(List<Action> actions) {
        attempted = true;
        playback = Playback.replay(editor.graph(), actions, Integer.MAX_VALUE);
        current = true;
        before = playback.step();
        moved.fire();
    }

    /** Goes to a step, or to the nearest there is. */
    public void seek(int step) {
        if (playback() != null) {
            before = playback.step();
            playback.seek(step);
            moved.fire();
        }
    }

    /** What a link to the page as it stands carries. */
    public SharedRun shared(String language) {
        Playback current = playback();
        return current == null
                ? new SharedRun(editor.graph(), List.of(), SharedRun.NOT_RUN, language, List.of())
                : new SharedRun(editor.graph(), current.actions(), current.step(), language, List.of());
    }

    /** Shows a run as a link has it; its document must be open. */
    public void open(SharedRun shared) {
        if (shared.step() != SharedRun.NOT_RUN) {
            attempted = true;
            playback = shared.replay();
            current = isSame(playback.graph(), editor.graph());
            before = playback.step();
            moved.fire();
        }
    }

    private static boolean isSame(Graph a, Graph b) {
        return a == b || normal(a, false).equals(normal(b, false));
    }

    private static boolean isRenamed(Graph a, Graph b) {
        return !isSame(a, b) && normal(a, true).equals(normal(b, true));
    }

    /**
     * What of a document its run depends on: not where the boxes lie, what notes say or how frames look, and perhaps
     * not what the boxes are called.
     */
    private static Object normal(Graph graph, boolean withoutLabels) {
        List<Object> nodes = new ArrayList<>();
        for (GraphNode node : graph.nodes()) {
            if (NodeTypes.of(node).group() != Group.NOTE) {
                nodes.add((withoutLabels ? node.labelled(node.id()) : node).at(0, 0));
                nodes.add(graph.isUnderNoGrad(node.id()));
            }
        }
        return List.of(nodes, graph.wires(), Optional.ofNullable(graph.target()));
    }
}

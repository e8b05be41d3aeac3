package dev.backstep.engine.step;

import dev.backstep.engine.graph.CreatedLeaf;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.GraphRunner;
import dev.backstep.engine.graph.Mode;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.graph.Reason;
import dev.backstep.engine.optim.Optimizer;
import dev.backstep.engine.tensor.Tensor;
import dev.backstep.engine.tensor.TorchError;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A run of a document that can be looked at from every step: forward is recorded when it is made, each action when it
 * is taken, and {@link #seek} goes anywhere in between without computing anything.
 *
 * <p>A forward or an action is computed whole, or begun and then computed part by part: whoever calls {@link #proceed}
 * owns time. Until all that was begun is there, the run looks as it did before, and {@link #giveUp} leaves it so.
 */
public final class Playback {
    private final Graph graph;
    private final GraphRunner runner;
    private final Recorder recorder;
    private final Performer performer;
    private final List<Action> actions = new ArrayList<>();
    /** What was begun and has not had its turn. */
    private final Deque<Action> ahead = new ArrayDeque<>();
    /** What is being computed, or null. */
    private Stretch stretch;
    /** How many actions there were, and what was refused, before what is being computed was begun. */
    private int heldActions;
    private Map<String, Reason> heldReasons;
    private boolean givenUp;
    /** The step at which the last action began. */
    private int begun;
    private int step;

    private Playback(Graph graph, GraphRunner runner) {
        this.graph = graph;
        this.runner = runner;
        this.recorder = new Recorder(graph);
        this.performer = new Performer(graph, runner, recorder);
        stretch = performer.new Leaves();
    }

    /** A document whose leaves are there and whose ops have not run. */
    public static Playback leaves(Graph graph) {
        Playback playback = new Playback(graph, GraphRunner.begin(graph, _ -> null, Mode.DRAWN));
        playback.makeLeaves();
        playback.stretch = null;
        return playback;
    }

    /** Runs a document forward and stands after its last op. */
    public static Playback forward(Graph graph) {
        return forward(graph, null);
    }

    /**
     * The same, after another run that began with the document's own numbers. What was drawn there and would be drawn
     * again is taken over: a million normal numbers take a third of a second.
     *
     * @param before may be null
     */
    public static Playback forward(Graph graph, Playback before) {
        Playback playback = begin(graph, before);
        playback.finish();
        return playback;
    }

    /** The same, but nothing of it is computed yet. */
    public static Playback begin(Graph graph, Playback before) {
        Function<GraphNode, Tensor[]> drawn = before == null ? _ -> null : before::drawn;
        Playback playback = new Playback(graph, GraphRunner.begin(graph, drawn, Mode.DRAWN));
        playback.hold();
        return playback;
    }

    /** What was drawn for a leaf of a document, where this one has the same; else null. */
    private Tensor[] drawn(GraphNode node) {
        GraphNode here = graph.node(node.id());
        boolean same = here != null && here.type().equals(node.type()) && here.attrs().equals(node.attrs());
        Tensor leaf = same && NodeTypes.of(node) instanceof CreatedLeaf created && created.isRandom()
                ? runner.at(new Port(node.id(), 0)) : null;
        return leaf == null || leaf.version() != 0 ? null
                : new Tensor[] {leaf.detach().copy().requiresGrad(leaf.requiresGrad())};
    }

    /**
     * Takes a training up where it stands, and runs the forward of its next batch.
     *
     * @throws TorchError where the state of an optimizer is not of this document's parameters
     */
    public static Playback of(Graph graph, Standing standing) {
        Playback playback = new Playback(graph,
                GraphRunner.begin(graph, node -> standing.leaves().get(node.id()), standing.mode()));
        playback.makeLeaves();
        standing.optimizers().forEach((box, state) -> {
            Optimizer optimizer = playback.runner.optimizer(graph.node(box));
            optimizer.loadStateDict(state);
            playback.performer.optimizer(box, optimizer);
        });
        playback.hold();
        playback.finish();
        return playback;
    }

    /** Repeats a run: forward, those actions, and stands at that step, or at the last one if there are fewer. */
    public static Playback replay(Graph graph, List<Action> actions, int step) {
        Playback playback = forward(graph);
        actions.forEach(playback::act);
        playback.seek(step);
        return playback;
    }

    private void makeLeaves() {
        while (stretch.hasNext()) {
            stretch.next();
        }
    }

    /**
     * Takes an action as a whole and stands at the first event of it. What PyTorch refuses becomes an
     * {@link Event.Refused}, after the events that came before it.
     */
    public void act(Action action) {
        begin(action);
        finish();
    }

    /**
     * The same, but nothing of it is computed yet. It has its turn when all that was begun before is there.
     *
     * @throws IllegalStateException where something was given up: the run has to be made anew
     */
    public void begin(Action action) {
        if (givenUp) {
            throw new IllegalStateException("a run that was given up does not go on");
        }
        if (!isUnderWay()) {
            hold();
        }
        ahead.add(action);
    }

    private void hold() {
        recorder.timeline().hold();
        heldActions = actions.size();
        heldReasons = runner.reasons();
    }

    /** Whether something was begun that is not all there. */
    public boolean isUnderWay() {
        return stretch != null || !ahead.isEmpty();
    }

    /** Computes the next part of what was begun; false where all of it is there. */
    public boolean proceed() {
        if (stretch != null && stretch.hasNext()) {
            stretch.next();
        } else if (stretch == null && !ahead.isEmpty()) {
            Action action = ahead.remove();
            actions.add(action);
            begun = recorder.timeline().written();
            stretch = performer.begin(action);
            if (stretch == null) {
                end();
            }
        }
        while (stretch != null && !stretch.hasNext()) {
            if (stretch instanceof Performer.Leaves) {
                stretch = performer.new Ops();
            } else {
                end();
            }
        }
        return isUnderWay();
    }

    /** Computes all that was begun. */
    private void finish() {
        while (isUnderWay()) {
            proceed();
        }
    }

    /** The forward or an action is there. */
    private void end() {
        stretch = null;
        if (ahead.isEmpty()) {
            int size = recorder.timeline().written();
            step = actions.isEmpty() ? size : Math.min(begun + 1, size);
            recorder.timeline().release();
        }
    }

    /** How far what was begun has come; null where all is there. */
    public Progress progress() {
        return stretch != null ? stretch.progress()
                : ahead.isEmpty() ? null : new Progress(Progress.Phase.ACT, null, 0, 1);
    }

    /**
     * Computes no more of what was begun. The run looks as if it had not been, but tensors may have other gradients
     * and nodes may have let go of what they kept, so before anything else is done the run has to be made anew.
     */
    public void giveUp() {
        if (isUnderWay()) {
            givenUp = true;
            ahead.clear();
            stretch = null;
        }
    }

    /** Whether something was given up. */
    public boolean isGivenUp() {
        return givenUp;
    }

    private boolean isHeld() {
        return givenUp || isUnderWay();
    }

    /** The refusal behind an {@link Event.Refused} of backward, or null. */
    TorchError refusal(int event) {
        return performer.refusal(event);
    }

    /** Why a box has no tensors, or null where it has. */
    public Reason reason(String id) {
        return isHeld() ? heldReasons.get(id) : runner.reason(id);
    }

    public Graph graph() {
        return graph;
    }

    public Timeline timeline() {
        return recorder.timeline();
    }

    /** What was done so far, for {@link #replay}. */
    public List<Action> actions() {
        return List.copyOf(isHeld() ? actions.subList(0, heldActions) : actions);
    }

    /** The tensor at an output as the engine has it, of the forward that one stands in; null where none is. */
    public Tensor tensor(Port output) {
        Timeline.Status status = timeline().statusAt(output, step);
        return status != null ? status.tensor() : runner.at(output);
    }

    /** Where one stands: after this many events. */
    public int step() {
        return step;
    }

    /** The step at which the last action began. */
    public int begun() {
        return begun;
    }

    /** Goes to a step, or to the nearest there is. */
    public void seek(int newStep) {
        step = Math.clamp(newStep, 0, timeline().size());
    }
}

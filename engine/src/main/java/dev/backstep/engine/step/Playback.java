package dev.backstep.engine.step;

import dev.backstep.engine.formula.FormulaException;
import dev.backstep.engine.graph.CreatedLeaf;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.GraphRunner;
import dev.backstep.engine.graph.Inference;
import dev.backstep.engine.graph.Mode;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.engine.graph.OptimizerBox;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.graph.Reason;
import dev.backstep.engine.nn.Gradients;
import dev.backstep.engine.optim.Optimizer;
import dev.backstep.engine.tensor.Autograd;
import dev.backstep.engine.tensor.Backward;
import dev.backstep.engine.tensor.NodeType;
import dev.backstep.engine.tensor.Tape;
import dev.backstep.engine.tensor.Tensor;
import dev.backstep.engine.tensor.TorchError;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A run of a document that can be looked at from every step: forward is recorded when it is made, each action when it
 * is taken, and {@link #seek} goes anywhere in between without computing anything.
 */
public final class Playback {
    private final Graph graph;
    private final GraphRunner runner;
    private final Recorder recorder;
    private final List<Action> actions = new ArrayList<>();
    private final Map<Integer, TorchError> refusals = new HashMap<>();
    private final Map<String, Optimizer> optimizers = new HashMap<>();
    private int step;

    private Playback(Graph graph, GraphRunner runner) {
        this.graph = graph;
        this.runner = runner;
        this.recorder = new Recorder(graph);
        for (GraphNode node : graph.nodes()) {
            NodeType type = NodeTypes.of(node);
            for (int i = 0; i < type.outputs().size() && type.isLeaf(); i++) {
                Port port = new Port(node.id(), i);
                if (runner.at(port) != null) {
                    recorder.leaf(port, runner.at(port));
                }
            }
        }
    }

    /** A document whose leaves are there and whose ops have not run. */
    public static Playback leaves(Graph graph) {
        return new Playback(graph, new GraphRunner(graph));
    }

    /** Runs a document forward and stands after its last op. */
    public static Playback forward(Graph graph) {
        return leaves(graph).run();
    }

    /**
     * The same, after another run that began with the document's own numbers. What was drawn there and would be drawn
     * again is taken over: a million normal numbers take a third of a second.
     *
     * @param before may be null
     */
    public static Playback forward(Graph graph, Playback before) {
        Map<String, Tensor[]> drawn = before == null ? Map.of() : before.drawnFor(graph);
        return new Playback(graph, new GraphRunner(graph, drawn, Mode.DRAWN)).run();
    }

    /** The leaves with random numbers that another document has too, as they were drawn. */
    private Map<String, Tensor[]> drawnFor(Graph other) {
        Map<String, Tensor[]> drawn = new HashMap<>();
        for (GraphNode node : other.nodes()) {
            GraphNode here = graph.node(node.id());
            boolean same = here != null && here.type().equals(node.type()) && here.attrs().equals(node.attrs());
            Tensor leaf = same && NodeTypes.of(node) instanceof CreatedLeaf created && created.isRandom()
                    ? runner.at(new Port(node.id(), 0)) : null;
            if (leaf != null && leaf.version() == 0) {
                drawn.put(node.id(), new Tensor[] {leaf.detach().copy().requiresGrad(leaf.requiresGrad())});
            }
        }
        return drawn;
    }

    /**
     * Takes a training up where it stands, and runs the forward of its next batch.
     *
     * @throws TorchError where the state of an optimizer is not of this document's parameters
     */
    public static Playback of(Graph graph, Standing standing) {
        Playback playback = new Playback(graph, new GraphRunner(graph, standing.leaves(), standing.mode()));
        standing.optimizers().forEach((box, state) -> {
            Optimizer optimizer = playback.runner.optimizer(graph.node(box));
            optimizer.loadStateDict(state);
            playback.optimizers.put(box, optimizer);
        });
        return playback.run();
    }

    private Playback run() {
        runOps();
        step = timeline().size();
        return this;
    }

    /** Repeats a run: forward, those actions, and stands at that step, or at the last one if there are fewer. */
    public static Playback replay(Graph graph, List<Action> actions, int step) {
        Playback playback = forward(graph);
        actions.forEach(playback::act);
        playback.seek(step);
        return playback;
    }

    private void runOps() {
        while (runner.hasNext()) {
            List<Tensor> written = runner.toBeWritten();
            written.forEach(recorder::beforeWrite);
            recorder.forward(runner.next(), written);
        }
    }

    /**
     * Takes an action as a whole and stands at the first event of it. What PyTorch refuses becomes an
     * {@link Event.Refused}, after the events that came before it.
     */
    public void act(Action action) {
        actions.add(action);
        int before = timeline().size();
        switch (action) {
            case BackwardCall call -> backward(call);
            case Action.Forward _ -> {
                recorder.again();
                runner.again();
                runOps();
            }
            case Action.ZeroGrad zero -> change(action, withGrad(), false, leaves -> {
                Gradients.clear(leaves, zero.setToNone());
                return null;
            });
            case Action.ClipNorm clip -> change(action, withGrad(), false,
                    leaves -> Gradients.clipNorm(leaves, clip.maxNorm(), clip.normType(), false));
            case Action.ClipValue clip -> change(action, withGrad(), false, leaves -> {
                Gradients.clipValue(leaves, clip.clipValue());
                return null;
            });
            case Action.Update update -> change(action, withGrad(), true, leaves -> {
                Gradients.descend(leaves, update.lr());
                return null;
            });
            case Action.Penalty penalty -> penalty(penalty);
            case Action.OptimizerStep optimize -> act(optimize, optimize.optimizer());
            case Action.Schedule schedule -> act(schedule, schedule.optimizer());
        }
        step = Math.min(before + 1, timeline().size());
    }

    private interface Work {
        /** @return the total norm where one was computed, or null */
        Tensor on(List<Tensor> leaves);
    }

    private List<Tensor> withGrad() {
        return runner.parameters().stream().filter(leaf -> leaf.grad() != null).toList();
    }

    private void change(Action action, List<Tensor> leaves, boolean values, Work work) {
        change(action, null, leaves, values, work);
    }

    private void change(Action action, String box, List<Tensor> leaves, boolean values, Work work) {
        for (Tensor leaf : leaves) {
            recorder.beforeWrite(leaf.grad());
            if (values) {
                recorder.beforeWrite(leaf);
            }
        }
        try (Tape.Scope _ = Tape.scope(box)) {
            Tensor norm = work.on(leaves);
            recorder.acted(action, box, leaves, values, norm);
        } catch (TorchError refused) {
            refuse(box, box == null ? "" : graph.node(box).label(), refused);
        }
    }

    private void refuse(String box, String name, TorchError refused) {
        String text = refused.getMessage();
        refusals.put(timeline().size(), refused);
        recorder.refused(box, refused.kind(), new Reason(Reason.Code.TORCH, List.of(name, text), text));
    }

    private void penalty(Action.Penalty penalty) {
        Port target = graph.targetOrLast();
        Tensor loss = target == null ? null : runner.at(target);
        if (loss == null) {
            recorder.refused(target == null ? null : target.node(), null, target == null
                    ? new Reason(Reason.Code.NO_TARGET, List.of(), null) : reason(target.node()));
            return;
        }
        List<Tensor> parameters = runner.parameters();
        try {
            Tensor value = Gradients.penalty(loss, parameters, penalty.weight()).detach();
            recorder.acted(penalty, null, parameters, false, value);
        } catch (TorchError refused) {
            refuse(target.node(), graph.name(target), refused);
        }
    }

    /** Lets an optimizer act. */
    private void act(Action action, String named) {
        GraphNode box = optimizer(named);
        if (box == null) {
            recorder.refused(null, null, new Reason(Reason.Code.NO_OPTIMIZER, List.of(), null));
            return;
        }
        Reason waits = runner.waiting(box);
        if (waits != null) {
            recorder.refused(box.id(), null, waits);
            return;
        }
        Optimizer optimizer;
        try {
            optimizer = optimizers.computeIfAbsent(box.id(), _ -> runner.optimizer(box));
        } catch (TorchError refused) {
            refuse(box.id(), box.label(), refused);
            return;
        }
        if (action instanceof Action.Schedule schedule) {
            optimizer.paramGroups().forEach(group -> group.set("lr", schedule.lr()));
            recorder.acted(action, box.id(), List.of(), false, null);
            return;
        }
        List<Tensor> changing = optimizer.paramGroups().stream().flatMap(group -> group.params().stream())
                .filter(leaf -> leaf.grad() != null).toList();
        change(action, box.id(), changing, true, _ -> {
            optimizer.step();
            return null;
        });
    }

    /** The optimizer of that id, or the only one there is; null where there is none such. */
    private GraphNode optimizer(String id) {
        GraphNode found = null;
        for (GraphNode node : graph.nodes()) {
            if (NodeTypes.of(node) instanceof OptimizerBox && (id == null || id.equals(node.id()))) {
                if (found != null) {
                    return null;
                }
                found = node;
            }
        }
        return found;
    }

    private void backward(BackwardCall call) {
        Port target = call.target() != null ? call.target() : graph.targetOrLast();
        if (target == null) {
            recorder.refused(null, null, new Reason(Reason.Code.NO_TARGET, List.of(), null));
            return;
        }
        Tensor tensor = runner.at(target);
        if (tensor == null) {
            recorder.refused(target.node(), null, reason(target.node()));
            return;
        }
        String box = target.node();
        try {
            Tensor gradient = call.gradient(tensor.dtype());
            Backward steps = Autograd.steps(
                    List.of(tensor),
                    Collections.singletonList(gradient),
                    call.retainGraph(),
                    call.createGraph(),
                    null);
            recorder.start(target, tensor.gradientEdge(),
                    gradient != null ? gradient : Tensor.ones(tensor.shape(), tensor.dtype()));
            while (steps.hasNext()) {
                box = (String) steps.peek().scope();
                recorder.step(steps.next());
            }
        } catch (TorchError refused) {
            refuse(box, graph.name(target), refused);
        } catch (FormulaException refused) {
            recorder.refused(box, null, Inference.reason(graph.node(box), refused));
        }
    }

    /** The refusal behind an {@link Event.Refused} of backward, or null. */
    TorchError refusal(int event) {
        return refusals.get(event);
    }

    /** Why a box has no tensors, or null where it has. */
    public Reason reason(String id) {
        return runner.reason(id);
    }

    public Graph graph() {
        return graph;
    }

    public Timeline timeline() {
        return recorder.timeline();
    }

    /** What was done so far, for {@link #replay}. */
    public List<Action> actions() {
        return List.copyOf(actions);
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

    /** Goes to a step, or to the nearest there is. */
    public void seek(int newStep) {
        step = Math.clamp(newStep, 0, timeline().size());
    }
}

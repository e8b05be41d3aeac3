package dev.backstep.engine.step;

import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.GraphRunner;
import dev.backstep.engine.graph.Leaf;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.graph.Reason;
import dev.backstep.engine.tensor.Autograd;
import dev.backstep.engine.tensor.Backward;
import dev.backstep.engine.tensor.Tensor;
import dev.backstep.engine.tensor.TorchError;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A run of a document that can be looked at from every step: forward is recorded when it is made, each backward when it
 * is called, and {@link #seek} goes anywhere in between without computing anything.
 */
public final class Playback {
    private final Graph graph;
    private final GraphRunner runner;
    private final Recorder recorder;
    private final List<BackwardCall> calls = new ArrayList<>();
    private final Map<Integer, TorchError> refusals = new HashMap<>();
    private int step;

    private Playback(Graph graph) {
        this.graph = graph;
        this.runner = new GraphRunner(graph);
        this.recorder = new Recorder(graph);
        for (GraphNode node : graph.nodes()) {
            Port port = new Port(node.id(), 0);
            if (NodeTypes.of(node) == Leaf.TYPE && runner.at(port) != null) {
                recorder.leaf(port, runner.at(port));
            }
        }
    }

    /** A document whose leaves are there and whose ops have not run. */
    public static Playback leaves(Graph graph) {
        return new Playback(graph);
    }

    /** Runs a document forward and stands after its last op. */
    public static Playback forward(Graph graph) {
        Playback playback = new Playback(graph);
        while (playback.runner.hasNext()) {
            playback.recorder.forward(playback.runner.next());
        }
        playback.step = playback.timeline().size();
        return playback;
    }

    /** Repeats a run: forward, those backwards, and stands at that step, or at the last one if there are fewer. */
    public static Playback replay(Graph graph, List<BackwardCall> calls, int step) {
        Playback playback = forward(graph);
        calls.forEach(playback::backward);
        playback.seek(step);
        return playback;
    }

    /**
     * Runs backward as a whole and stands at the first event of it. What PyTorch refuses becomes an
     * {@link Event.Refused}, after the events that came before it.
     */
    public void backward(BackwardCall call) {
        calls.add(call);
        int before = timeline().size();
        record(call);
        step = Math.min(before + 1, timeline().size());
    }

    private void record(BackwardCall call) {
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
            recorder.start(target, gradient != null ? gradient : Tensor.ones(tensor.shape(), tensor.dtype()));
            while (steps.hasNext()) {
                box = (String) steps.peek().scope();
                recorder.step(steps.next());
            }
        } catch (TorchError refused) {
            String text = refused.getMessage();
            Reason reason = new Reason(Reason.Code.TORCH, List.of(graph.name(target), text), text);
            refusals.put(timeline().size(), refused);
            recorder.refused(box, refused.kind(), reason);
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

    /** The backwards called so far, for {@link #replay}. */
    public List<BackwardCall> calls() {
        return List.copyOf(calls);
    }

    /** The tensor at an output as the engine has it now, with its place in the backward graph; null where none is. */
    public Tensor tensor(Port output) {
        return runner.at(output);
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

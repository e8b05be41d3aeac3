package dev.backstep.engine.step;

import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.graph.Wire;
import dev.backstep.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What one box of the document did in the backward that is going on, or was last: it can be asked at any step after the
 * box's nodes ran. A box that is made of several nodes is seen as a whole.
 *
 * @param forward the event of the call whose derivative this is
 * @param event the event in which its last node ran
 * @param nodes PyTorch's names of its nodes, in the order they ran
 * @param inputs what it was called with, by wire
 * @param outputs what it gave
 * @param incoming the gradient of each output, null where none came
 * @param passed what it sent along its wires, as far as that has happened
 */
public record BoxRun(int forward, int event, List<String> nodes, List<Tensor> inputs, List<Tensor> outputs,
        List<Tensor> incoming, List<Passed> passed) {
    /**
     * A gradient that went along a wire.
     *
     * @param input the place of the wire among the wires into the box
     * @param raw what the derivative gave before broadcasting was summed back; null where that is not told
     * @param outgoing what arrived
     */
    public record Passed(int input, Wire wire, Tensor raw, Tensor outgoing) {}

    /** A call of a box: its event, what it took by wire, and what it gave. */
    public record Forward(int event, List<Tensor> inputs, List<Tensor> outputs) {}

    /** Finds it, or null where no node of the box has run in this backward up to that step. */
    public static BoxRun find(Playback playback, String box, int step) {
        Timeline timeline = playback.timeline();
        List<Event.NodeRun> runs = new ArrayList<>();
        int last = Why.NONE;
        int at = Math.min(step, timeline.size()) - 1;
        for (; at >= 0 && !(timeline.event(at) instanceof Event.Start)
                && !(timeline.event(at) instanceof Event.Again); at--) {
            if (timeline.event(at) instanceof Event.NodeRun run && box.equals(run.box())) {
                runs.addFirst(run);
                last = last == Why.NONE ? at : last;
            }
        }
        if (runs.isEmpty()) {
            return null;
        }
        Forward forward = forward(playback, box, at);
        if (forward == null) {
            return null;
        }
        List<Wire> wires = playback.graph().wiresInto(box);
        List<Tensor> incoming = new ArrayList<>();
        for (int o = 0; o < forward.outputs().size(); o++) {
            incoming.add(incoming(timeline, new Port(box, o), forward.event(), runs, step));
        }
        List<Passed> passed = new ArrayList<>();
        for (int k = 0; k < wires.size(); k++) {
            Tensor moved = timeline.movedAlong(wires.get(k), step);
            if (moved != null) {
                passed.add(new Passed(k, wires.get(k), raw(runs, wires.get(k)), moved));
            }
        }
        return new BoxRun(forward.event(), last, runs.stream().map(Event.NodeRun::name).toList(), forward.inputs(),
                forward.outputs(), Collections.unmodifiableList(incoming), List.copyOf(passed));
    }

    /** The last call of a box in the first {@code step} events, with what it took and gave; null where there is none. */
    public static Forward forward(Playback playback, String box, int step) {
        Timeline timeline = playback.timeline();
        int at = Math.min(step, timeline.size()) - 1;
        while (at >= 0 && !(timeline.event(at) instanceof Event.Forward forward && forward.box().equals(box))) {
            at--;
        }
        if (at < 0) {
            return null;
        }
        List<Tensor> inputs = new ArrayList<>();
        for (Wire wire : playback.graph().wiresInto(box)) {
            inputs.add(timeline.valueAt(wire.from(), at));
        }
        List<Tensor> outputs = new ArrayList<>();
        GraphNode node = playback.graph().node(box);
        for (int o = 0; o < NodeTypes.of(node).outputs().size(); o++) {
            outputs.add(timeline.valueAt(new Port(box, o), at + 1));
        }
        return new Forward(at, Collections.unmodifiableList(inputs), Collections.unmodifiableList(outputs));
    }

    /** What the node that made an output took in; where it cannot be told apart, what has arrived there. */
    private static Tensor incoming(Timeline timeline, Port port, int forward, List<Event.NodeRun> runs, int step) {
        Timeline.Status made = timeline.statusAt(port, forward + 1);
        for (Event.NodeRun run : runs) {
            if (made != null && run.node() == made.gradFn()) {
                return run.incoming().get(made.outputNr());
            }
        }
        return timeline.arrivedAt(port, step);
    }

    /** What a derivative gave toward a wire, where that was one gradient. */
    private static Tensor raw(List<Event.NodeRun> runs, Wire wire) {
        Tensor raw = null;
        boolean several = false;
        for (Event.NodeRun run : runs) {
            for (Event.Arrival arrival : run.arrivals()) {
                if (wire.equals(arrival.wire())) {
                    several |= raw != null;
                    raw = run.raw().get(arrival.input());
                }
            }
        }
        return several ? null : raw;
    }
}

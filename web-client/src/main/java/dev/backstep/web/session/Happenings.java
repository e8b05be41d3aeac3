package dev.backstep.web.session;

import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.step.Event;
import dev.backstep.engine.step.Timeline;
import dev.backstep.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What an event did, asked the same of every kind: where, and with which tensors. */
public final class Happenings {
    private Happenings() {}

    /** The box that acted, or null. */
    public static String box(Event event) {
        return switch (event) {
            case Event.NodeRun run -> run.box();
            default -> event.boxes().isEmpty() ? null : event.boxes().getFirst();
        };
    }

    /** Whether it happened at a box: a gradient that merely arrived there did not. */
    static boolean isAt(Event event, String box) {
        return switch (event) {
            case Event.NodeRun run -> box.equals(run.box());
            case Event.Forward forward -> box.equals(forward.box())
                    || forward.written().stream().anyMatch(port -> port.node().equals(box));
            default -> event.boxes().contains(box);
        };
    }

    /** The gradients that it made or passed on. */
    static List<Tensor> gradients(Event event) {
        List<Tensor> gradients = new ArrayList<>();
        switch (event) {
            case Event.Start start -> gradients.add(start.gradient());
            case Event.NodeRun run -> {
                gradients.addAll(run.outgoing());
                run.arrivals().forEach(arrival -> gradients.add(arrival.after()));
            }
            case Event.Accumulate sum -> gradients.add(sum.after());
            case Event.Hook hook -> gradients.add(hook.after());
            case Event.Acted acted -> gradients.add(acted.norm());
            case Event.Forward _, Event.Again _, Event.Refused _ -> {
            }
        }
        gradients.removeIf(Objects::isNull);
        return gradients;
    }

    /** The values that the event before a step computed or changed. */
    static List<Tensor> values(Timeline timeline, Graph graph, int step) {
        List<Tensor> values = new ArrayList<>();
        for (Port port : written(timeline.event(step - 1), graph)) {
            values.add(timeline.valueAt(port, step));
        }
        values.removeIf(Objects::isNull);
        return values;
    }

    /** The outputs whose values it computed or changed. */
    static List<Port> written(Event event, Graph graph) {
        List<Port> ports = new ArrayList<>();
        switch (event) {
            case Event.Forward forward -> {
                ports.addAll(outputs(graph, forward.box()));
                ports.addAll(forward.written());
            }
            case Event.Acted acted -> acted.boxes().forEach(box -> ports.addAll(outputs(graph, box)));
            default -> {
            }
        }
        return ports;
    }

    static List<Port> outputs(Graph graph, String box) {
        List<Port> ports = new ArrayList<>();
        int count = NodeTypes.of(graph.node(box)).outputs().size();
        for (int i = 0; i < count; i++) {
            ports.add(new Port(box, i));
        }
        return ports;
    }
}

package dev.backstep.web.ui;

import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.step.Event;
import dev.backstep.web.value.TensorText;

/** What happened, in a few words. */
public final class EventNames {
    private EventNames() {}

    public static String of(Graph graph, Event event) {
        return switch (event) {
            case Event.Forward forward -> Text.of("event.forward", label(graph, forward.box()),
                    graph.node(forward.box()).type());
            case Event.Start start -> Text.of("event.start", graph.name(start.target()));
            case Event.NodeRun run -> run.box() == null
                    ? Text.of("event.node", run.name()) : Text.of("event.nodeAt", run.name(), label(graph, run.box()));
            case Event.Accumulate sum -> Text.of("event.accumulate", label(graph, sum.box()),
                    TensorText.orNorm(sum.added()));
            case Event.Refused refused -> refused.box() == null
                    ? Text.of("event.refused") : Text.of("event.refusedAt", label(graph, refused.box()));
        };
    }

    private static String label(Graph graph, String box) {
        return graph.node(box).label();
    }
}

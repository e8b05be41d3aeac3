package dev.backstep.web.ui;

import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.step.Action;
import dev.backstep.engine.step.BackwardCall;
import dev.backstep.engine.step.BackwardGraph;
import dev.backstep.engine.step.Event;
import dev.backstep.engine.step.GradFn;
import dev.backstep.web.value.ByteText;
import dev.backstep.web.value.NumberText;
import dev.backstep.web.value.TensorText;

/** What happened, in a few words. */
public final class EventNames {
    private EventNames() {}

    public static String of(Graph graph, Event event) {
        return switch (event) {
            case Event.Forward forward -> Text.of("event.forward", label(graph, forward.box()),
                    graph.node(forward.box()).type());
            case Event.Again again -> Text.of("event.again", again.pass() + 1);
            case Event.Acted acted -> action(graph, acted);
            case Event.Hook hook -> Text.of(hook.replaced() ? "event.hookReplaced" : "event.hook",
                    label(graph, hook.box()), hook.before() == null ? "None" : TensorText.orNorm(hook.before()),
                    hook.after() == null ? "None" : TensorText.orNorm(hook.after()));
            case Event.Start start -> Text.of("event.start", graph.name(start.target()));
            case Event.NodeRun run -> run.box() == null
                    ? Text.of("event.node", run.name()) : Text.of("event.nodeAt", run.name(), label(graph, run.box()));
            case Event.Accumulate sum -> Text.of("event.accumulate", label(graph, sum.box()),
                    TensorText.orNorm(sum.added()));
            case Event.Refused refused -> refused.box() == null
                    ? Text.of("event.refused") : Text.of("event.refusedAt", label(graph, refused.box()));
        };
    }

    /** What a node let go of, in a few words. */
    public static String of(Graph graph, BackwardGraph.Freed freed) {
        GradFn node = freed.node();
        String names = String.join(", ", node.saved().stream().map(GradFn.Kept::name).toList());
        String name = node.box() == null ? node.name()
                : Text.of("event.freeAt", node.name(), label(graph, node.box()));
        return freed.bytes() == 0 ? Text.of("event.freeNothing", name, names)
                : Text.of("event.free", name, names, ByteText.of(freed.bytes()));
    }

    private static String action(Graph graph, Event.Acted acted) {
        return switch (acted.action()) {
            case Action.ZeroGrad zero -> Text.of(zero.setToNone() ? "event.zeroGrad" : "event.zeroGradZeros");
            case Action.OptimizerStep _ -> Text.of("event.step", label(graph, acted.boxes().getFirst()));
            case Action.ClipNorm clip -> Text.of("event.clipNorm", NumberText.of(clip.maxNorm()),
                    TensorText.orNorm(acted.norm()));
            case Action.ClipValue clip -> Text.of("event.clipValue", NumberText.of(clip.clipValue()));
            case Action.Update update -> Text.of("event.update", NumberText.of(update.lr()));
            case Action.Penalty penalty -> Text.of("event.penalty", NumberText.of(penalty.weight()),
                    TensorText.orNorm(acted.norm()));
            case Action.Schedule schedule -> Text.of("event.schedule", label(graph, acted.boxes().getFirst()),
                    NumberText.of(schedule.lr()));
            // Those two have events of their own.
            case BackwardCall _, Action.Forward _ -> "";
        };
    }

    private static String label(Graph graph, String box) {
        return graph.node(box).label();
    }
}

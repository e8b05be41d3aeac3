package dev.backstep.web.ui.inspector;

import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.step.BackwardGraph;
import dev.backstep.engine.step.Event;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.EventNames;
import dev.backstep.web.ui.Text;
import dev.backstep.web.value.SumText;
import dev.backstep.web.value.TensorText;
import java.util.List;
import org.teavm.jso.dom.html.HTMLElement;

/** What happened at the step one stands at, whatever is selected. */
final class MomentPart {
    private final Context context;
    private final Graph graph;

    MomentPart(Context context) {
        this.context = context;
        this.graph = context.graph();
    }

    void fill(HTMLElement panel) {
        Event event = context.player().event();
        if (event == null) {
            return;
        }
        HTMLElement section = Parts.section(panel, EventNames.of(graph, event));
        section.getClassList().add("moment");
        Dom.flag(section, "forward", event instanceof Event.Forward);
        switch (event) {
            case Event.Forward forward -> section.appendChild(Dom.make("p", "", Text.of("moment.forward",
                    graph.node(forward.box()).label())));
            case Event.Start start -> section.appendChild(Dom.make("p", "", Text.of("moment.start",
                    graph.name(start.target()), TensorText.orNorm(start.gradient()))));
            case Event.NodeRun run -> ran(section, run);
            case Event.Again _ -> section.appendChild(Dom.make("p", "", Text.of("moment.again")));
            case Event.Acted acted -> section.appendChild(Dom.make("p", "", Text.of("moment.acted",
                    String.join(", ", acted.boxes().stream().map(box -> graph.node(box).label()).toList()))));
            case Event.Hook hook -> section.appendChild(Dom.make("p", "",
                    Text.of(hook.replaced() ? "moment.hookReplaced" : "moment.hook")));
            case Event.Accumulate sum -> accumulate(section, sum);
            case Event.Refused _ -> new RefusedPart(context, context.player().step() - 1).fill(section);
        }
        int index = context.player().step() - 1;
        for (BackwardGraph.Freed freed : context.player().timeline().backwardGraph().freedIn(index)) {
            section.appendChild(Dom.make("p", "hint freed", EventNames.of(graph, freed)));
        }
    }

    private void ran(HTMLElement section, Event.NodeRun run) {
        LensPart lens = run.box() == null ? null : new LensPart(context, run.box(), context.player().step());
        if (lens != null && lens.isThere()) {
            lens.fill(section);
            return;
        }
        // A node that was made while gradients were computed belongs to no box.
        for (int k = 0; k < run.outgoing().size(); k++) {
            if (run.outgoing().get(k) != null) {
                section.appendChild(Dom.make("p", "", Text.of("moment.toward", String.valueOf(k + 1))));
                section.appendChild(context.figures().show(run.outgoing().get(k), true, Text.of("moment.outgoing")));
            }
        }
        LensPart.sums(context, run, section);
    }

    private void accumulate(HTMLElement section, Event.Accumulate sum) {
        String label = graph.node(sum.box()).label();
        section.appendChild(Dom.make("p", "", sum.before() == null
                ? Text.of("moment.firstGrad", label) : Text.of("moment.addedGrad", label)));
        section.appendChild(Dom.make("p", "sum-line", label + ".grad = " + (sum.before() == null
                ? TensorText.orNorm(sum.after()) : SumText.of(List.of(sum.before(), sum.added()), sum.after()))));
    }
}

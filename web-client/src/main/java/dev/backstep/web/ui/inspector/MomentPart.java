package dev.backstep.web.ui.inspector;

import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.step.Event;
import dev.backstep.web.session.Editor;
import dev.backstep.web.session.Player;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.EventNames;
import dev.backstep.web.ui.Reasons;
import dev.backstep.web.ui.Text;
import dev.backstep.web.value.SumText;
import dev.backstep.web.value.TensorText;
import java.util.List;
import org.teavm.jso.dom.html.HTMLElement;

/** What happened at the step one stands at, whatever is selected. */
final class MomentPart {
    private final Player player;
    private final Graph graph;

    MomentPart(Editor editor, Player player) {
        this.player = player;
        this.graph = editor.graph();
    }

    void fill(HTMLElement panel) {
        Event event = player.event();
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
            case Event.NodeRun run -> new VjpPart(graph, player, run).fill(section);
            case Event.Again _ -> section.appendChild(Dom.make("p", "", Text.of("moment.again")));
            case Event.Acted acted -> section.appendChild(Dom.make("p", "", Text.of("moment.acted",
                    String.join(", ", acted.boxes().stream().map(box -> graph.node(box).label()).toList()))));
            case Event.Hook hook -> section.appendChild(Dom.make("p", "",
                    Text.of(hook.replaced() ? "moment.hookReplaced" : "moment.hook")));
            case Event.Accumulate sum -> accumulate(section, sum);
            case Event.Refused refused -> section.appendChild(
                    Dom.make("p", "problem", Reasons.text(refused.reason())));
        }
    }

    private void accumulate(HTMLElement section, Event.Accumulate sum) {
        String label = graph.node(sum.box()).label();
        section.appendChild(Dom.make("p", "", sum.before() == null
                ? Text.of("moment.firstGrad", label) : Text.of("moment.addedGrad", label)));
        section.appendChild(Dom.make("p", "sum-line", label + ".grad = " + (sum.before() == null
                ? TensorText.orNorm(sum.after()) : SumText.of(List.of(sum.before(), sum.added()), sum.after()))));
    }
}

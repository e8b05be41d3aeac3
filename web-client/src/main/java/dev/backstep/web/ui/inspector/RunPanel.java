package dev.backstep.web.ui.inspector;

import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.step.Timeline;
import dev.backstep.web.session.Editor;
import dev.backstep.web.session.HealthCheck;
import dev.backstep.web.session.Player;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.EventNames;
import dev.backstep.web.ui.Text;
import org.teavm.jso.dom.html.HTMLElement;

/** Nothing is selected: the run, with all that happened in it. */
final class RunPanel {
    /** The most events listed; the slider reaches all. */
    private static final int MAX_LISTED = 60;

    private final Editor editor;
    private final Player player;
    private final HealthCheck health;

    RunPanel(Editor editor, Player player, HealthCheck health) {
        this.editor = editor;
        this.player = player;
        this.health = health;
    }

    void fill(HTMLElement panel) {
        Graph graph = editor.graph();
        new MomentPart(editor, player).fill(panel);
        HTMLElement document = Parts.section(panel, Text.of("run.document"));
        HTMLElement facts = Parts.facts(document);
        Parts.fact(facts, Text.of("run.nodes"), String.valueOf(graph.nodes().size()));
        Parts.fact(facts, Text.of("run.wires"), String.valueOf(graph.wires().size()));
        Port target = graph.targetOrLast();
        Parts.fact(facts, Text.of("run.target"), target == null ? Text.of("node.none") : graph.name(target));
        Timeline timeline = player.timeline();
        if (timeline == null) {
            document.appendChild(Dom.make("p", "hint", Text.of("run.hint")));
            return;
        }
        new HealthPart(graph, player, health).fill(panel);
        HTMLElement section = Parts.section(panel, Text.of("run.events", timeline.size()));
        HTMLElement list = Dom.make("ol", "event-list");
        int first = Math.max(0, Math.min(player.step() - MAX_LISTED / 2, timeline.size() - MAX_LISTED));
        int last = Math.min(timeline.size(), first + MAX_LISTED);
        for (int i = first; i < last; i++) {
            list.appendChild(item(timeline, i));
        }
        section.appendChild(list);
    }

    private HTMLElement item(Timeline timeline, int index) {
        HTMLElement button = Dom.make("button", "event-item",
                Dom.make("span", "number", String.valueOf(index + 1)),
                Dom.make("span", "", EventNames.of(player.playback().graph(), timeline.event(index))));
        button.setAttribute("type", "button");
        button.setAttribute("data-field", "event-" + index);
        if (player.step() == index + 1) {
            button.setAttribute("aria-current", "step");
        }
        Dom.on(button, "click", event -> player.seek(index + 1));
        return Dom.make("li", "", button);
    }
}

package dev.backstep.web.ui.inspector;

import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.step.Health;
import dev.backstep.engine.step.Why;
import dev.backstep.web.session.HealthCheck;
import dev.backstep.web.session.Player;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.EventNames;
import dev.backstep.web.ui.Text;
import dev.backstep.web.value.NormScale;
import dev.backstep.web.value.NumberText;
import java.util.List;
import java.util.stream.Collectors;
import org.teavm.jso.dom.html.HTMLElement;

/** The health of the gradients in the run panel: norms by depth, what they add up to, the first NaN or infinity. */
final class HealthPart {
    /** The most layers shown; of deeper graphs the first and the last. */
    private static final int MAX_SHOWN = 24;

    private final Graph graph;
    private final Player player;
    private final HealthCheck check;

    HealthPart(Graph graph, Player player, HealthCheck check) {
        this.graph = graph;
        this.player = player;
        this.check = check;
    }

    void fill(HTMLElement panel) {
        if (player.playback() == null) {
            return;
        }
        HTMLElement section = Parts.section(panel, Text.of("health.title"));
        Health health = check.health();
        if (health == null) {
            HTMLElement ask = Dom.button("action outlined", "activity", Text.of("health.ask"), check::toggle);
            ask.setAttribute("data-field", "health");
            section.appendChild(Dom.make("div", "buttons", ask));
            return;
        }
        trend(section, health);
        chart(section, health.layers());
        nonFinite(section, health.nonFinite());
    }

    private static void trend(HTMLElement section, Health health) {
        HTMLElement line = Dom.make("p", "health-trend " + health.trend().name().toLowerCase(),
                health.trend() == Health.Trend.UNKNOWN && !health.layers().isEmpty()
                        ? Text.of("health.noTrend") : Text.of("health.trend." + health.trend().name()));
        section.appendChild(line);
        if (!health.layers().isEmpty()) {
            HTMLElement facts = Parts.facts(section);
            if (!Double.isNaN(health.ratio())) {
                Parts.fact(facts, Text.of("health.ratio"), NumberText.of(health.ratio()));
            }
            Parts.fact(facts, Text.of("health.thresholds"), Text.of("health.limits", NumberText.of(Health.TINY),
                    NumberText.of(Health.SHRUNK), NumberText.of(Health.HUGE)));
        }
    }

    /** A bar for each layer, the one nearest to the result first. */
    private void chart(HTMLElement section, List<Health.Layer> layers) {
        HTMLElement list = Dom.make("ol", "health-chart");
        list.setAttribute("aria-label", Text.of("health.chart"));
        for (int i = 0; i < layers.size(); i++) {
            if (layers.size() > MAX_SHOWN && i == MAX_SHOWN / 2) {
                i = layers.size() - MAX_SHOWN / 2;
                list.appendChild(Dom.make("li", "health-skipped", "⋮"));
            }
            Health.Layer layer = layers.get(i);
            String names = layer.ports().stream().map(this::name).collect(Collectors.joining(", "));
            HTMLElement bar = Dom.make("span", "health-bar n" + NormScale.level(layer.norm()));
            bar.getStyle().setProperty("width", Math.max(2, 100 * NormScale.share(layer.norm())) + "%");
            HTMLElement item = Dom.make("li", "", Dom.make("span", "health-depth", String.valueOf(layer.depth())),
                    Dom.make("span", "health-names", names),
                    Dom.make("span", "health-value", NumberText.of(layer.norm())), Dom.make("span", "health-track", bar));
            item.setTitle(Text.of("health.layer", layer.depth(), names, NumberText.of(layer.norm())));
            list.appendChild(item);
        }
        if (list.hasChildNodes()) {
            section.appendChild(list);
        }
    }

    private String name(Port port) {
        return graph.name(port);
    }

    private void nonFinite(HTMLElement section, Health.NonFinite found) {
        if (found == null) {
            section.appendChild(Dom.make("p", "form-help", Text.of("health.finite")));
            return;
        }
        String what = Text.of(found.isGradient() ? "health.badGradient" : "health.badValue",
                NumberText.of(found.value()), found.box() == null ? "?" : graph.node(found.box()).label());
        section.appendChild(Dom.make("p", "problem", what));
        if (found.event() == Why.NONE) {
            section.appendChild(Dom.make("p", "form-help", Text.of("health.typed")));
            return;
        }
        HTMLElement go = Dom.button("action outlined", "crosshair", Text.of("health.go", found.event() + 1,
                EventNames.of(graph, player.timeline().event(found.event()))), () -> player.seek(found.event() + 1));
        go.setAttribute("data-field", "nonfinite");
        section.appendChild(Dom.make("div", "buttons", go));
    }
}

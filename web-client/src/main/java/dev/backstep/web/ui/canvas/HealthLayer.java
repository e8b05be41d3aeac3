package dev.backstep.web.ui.canvas;

import dev.backstep.engine.step.Health;
import dev.backstep.web.session.HealthCheck;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Text;
import dev.backstep.web.value.NormScale;
import dev.backstep.web.value.NumberText;
import java.util.ArrayList;
import java.util.List;
import org.teavm.jso.dom.html.HTMLElement;

/** The health of the gradients on the drawing: norms as width and colour of the wires, zeros at the ReLUs. */
final class HealthLayer {
    private final HealthCheck check;
    private final Scene scene;
    private final HTMLElement legend = Dom.make("div", "health-legend");
    private final List<HTMLElement> badges = new ArrayList<>();
    private boolean shown;

    HealthLayer(HealthCheck check, Scene scene, HTMLElement area) {
        this.check = check;
        this.scene = scene;
        legend.setAttribute("role", "img");
        legend.setHidden(true);
        area.appendChild(legend);
    }

    void translate() {
        Dom.clear(legend);
        Dom.label(legend, Text.of("health.legend"));
        HTMLElement ticks = Dom.make("div", "health-ticks");
        for (double norm : new double[] {Health.TINY, 1e-3, 1, Health.HUGE}) {
            HTMLElement tick = Dom.make("span", "", NumberText.of(norm));
            tick.getStyle().setProperty("left", 100 * NormScale.share(norm) + "%");
            ticks.appendChild(tick);
        }
        Dom.append(legend, Dom.make("div", "health-title", Text.of("health.norm")), Dom.make("div", "health-ramp"),
                ticks);
    }

    void show() {
        Health health = check.health();
        legend.setHidden(!check.isOn());
        if (health == null && !shown) {
            return;
        }
        shown = health != null;
        for (EdgeView edge : scene.edges()) {
            Double norm = health == null ? null : health.norms().get(edge.wire);
            edge.norm(norm);
        }
        badges.forEach(HTMLElement::delete);
        badges.clear();
        if (health != null) {
            health.relus().forEach(this::badge);
        }
    }

    private void badge(String id, double zeros) {
        NodeView node = scene.node(id);
        if (node != null) {
            String percent = Math.round(100 * zeros) + "%";
            HTMLElement badge = Dom.make("span", "node-health" + (zeros == 1 ? " dead" : ""),
                    zeros == 1 ? Text.of("health.dead") : Text.of("health.zeros", percent));
            badge.setTitle(Text.of("health.relu", percent));
            node.element.appendChild(badge);
            badges.add(badge);
        }
    }
}

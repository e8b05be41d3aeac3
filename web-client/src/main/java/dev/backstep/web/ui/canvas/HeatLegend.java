package dev.backstep.web.ui.canvas;

import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Text;
import dev.backstep.web.value.NumberText;
import org.teavm.jso.dom.html.HTMLElement;

/** Says what the colours of the pictures mean; shown where there are pictures. */
final class HeatLegend {
    final HTMLElement element = Dom.make("div", "heat-legend");

    private Faces.Scales scales = Faces.Scales.NONE;

    HeatLegend() {
        element.setAttribute("role", "img");
        element.setHidden(true);
    }

    void show(Faces.Scales newScales) {
        if (!newScales.equals(scales)) {
            scales = newScales;
            translate();
        }
    }

    void translate() {
        Dom.clear(element);
        element.setHidden(scales.equals(Faces.Scales.NONE));
        StringBuilder name = new StringBuilder(Text.of("legend.name"));
        add(name, "node.value", "value", scales.values());
        add(name, "node.grad", "grad", scales.grads());
        element.setAttribute("aria-label", name.toString());
    }

    private void add(StringBuilder name, String key, String kind, double limit) {
        if (limit == 0) {
            return;
        }
        String text = NumberText.brief(limit);
        name.append("; ").append(Text.of("legend.range", Text.of(key), "−" + text, text));
        Dom.append(element, Dom.make("div", "heat-scale " + kind,
                Dom.make("span", "heat-scale-name", Text.of(key)),
                Dom.make("span", "number", "−" + text), Dom.make("span", "heat-scale-bar"),
                Dom.make("span", "number", "+" + text)));
    }
}

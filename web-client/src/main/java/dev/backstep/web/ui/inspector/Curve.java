package dev.backstep.web.ui.inspector;

import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Text;
import dev.backstep.web.value.NumberText;
import java.util.List;
import org.teavm.jso.dom.html.HTMLElement;
import org.teavm.jso.dom.xml.Element;

/** A number over the runs, as a line. */
final class Curve {
    private static final double WIDTH = 240;
    private static final double HEIGHT = 56;

    private Curve() {}

    static HTMLElement of(List<Double> points, String name) {
        double min = points.stream().mapToDouble(Double::doubleValue).min().orElse(0);
        double max = points.stream().mapToDouble(Double::doubleValue).max().orElse(0);
        double scale = max > min ? (HEIGHT - 6) / (max - min) : 0;
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < points.size(); i++) {
            double x = 3 + (WIDTH - 6) * i / (points.size() - 1);
            double y = HEIGHT - 3 - (points.get(i) - min) * scale;
            path.append(i == 0 ? "M" : "L").append(x).append(' ').append(y);
        }
        Element svg = Dom.svg("svg", "curve");
        svg.setAttribute("viewBox", "0 0 " + WIDTH + " " + HEIGHT);
        svg.setAttribute("role", "img");
        svg.setAttribute("aria-label", Text.of("run.curve", name, NumberText.of(points.getFirst()),
                NumberText.of(points.getLast())));
        Element line = Dom.svg("path", "");
        line.setAttribute("d", path.toString());
        svg.appendChild(line);
        HTMLElement frame = Dom.make("div", "curve-frame");
        frame.appendChild(svg);
        return frame;
    }
}

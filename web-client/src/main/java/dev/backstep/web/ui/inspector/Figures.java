package dev.backstep.web.ui.inspector;

import dev.backstep.engine.tensor.Tensor;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Text;
import dev.backstep.web.value.HeatMap;
import dev.backstep.web.value.NumberText;
import dev.backstep.web.value.Summary;
import dev.backstep.web.value.TensorText;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.teavm.jso.dom.html.HTMLElement;
import org.teavm.jso.dom.xml.Element;

/**
 * Tensors as number, table, or picture with figures, never more than a screenful. What was worked out for the tensors
 * shown last is kept: most are the same at the next step.
 */
final class Figures {
    /** The most rows and columns that are shown as nothing but a table. */
    private static final int MAX_ROWS = 6;

    private static final int MAX_COLUMNS = 6;

    /** From how many elements on their distribution says more than they do. */
    private static final int MANY = 12;

    private static final int KEPT = 16;

    private final Map<Tensor, Summary> summaries = new LinkedHashMap<>();
    private final Map<Tensor, String> heats = new LinkedHashMap<>();
    /** Which number of a tensor was chosen, by the tensor's name. */
    private final Map<String, Integer> chosen = new HashMap<>();

    Summary summary(Tensor tensor) {
        Summary known = summaries.get(tensor);
        return known != null ? known : kept(summaries, tensor, Summary.of(tensor));
    }

    private String heat(Tensor tensor) {
        String known = heats.get(tensor);
        return known != null ? known : kept(heats, tensor, HeatMap.url(tensor.toDoubles(), tensor.shape()));
    }

    private static <T> T kept(Map<Tensor, T> map, Tensor tensor, T value) {
        if (map.size() == KEPT) {
            map.remove(map.keySet().iterator().next());
        }
        map.put(tensor, value);
        return value;
    }

    /** A tensor with all that is to be said of its numbers; {@code name} tells assistive technology which it is. */
    HTMLElement show(Tensor tensor, boolean isGrad, String name) {
        int[] shape = tensor.shape();
        if (shape.length == 0) {
            return Dom.make("div", "tensor-scalar number" + (isGrad ? " grad" : ""),
                    TensorText.number(tensor.toDoubles()[0], tensor.dtype()));
        }
        if (tensor.numel() == 0) {
            return Dom.make("p", "hint", Text.of("tensor.empty", TensorText.shape(shape)));
        }
        HTMLElement all = Dom.make("div", "figures");
        if (HeatMap.rows(shape) > MAX_ROWS || shape[shape.length - 1] > MAX_COLUMNS) {
            all.appendChild(picture(tensor));
        }
        NumberGrid grid = new NumberGrid(tensor, name);
        grid.keep(name + TensorText.shape(shape), chosen);
        all.appendChild(grid.element);
        if (tensor.numel() > MANY) {
            Summary summary = summary(tensor);
            all.appendChild(figures(tensor, summary));
            if (summary.bins().length > 1) {
                all.appendChild(histogram(summary, isGrad));
            }
        }
        return all;
    }

    private HTMLElement picture(Tensor tensor) {
        int[] shape = tensor.shape();
        HTMLElement image = Dom.make("img", "tensor-heat");
        image.setAttribute("src", heat(tensor));
        image.setAttribute("alt", Text.of("tensor.picture", TensorText.shape(shape)));
        double ratio = (double) shape[shape.length - 1] / HeatMap.rows(shape);
        image.getStyle().setProperty("aspect-ratio", String.valueOf(Math.clamp(ratio, 0.5, 12)));
        return image;
    }

    private static HTMLElement figures(Tensor tensor, Summary summary) {
        HTMLElement facts = Dom.make("dl", "figure-row");
        figure(facts, "tensor.min", TensorText.number(summary.min(), tensor.dtype()));
        figure(facts, "tensor.mean", NumberText.of(summary.mean()));
        figure(facts, "tensor.max", TensorText.number(summary.max(), tensor.dtype()));
        figure(facts, "tensor.norm", NumberText.of(summary.norm()));
        if (summary.notFinite() > 0) {
            figure(facts, "inspect.notFinite", String.valueOf(summary.notFinite()));
        }
        return facts;
    }

    private static void figure(HTMLElement facts, String key, String value) {
        facts.appendChild(Dom.make("div", "", Dom.make("dt", "", Text.of(key)), Dom.make("dd", "", value)));
    }

    private static HTMLElement histogram(Summary summary, boolean isGrad) {
        int most = 0;
        for (int bin : summary.bins()) {
            most = Math.max(most, bin);
        }
        Element svg = Dom.svg("svg", "histogram" + (isGrad ? " grad" : ""));
        int count = summary.bins().length;
        svg.setAttribute("viewBox", "0 0 " + 10 * count + " 40");
        svg.setAttribute("preserveAspectRatio", "none");
        svg.setAttribute("role", "img");
        svg.setAttribute("aria-label", Text.of("inspect.histogram", NumberText.of(summary.min()),
                NumberText.of(summary.max()), most));
        for (int i = 0; i < count; i++) {
            double height = 39.0 * summary.bins()[i] / most + (summary.bins()[i] > 0 ? 1 : 0);
            Element bar = Dom.svg("rect", "");
            bar.setAttribute("x", String.valueOf(10 * i + 1));
            bar.setAttribute("y", String.valueOf(40 - height));
            bar.setAttribute("width", "8");
            bar.setAttribute("height", String.valueOf(height));
            svg.appendChild(bar);
        }
        HTMLElement frame = Dom.make("div", "histogram-frame");
        frame.appendChild(svg);
        frame.appendChild(Dom.make("div", "histogram-ends", Dom.make("span", "", NumberText.of(summary.min())),
                Dom.make("span", "", NumberText.of(summary.max()))));
        return frame;
    }
}

package dev.backstep.web.ui.inspector;

import dev.backstep.engine.tensor.Tensor;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Text;
import dev.backstep.web.value.HeatMap;
import dev.backstep.web.value.TensorText;
import org.teavm.jso.dom.html.HTMLElement;

/** What panels are made of. */
final class Parts {
    /** The most rows and columns of numbers; larger tensors are shown as a picture with their figures. */
    private static final int MAX_ROWS = 12;

    private static final int MAX_COLUMNS = 8;

    private Parts() {}

    /** A section with a heading, in a panel. */
    static HTMLElement section(HTMLElement panel, String heading) {
        HTMLElement section = Dom.make("section", "section", Dom.make("h3", "", heading));
        panel.appendChild(section);
        return section;
    }

    static HTMLElement facts(HTMLElement section) {
        HTMLElement facts = Dom.make("dl", "facts");
        section.appendChild(facts);
        return facts;
    }

    static void fact(HTMLElement facts, String name, String value) {
        Dom.append(facts, Dom.make("dt", "", name), Dom.make("dd", "", value));
    }

    /** A tensor as number, table or picture. */
    static HTMLElement tensor(Tensor tensor, boolean isGrad) {
        int[] shape = tensor.shape();
        double[] values = tensor.toDoubles();
        if (shape.length == 0) {
            return Dom.make("div", "tensor-scalar number" + (isGrad ? " grad" : ""),
                    TensorText.number(values[0], tensor.dtype()));
        }
        int columns = shape[shape.length - 1];
        int rows = HeatMap.rows(shape);
        if (values.length == 0) {
            return Dom.make("p", "hint", Text.of("tensor.empty", TensorText.shape(shape)));
        }
        if (rows > MAX_ROWS || columns > MAX_COLUMNS) {
            return picture(tensor, values, shape);
        }
        HTMLElement table = Dom.make("table", "");
        for (int row = 0; row < rows; row++) {
            HTMLElement line = Dom.make("tr", "");
            for (int column = 0; column < columns; column++) {
                line.appendChild(Dom.make("td", "", TensorText.number(values[row * columns + column], tensor.dtype())));
            }
            table.appendChild(line);
        }
        HTMLElement frame = Dom.make("div", "tensor", table);
        frame.setTabIndex(0);
        frame.setAttribute("role", "group");
        frame.setAttribute("aria-label", Text.of("tensor.name", TensorText.shape(shape)));
        return frame;
    }

    private static HTMLElement picture(Tensor tensor, double[] values, int[] shape) {
        HTMLElement image = Dom.make("img", "tensor-heat");
        image.setAttribute("src", HeatMap.url(values, shape));
        image.setAttribute("alt", Text.of("tensor.picture", TensorText.shape(shape)));
        image.getStyle().setProperty("aspect-ratio", shape[shape.length - 1] + " / " + HeatMap.rows(shape));
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        for (double value : values) {
            min = Math.min(min, value);
            max = Math.max(max, value);
        }
        HTMLElement facts = Dom.make("dl", "facts");
        fact(facts, Text.of("tensor.min"), TensorText.number(min, tensor.dtype()));
        fact(facts, Text.of("tensor.mean"), TensorText.number(TensorText.mean(tensor), tensor.dtype()));
        fact(facts, Text.of("tensor.max"), TensorText.number(max, tensor.dtype()));
        fact(facts, Text.of("tensor.norm"), TensorText.number(TensorText.norm(tensor), tensor.dtype()));
        return Dom.make("div", "", image, facts);
    }
}

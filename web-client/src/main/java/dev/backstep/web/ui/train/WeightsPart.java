package dev.backstep.web.ui.train;

import dev.backstep.engine.train.Figure;
import dev.backstep.engine.train.RunEvent;
import dev.backstep.web.train.RunLog;
import dev.backstep.web.train.Training;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Text;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.teavm.jso.dom.html.HTMLElement;
import org.teavm.jso.dom.html.HTMLSelectElement;

/** How parameters and gradients are spread over time, and the norms of the gradients by layer. */
final class WeightsPart {
    private final Training training;
    private final HistogramPicture histograms = new HistogramPicture();
    private final Pictures pictures;
    private final HTMLSelectElement parameter = (HTMLSelectElement) Dom.make("select", "field");
    private final HTMLElement gradients;
    private boolean ofGradient;
    private List<String> names = List.of();

    WeightsPart(Training training, HTMLElement parent, Runnable resized) {
        this.training = training;
        pictures = new Pictures(training, "train.weights", List.of(
                new Pictures.Choice(new NormsPicture(), Figure.NORMS),
                new Pictures.Choice(histograms, Figure.HISTOGRAMS)), parent, resized);
        gradients = Dom.button("train-tab", null, "", () -> {
            ofGradient = !ofGradient;
            training.changed.fire();
        });
        Dom.on(parameter, "change", event -> training.changed.fire());
        Dom.append(pictures.extra(), parameter, gradients);
        Text.onChange(this::words);
        words();
    }

    private void words() {
        parameter.setAttribute("aria-label", Text.of("train.parameter"));
        gradients.querySelector("span").setTextContent(Text.of("train.gradients"));
    }

    /** Both, whatever is shown: they show how it went over time, so they must be told all the time. */
    Set<Figure> figures() {
        return EnumSet.of(Figure.NORMS, Figure.HISTOGRAMS);
    }

    void forgetColours() {
        pictures.forgetColours();
    }

    void show() {
        RunLog log = training.log();
        RunEvent.Started started = log == null ? null : log.started();
        if (started != null && !started.parameters().equals(names)) {
            names = started.parameters();
            Dom.clear(parameter);
            for (int i = 0; i < names.size(); i++) {
                HTMLElement option = Dom.make("option", "", names.get(i));
                option.setAttribute("value", String.valueOf(i));
                parameter.appendChild(option);
            }
        }
        histograms.choose(Math.max(0, parameter.getSelectedIndex()), ofGradient);
        gradients.setAttribute("aria-pressed", String.valueOf(ofGradient));
        pictures.show();
        pictures.extra().setHidden(pictures.picture() != histograms || log == null || !histograms.isThere(log));
    }
}

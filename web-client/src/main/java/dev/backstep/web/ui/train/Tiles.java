package dev.backstep.web.ui.train;

import dev.backstep.engine.train.RunEvent;
import dev.backstep.web.train.RunLog;
import dev.backstep.web.train.Training;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Text;
import dev.backstep.web.value.NumberText;
import org.teavm.jso.dom.html.HTMLElement;

/** The run's latest figures, large. */
final class Tiles {
    private final Training training;
    private final HTMLElement list = Dom.make("dl", "train-tiles");
    private final HTMLElement loss = tile("train.tile.loss");
    private final HTMLElement testLoss = tile("train.tile.testLoss");
    private final HTMLElement trainAccuracy = tile("train.tile.trainAccuracy");
    private final HTMLElement testAccuracy = tile("train.tile.testAccuracy");

    Tiles(Training training, HTMLElement parent) {
        this.training = training;
        parent.appendChild(list);
    }

    private HTMLElement tile(String key) {
        HTMLElement name = Dom.make("dt", "", Text.of(key));
        Text.onChange(() -> name.setTextContent(Text.of(key)));
        HTMLElement value = Dom.make("dd", "");
        list.appendChild(Dom.make("div", "train-tile", name, value));
        return value;
    }

    void show() {
        RunLog log = training.log();
        RunEvent.EpochEnd end = log == null ? null : log.lastEpoch();
        Dom.text(loss, log == null ? "–" : number(log.losses().last()));
        Dom.text(testLoss, end == null ? "–" : number(end.testLoss()));
        Dom.text(trainAccuracy, end == null ? "–" : share(end.trainAccuracy()));
        Dom.text(testAccuracy, end == null ? "–" : share(end.testAccuracy()));
        // Values that are predicted are not right or wrong.
        boolean classes = end == null || !Double.isNaN(end.trainAccuracy()) || !Double.isNaN(end.testAccuracy());
        ((HTMLElement) trainAccuracy.getParentNode()).setHidden(!classes);
        ((HTMLElement) testAccuracy.getParentNode()).setHidden(!classes);
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "–" : NumberText.of(value);
    }

    static String share(double value) {
        return Double.isNaN(value) ? "–" : Math.round(1000 * value) / 10.0 + "%";
    }
}

package dev.backstep.web.ui.train;

import dev.backstep.engine.tensor.Tensor;
import dev.backstep.engine.train.Checkpoint;
import dev.backstep.engine.train.Refusal;
import dev.backstep.web.session.Editor;
import dev.backstep.web.train.Training;
import dev.backstep.web.train.Weights;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Notices;
import dev.backstep.web.ui.Reasons;
import dev.backstep.web.ui.Text;
import java.util.Map;
import org.teavm.jso.dom.html.HTMLElement;

/** Offers to write what was learned into the document. */
final class KeepPart {
    private final Editor editor;
    private final Training training;
    private final HTMLElement button = Dom.button("action outlined", "download", "", this::keep);
    private final HTMLElement section = Dom.make("section", "train-part", Dom.make("div", "buttons", button));

    KeepPart(Editor editor, Training training, HTMLElement parent) {
        this.editor = editor;
        this.training = training;
        button.setId("train-keep");
        parent.appendChild(section);
    }

    void show() {
        section.setHidden(training.kept() == null || training.isRunning() || training.isStale());
        Dom.text(button.querySelector("span"), Text.of("train.keep"));
        button.setTitle(Text.of("train.keep.hint"));
    }

    private void keep() {
        Map<String, Tensor> leaves;
        try {
            leaves = Checkpoint.read(training.kept().bytes()).leaves();
        } catch (Refusal refused) {
            Notices.error(Reasons.text(refused.reason()));
            return;
        }
        if (Weights.count(leaves) > Weights.MAX_NUMBERS) {
            Notices.error(Text.of("train.keep.tooMany", Weights.count(leaves), Weights.MAX_NUMBERS));
            return;
        }
        editor.apply(Weights.write(editor.graph(), leaves));
        Notices.offer(Text.of("train.keep.done", training.kept().batch()), Text.of("notice.undo"), editor::undo);
    }
}

package dev.backstep.web.ui.train;

import dev.backstep.engine.graph.Graph;
import dev.backstep.web.session.Editor;
import dev.backstep.web.train.Parcel;
import dev.backstep.web.train.RunLog;
import dev.backstep.web.train.Runner.Site;
import dev.backstep.web.train.Training;
import dev.backstep.web.ui.Text;
import dev.backstep.web.value.ByteText;
import dev.backstep.web.value.NumberText;

/** Whether the open document's run is better done on the server, and why. */
final class ServerOffer {
    /** What takes longer here is offered. */
    private static final double LONG_SECONDS = 300;

    private final Editor editor;
    private final Training training;
    private final Starter starter;
    private Graph refused;
    private Graph weighed;
    private long memory;

    ServerOffer(Editor editor, Training training, Starter starter) {
        this.editor = editor;
        this.training = training;
        this.starter = starter;
    }

    /** Not for this document. */
    void refuse() {
        refused = editor.graph();
        training.changed.fire();
    }

    /** Why the server is better, in a sentence or two; null where it is not, or where nobody asks. */
    String reason() {
        boolean free = starter.server().isThere() && starter.chosen() == Site.TAB && training.site() == Site.TAB;
        if (!free || refused == editor.graph()) {
            return null;
        }
        if (!TabMemory.fits(memory())) {
            return Text.of("train.server.offer.memory", ByteText.of(memory()), ByteText.of(TabMemory.bytes()));
        }
        RunLog log = training.log();
        if (!training.isRunning() || log.started() == null || log.at().rate() == 0) {
            return null;
        }
        long left = log.started().total() - log.batch();
        double here = left / log.at().rate();
        if (here < LONG_SECONDS) {
            return null;
        }
        double earlier = training.pace(Site.SERVER, training.trained());
        double pace = earlier > 0 ? earlier : starter.server().pace(training.trained());
        double there = log.started().total() / pace;
        if (pace > 0 && there > here) {
            return null;
        }
        return Text.of("train.server.offer.time", NumberText.rate(log.at().rate()), Durations.text(here)) + ' '
                + (pace == 0 ? Text.of("train.server.offer.unknown")
                : Text.of(earlier > 0 ? "train.server.offer.there" : "train.server.offer.estimated",
                Durations.text(there)));
    }

    private long memory() {
        if (weighed != editor.graph()) {
            weighed = editor.graph();
            memory = Parcel.memory(weighed);
        }
        return memory;
    }
}

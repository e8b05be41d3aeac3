package dev.backstep.web.ui.train;

import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.step.Playback;
import dev.backstep.engine.tensor.TorchError;
import dev.backstep.engine.train.Loop.Part;
import dev.backstep.engine.train.NextBatch;
import dev.backstep.engine.train.Refusal;
import dev.backstep.engine.train.RunEvent.State;
import dev.backstep.web.session.Editor;
import dev.backstep.web.session.Player;
import dev.backstep.web.train.Kept;
import dev.backstep.web.train.Training;
import dev.backstep.web.ui.Background;
import dev.backstep.web.ui.Notices;
import dev.backstep.web.ui.Reasons;
import dev.backstep.web.ui.Text;
import java.util.ArrayList;
import java.util.List;
import org.teavm.jso.browser.Performance;

/**
 * A run on the canvas: its parameters and its next batch; while it is paused, each event of the lines that this batch
 * will go through. Stepping beyond the last takes the batch.
 */
final class Stepping {
    /** The lines of a larger net take long on the page: they are gone through when that is asked for. */
    private static final int QUICK_BYTES = 800_000;
    /** The forward of a still larger one does, too. */
    private static final int SHOWN_BYTES = 40_000_000;

    /** A net that is shown while it is trained is smaller than this, and takes one of so many parts of the time. */
    private static final int PASSING_BYTES = 100_000;
    private static final int SHARE = 50;

    private final Editor editor;
    private final Player player;
    private final Training training;
    /** What the canvas shows of the run, and what is made of it; null where it shows something else. */
    private Kept shown;
    private Playback batch;
    /** The batch whose lines were not gone through yet, or null. */
    private NextBatch rest;
    /** The steps at which each line of the batch has ended, and which lines these are. */
    private final List<Integer> ends = new ArrayList<>();
    private final List<Part> parts = new ArrayList<>();
    private boolean wanted;
    private boolean shownPassing;
    private double notBefore;

    Stepping(Editor editor, Player player, Training training) {
        this.editor = editor;
        this.player = player;
        this.training = training;
        training.changed.listen(this::follow);
    }

    /** Goes to the next event, taking the batch after its last; begins a run where there is none. */
    void next() {
        if (training.isRunning()) {
            training.pause();
        } else if (!training.isOpen() || training.standing() == null) {
            wanted = true;
            training.stand();
        } else if (!isShown()) {
            wanted = true;
            follow();
        } else if (rest != null) {
            Background.run(() -> {
                takeRest();
                player.seek(1);
            });
        } else if (player.step() < player.steps()) {
            player.seek(player.step() + 1);
        } else {
            wanted = true;
            training.batches(1);
        }
    }

    private boolean isShown() {
        return batch != null && shown == training.standing() && player.playback() == batch;
    }

    /** The line that the canvas shows the events of, or null. */
    Part part() {
        for (int i = 0; i < ends.size() && isShown() && !training.isRunning(); i++) {
            if (player.step() <= ends.get(i)) {
                return parts.get(i);
            }
        }
        return null;
    }

    /**
     * Shows where the run stands once it does, and on its way there a small net from time to time; but does not take
     * the canvas from somebody who looks at another run.
     */
    private void follow() {
        Kept kept = training.isRunning() ? passing() : training.standing();
        if (kept == null || kept == shown && !wanted || !training.isOfDocument()
                || !wanted && kept.size() > SHOWN_BYTES) {
            return;
        }
        boolean atFirst = wanted;
        shown = kept;
        wanted = false;
        Background.run(() -> show(kept, editor.graph(), atFirst));
    }

    /** Where a run that goes on was a moment ago, if that may be shown. */
    private Kept passing() {
        boolean free = player.playback() == null || player.isUnasked() || player.playback() == batch && !shownPassing;
        Kept kept = training.kept();
        return free && !player.isComputing() && kept != null && kept.size() < PASSING_BYTES
                && Performance.now() >= notBefore ? kept : null;
    }

    private void show(Kept kept, Graph graph, boolean atFirst) {
        NextBatch next = null;
        Playback made;
        double start = Performance.now();
        boolean paused = training.log().state() == State.PAUSED;
        try {
            if (paused || training.isRunning()) {
                next = NextBatch.of(graph, kept.bytes());
            }
            made = next == null ? NextBatch.after(graph, kept.bytes()) : next.playback();
        } catch (Refusal refused) {
            Notices.error(Reasons.text(refused.reason()));
            return;
        } catch (TorchError refused) {
            Notices.error(refused.getMessage());
            return;
        }
        boolean passing = training.isRunning() && kept == training.kept();
        if (kept != training.standing() && !passing || graph != editor.graph()) {
            return;
        }
        batch = made;
        shownPassing = passing;
        ends.clear();
        parts.clear();
        rest = next;
        if (next != null) {
            note(Part.FORWARD);
            if (paused && (atFirst || kept.size() <= QUICK_BYTES)) {
                takeRest();
            }
        }
        // Parameters as they are, values of the next batch, gradients of the last: so the run stands.
        player.show(batch, atFirst ? 1 : ends.isEmpty() ? batch.timeline().size() : ends.getFirst(), atFirst);
        notBefore = Performance.now() + SHARE * (Performance.now() - start);
        if (atFirst) {
            Notices.announce(Text.of("train.say.batch", kept.batch() + 1));
        }
    }

    private void takeRest() {
        NextBatch next = rest;
        rest = null;
        while (next.taken() < next.deeds().size()) {
            Part part = next.deeds().get(next.taken()).part();
            next.act();
            note(part);
        }
    }

    private void note(Part part) {
        ends.add(batch.timeline().size());
        parts.add(part);
    }
}

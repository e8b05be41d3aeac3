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
import dev.backstep.web.train.RunLog;
import dev.backstep.web.train.Training;
import dev.backstep.web.ui.Background;
import dev.backstep.web.ui.Notices;
import dev.backstep.web.ui.Reasons;
import dev.backstep.web.ui.Text;
import java.util.ArrayList;
import java.util.List;

/**
 * A run that stands still, on the canvas: its parameters, its next batch, and each event of the lines that this batch
 * will go through. Stepping beyond the last takes the batch.
 */
final class Stepping {
    /** A larger checkpoint is of a net whose batch takes long on the page: it is shown when it is asked for. */
    private static final int QUICK_BYTES = 800_000;

    private final Editor editor;
    private final Player player;
    private final Training training;
    /** The checkpoint that the canvas shows, and what is made of it; null where it shows something else. */
    private Kept shown;
    private Playback batch;
    /** The steps at which each line of the batch has ended, and which lines these are. */
    private final List<Integer> ends = new ArrayList<>();
    private final List<Part> parts = new ArrayList<>();
    private boolean wanted;

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
        } else if (training.kept() == null || training.kept().batch() != training.log().batch()) {
            wanted = true;
            training.stand();
        } else if (!isShown()) {
            wanted = true;
            follow();
        } else if (player.step() < player.steps()) {
            player.seek(player.step() + 1);
        } else {
            wanted = true;
            training.batches(1);
        }
    }

    private boolean isShown() {
        return batch != null && shown == training.kept() && player.playback() == batch;
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

    /** Shows where the run stands once it does; but does not take the canvas from somebody who looks at another run. */
    private void follow() {
        Kept kept = training.kept();
        RunLog log = training.log();
        boolean stands = kept != null && log != null && log.state() == State.PAUSED && kept.batch() == log.batch();
        if (!stands || kept == shown && !wanted || !Player.isSame(kept.graph(), editor.graph())) {
            return;
        }
        if (!wanted && kept.bytes().length > QUICK_BYTES) {
            return;
        }
        boolean atFirst = wanted;
        shown = kept;
        wanted = false;
        Background.run(() -> show(kept, editor.graph(), atFirst));
    }

    private void show(Kept kept, Graph graph, boolean atFirst) {
        NextBatch next;
        try {
            next = NextBatch.of(graph, kept.bytes());
        } catch (Refusal refused) {
            Notices.error(Reasons.text(refused.reason()));
            return;
        } catch (TorchError refused) {
            Notices.error(refused.getMessage());
            return;
        }
        if (kept != training.kept() || graph != editor.graph() || training.isRunning()) {
            return;
        }
        batch = next.playback();
        ends.clear();
        parts.clear();
        note(Part.FORWARD);
        while (next.taken() < next.deeds().size()) {
            Part part = next.deeds().get(next.taken()).part();
            next.act();
            note(part);
        }
        // Parameters as they are, values of the next batch, gradients of the last: so the run stands.
        player.show(batch, atFirst ? 1 : ends.getFirst());
        if (atFirst) {
            Notices.announce(Text.of("train.say.batch", kept.batch() + 1));
        }
    }

    private void note(Part part) {
        ends.add(batch.timeline().size());
        parts.add(part);
    }
}

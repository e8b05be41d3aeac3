package dev.backstep.web.app;

import dev.backstep.engine.graph.GraphException;
import dev.backstep.engine.step.SharedRun;
import dev.backstep.web.session.Editor;
import dev.backstep.web.session.Player;
import dev.backstep.web.ui.Frames;
import dev.backstep.web.ui.Notices;
import dev.backstep.web.ui.Text;
import org.teavm.jso.browser.Storage;

/** Keeps the document, and where one stands in its run, in this browser at every edit, and brings it back. */
final class Autosave {
    private static final String KEY = "backstep.document";

    private final Player player;
    private final Runnable save = this::save;
    private boolean failing;

    Autosave(Editor editor, Player player) {
        this.player = player;
        editor.changed.listen(() -> Frames.request(save));
        player.moved.listen(() -> Frames.request(save));
    }

    /** What was open last, or null. What cannot be read any more is told, and kept until the next edit. */
    static SharedRun restore() {
        try {
            String saved = Storage.getLocalStorage().getItem(KEY);
            return saved == null ? null : SharedRun.read(saved);
        } catch (GraphException unreadable) {
            Notices.error(Text.of("saved.unreadable", unreadable.getMessage()));
        } catch (Throwable forbidden) {
            Notices.error(Text.of("saved.forbidden"));
        }
        return null;
    }

    private void save() {
        try {
            Storage.getLocalStorage().setItem(KEY, player.shared(null).write());
            failing = false;
        } catch (Throwable full) {
            if (!failing) {
                Notices.error(Text.of("saved.full"));
            }
            failing = true;
        }
    }
}

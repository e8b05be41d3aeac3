package dev.backstep.web.app;

import dev.backstep.engine.graph.GraphException;
import dev.backstep.engine.step.SharedRun;
import dev.backstep.web.session.Editor;
import dev.backstep.web.session.Player;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Notices;
import dev.backstep.web.ui.Text;
import org.teavm.jso.browser.Storage;
import org.teavm.jso.browser.Window;
import org.teavm.jso.dom.html.HTMLDocument;

/**
 * Keeps the document, and where one stands in its run, in this browser, and brings it back. Writing a large document
 * takes a while, so it is done a moment after an edit, and at once when the page is left or hidden.
 */
final class Autosave {
    private static final String KEY = "backstep.document";
    private static final int SOON_MS = 400;

    private final Player player;
    private int timer = -1;
    private boolean edited;
    private boolean failing;

    Autosave(Editor editor, Player player) {
        this.player = player;
        editor.changed.listen(() -> {
            // Counted from the first edit: whoever edits on and on is not kept waiting.
            if (!edited) {
                saveSoon();
                edited = true;
            }
        });
        player.moved.listen(() -> {
            // Where one stands changes many times a second, and need not be kept each time.
            if (!edited) {
                saveSoon();
            }
        });
        Dom.on(Window.current(), "pagehide", event -> saveNow());
        Dom.on(HTMLDocument.current(), "visibilitychange", event -> saveNow());
    }

    private void saveSoon() {
        Window.clearTimeout(timer);
        timer = Window.setTimeout(this::save, SOON_MS);
    }

    private void saveNow() {
        if (timer >= 0) {
            Window.clearTimeout(timer);
            save();
        }
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
        timer = -1;
        edited = false;
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

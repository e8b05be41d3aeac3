package dev.backstep.web.app;

import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.step.Progress;
import dev.backstep.web.session.Editor;
import dev.backstep.web.session.Player;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Frames;
import dev.backstep.web.ui.Icons;
import dev.backstep.web.ui.Notices;
import dev.backstep.web.ui.Text;
import org.teavm.jso.browser.Window;
import org.teavm.jso.dom.html.HTMLElement;

/** The button that runs, and stops what takes longer; and how far that has come. */
final class RunControl {
    /** What is done by then comes and goes too fast to be read. */
    private static final int SOON_MS = 150;

    /** So often those who listen are told how far it is. */
    private static final int SAID_MS = 5_000;

    private final Editor editor;
    private final Player player;
    private final HTMLElement button = Dom.byId("run");
    private final HTMLElement word = button.querySelector("span");
    private final HTMLElement computing = Dom.byId("computing");
    private final HTMLElement text = Dom.byId("computing-text");
    private final HTMLElement bar = Dom.byId("computing-bar");
    private final Runnable show = this::show;
    private int timer = -1;
    private boolean shown;

    RunControl(Editor editor, Player player) {
        this.editor = editor;
        this.player = player;
        Dom.on(button, "click", event -> press());
        player.computing.listen(this::changed);
        Text.onChange(this::translate);
    }

    private void press() {
        if (player.isComputing()) {
            // A second press comes from the same wish until the button says otherwise.
            if (shown) {
                cancel(player);
            }
        } else if (editor.graph().nodes().isEmpty()) {
            Notices.tell(Text.of("run.nothing"));
        } else {
            player.run();
        }
    }

    /** Stops what is being computed, and says so; false where nothing is. */
    static boolean cancel(Player player) {
        boolean was = player.cancel();
        if (was) {
            Notices.tell(Text.of("computing.stopped"));
        }
        return was;
    }

    private void changed() {
        if (player.isComputing() && timer < 0) {
            timer = Window.setTimeout(() -> {
                shown = true;
                translate();
                say();
            }, SOON_MS);
        } else if (!player.isComputing() && timer >= 0) {
            Window.clearTimeout(timer);
            timer = -1;
            shown = false;
            translate();
        } else if (shown) {
            Frames.request(show);
        }
    }

    private void say() {
        if (shown) {
            Notices.announce(text());
            timer = Window.setTimeout(this::say, SAID_MS);
        }
    }

    private void translate() {
        Icons.change(button, shown ? "square" : "play");
        Dom.text(word, Text.of(shown ? "bar.stop" : "bar.run"));
        Dom.label(button, Text.of(shown ? "bar.stop.hint" : "bar.run.hint"));
        Dom.label(bar, Text.of("computing.title"));
        show();
    }

    private void show() {
        computing.setHidden(!shown);
        if (shown) {
            Progress progress = player.progress();
            Dom.attribute(bar, "max", progress == null ? null : String.valueOf(Math.max(1, progress.total())));
            Dom.attribute(bar, "value", progress == null ? null : String.valueOf(progress.done()));
            Dom.text(text, text());
        }
    }

    private String text() {
        Progress progress = player.progress();
        if (progress == null || progress.phase() == Progress.Phase.ACT) {
            return Text.of("computing.title");
        }
        GraphNode box = progress.box() == null ? null : editor.graph().node(progress.box());
        int at = Math.min(progress.done() + 1, progress.total());
        return Text.of("computing." + progress.phase(), box == null ? "" : box.label(), at, progress.total());
    }
}

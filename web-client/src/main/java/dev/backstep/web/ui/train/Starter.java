package dev.backstep.web.ui.train;

import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.train.RunEvent.State;
import dev.backstep.web.session.Editor;
import dev.backstep.web.train.ComputeServer;
import dev.backstep.web.train.Parcel;
import dev.backstep.web.train.RunLog;
import dev.backstep.web.train.Runner.Control;
import dev.backstep.web.train.Runner.Site;
import dev.backstep.web.train.Training;
import dev.backstep.web.ui.Notices;
import dev.backstep.web.ui.Settings;
import dev.backstep.web.ui.Text;

/** Where runs begin, in this tab or on the server: there only after it was said what is sent. */
final class Starter {
    private static final String KEY = "trainPlace";
    private static final String SERVER = "server";

    private final Editor editor;
    private final Training training;
    private final ComputeServer server;
    /** What was agreed to in this visit: that documents are sent, and that data of one's own are. */
    private boolean agreed;
    private boolean agreedRows;

    Starter(Editor editor, Training training, ComputeServer server) {
        this.editor = editor;
        this.training = training;
        this.server = server;
        server.changed.listen(training.changed::fire);
    }

    ComputeServer server() {
        return server;
    }

    /** Where the next run goes on. */
    Site chosen() {
        return server.isThere() && Settings.get(KEY, "").equals(SERVER) ? Site.SERVER : Site.TAB;
    }

    void choose(Site site) {
        Settings.put(KEY, site == Site.SERVER ? SERVER : "tab");
        training.changed.fire();
    }

    /** Pauses the run, goes on with it, or begins one where runs are to begin. */
    void toggle() {
        if (training.isRunning()) {
            training.pause();
        } else if (chosen() == Site.SERVER && !goesOn()) {
            askServer();
        } else {
            training.run();
        }
    }

    /** Whether there is a run that can go on where it is. */
    boolean goesOn() {
        RunLog log = training.log();
        boolean ended = log != null && (log.state() == State.DONE || log.state() == State.DIVERGED);
        boolean lost = training.lost() != null && training.site() == Site.TAB;
        return !ended && (training.isOpen() && !training.isFresh() || lost);
    }

    /** Begins a run of the open document where runs are to begin, and lets it go on. */
    void begin() {
        if (chosen() == Site.TAB) {
            training.begin();
            training.run();
        } else {
            askServer();
        }
    }

    /** Begins one on the server, where that is agreed to. */
    void askServer() {
        String missing = Trainable.missing(editor.graph());
        if (missing != null) {
            Notices.error(missing);
            return;
        }
        Parcel parcel = Parcel.of(editor.graph());
        if (agreed && (agreedRows || parcel.rows() == 0)) {
            send(editor.graph());
        } else {
            new ServerDialog(this, training, editor.graph(), parcel).open();
        }
    }

    /** It is to be trained in this tab. */
    void stay() {
        choose(Site.TAB);
        if (!training.isRunning()) {
            training.run();
        }
    }

    /** It was agreed that the document is sent. */
    void agree(Graph graph, Parcel parcel) {
        agreed = true;
        agreedRows |= parcel.rows() > 0;
        choose(Site.SERVER);
        send(graph);
    }

    private void send(Graph graph) {
        training.begin(graph, server.place());
    }

    /** Why the run, or the next one, takes no steps, does not go back and takes no edit; null where it does. */
    String unable() {
        if (training.isOpen() && training.control() == Control.WATCH) {
            return Text.of("train.server.watched");
        }
        boolean there = training.isOpen() && !training.isFresh() ? training.site() == Site.SERVER
                : chosen() == Site.SERVER;
        return there ? Text.of("train.server.whole") : null;
    }
}

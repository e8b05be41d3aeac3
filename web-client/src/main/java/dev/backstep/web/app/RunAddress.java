package dev.backstep.web.app;

import dev.backstep.engine.graph.GraphException;
import dev.backstep.engine.graph.GraphJson;
import dev.backstep.web.session.Editor;
import dev.backstep.web.session.Likeness;
import dev.backstep.web.train.ComputeServer;
import dev.backstep.web.train.RunServer;
import dev.backstep.web.train.ServerRun;
import dev.backstep.web.train.Training;
import dev.backstep.web.ui.Notices;
import dev.backstep.web.ui.Reasons;
import dev.backstep.web.ui.Text;
import java.util.Objects;

/** Keeps the open run on a server in the page's address, so that a reload, or a link, brings it back. */
final class RunAddress {
    private static final String RUN = "run";
    private static final int UNKNOWN = 404;

    private final Editor editor;
    private final Training training;
    private final ComputeServer server;
    private final Opening opening;
    private final Runnable openArea;
    /** The run that the address names, or null; and whether it has not come yet. */
    private String written = Address.get(RUN);
    private boolean coming = written != null;

    RunAddress(Editor editor, Training training, ComputeServer server, Opening opening, Runnable openArea) {
        this.editor = editor;
        this.training = training;
        this.server = server;
        this.opening = opening;
        this.openArea = openArea;
        training.changed.listen(this::write);
    }

    /** Opens the run that the address names, with its document. */
    void open() {
        if (written != null) {
            open(written);
        }
    }

    /** Opens a run, with its document. */
    void open(String id) {
        server.document(id, answer -> {
            if (answer.isOk()) {
                coming = false;
                show(id, answer.text());
            } else {
                refuse(answer, id);
            }
        });
    }

    private void show(String id, String document) {
        try {
            if (!Likeness.isSame(editor.graph(), GraphJson.read(document)) && !opening.document(document)) {
                return;
            }
        } catch (GraphException unreadable) {
            Notices.error(Text.of("open.refused", Reasons.text(unreadable)));
            return;
        }
        openArea.run();
        training.begin(editor.graph(), server.place(id));
    }

    private void refuse(RunServer.Answer answer, String id) {
        if (answer.status() == UNKNOWN) {
            coming = false;
            Notices.error(Text.of("train.denied.unknown"));
            write();
        } else {
            Notices.offer(Text.of("train.denied.unreached"), Text.of("train.server.reload"), () -> open(id));
        }
    }

    private void write() {
        ServerRun run = training.serverRun();
        String id = run == null ? null : run.id();
        // A run that the server could not be asked for stays in the address, for another try or a reload.
        if (coming && id == null || Objects.equals(id, written)) {
            return;
        }
        coming = false;
        written = id;
        Address.put(RUN, id);
    }
}

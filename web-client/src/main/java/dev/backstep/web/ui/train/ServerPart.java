package dev.backstep.web.ui.train;

import dev.backstep.web.train.Runner.Control;
import dev.backstep.web.train.ServerRun;
import dev.backstep.web.train.Training;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.LinkCopy;
import dev.backstep.web.ui.Notices;
import dev.backstep.web.ui.Text;
import org.teavm.jso.dom.html.HTMLElement;

/** A line about a run on the server: how it stands with it there, its link, and the way to leave it. */
final class ServerPart {
    private final Training training;
    private final HTMLElement text = Dom.make("p", "");
    private final HTMLElement link = Dom.button("action quiet", "link", "", this::copy);
    private final HTMLElement leave = Dom.button("action quiet", "log-out", "", this::leave);
    private final HTMLElement part = Dom.make("div", "train-server", text, Dom.make("div", "buttons", link, leave));

    ServerPart(Training training, HTMLElement parent) {
        this.training = training;
        text.setAttribute("role", "status");
        link.setId("server-link");
        leave.setId("server-leave");
        parent.appendChild(part);
    }

    void show() {
        ServerRun run = training.serverRun();
        part.setHidden(run == null || training.lost() != null);
        if (part.isHidden()) {
            return;
        }
        Dom.text(text, text(run));
        Dom.flag(part, "bad", run.isCutOff());
        Dom.text(link.querySelector("span"), Text.of("train.server.link"));
        link.setHidden(run.id() == null);
        Dom.text(leave.querySelector("span"), Text.of("train.server.leave"));
        leave.setTitle(Text.of("train.server.leave.hint"));
        leave.setHidden(run.id() == null || !training.isOpen());
    }

    private String text(ServerRun run) {
        if (run.isCutOff()) {
            return Text.of("train.server.cutOff");
        }
        if (!training.isOpen()) {
            return Text.of("train.server.over");
        }
        if (run.control() == Control.WATCH) {
            return Text.of("train.server.watching");
        }
        return Text.of(run.id() == null ? "train.server.sending" : run.isQueued() ? "train.server.queued"
                : "train.server.there");
    }

    /** The address of a run on this server. */
    static String address(String id) {
        return "/?run=" + id;
    }

    private void copy() {
        LinkCopy.of(address(training.serverRun().id()), () -> Notices.tell(Text.of("train.server.copied")),
                Notices::error);
    }

    /** Leaves it to itself; what the area shows then is the beginning of a run in this tab. */
    private void leave() {
        training.begin();
        Notices.tell(Text.of("train.server.left"));
    }
}

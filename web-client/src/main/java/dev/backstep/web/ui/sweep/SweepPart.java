package dev.backstep.web.ui.sweep;

import dev.backstep.web.session.Editor;
import dev.backstep.web.train.ComputeServer;
import dev.backstep.web.train.Sweeps;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Frames;
import dev.backstep.web.ui.Text;
import dev.backstep.web.ui.train.Addition;
import java.util.function.Consumer;
import org.teavm.jso.dom.html.HTMLElement;

/** Sweeps in the train area: the button that asks for one, and how far the open one is. */
public final class SweepPart implements Addition {
    private final Editor editor;
    private final ComputeServer server;
    private final Sweeps sweeps;
    private final HTMLElement button = Dom.button("action quiet sweep-button", "table-2", "", this::ask);
    private final HTMLElement stand = Dom.make("p", "");
    private final HTMLElement table = Dom.button("action quiet", "table-2", "", this::open);
    private final HTMLElement leave;
    private final HTMLElement part;
    private Consumer<String> openRun;
    private SweepView view;

    public SweepPart(Editor editor, ComputeServer server, Sweeps sweeps) {
        this.editor = editor;
        this.server = server;
        this.sweeps = sweeps;
        leave = Dom.button("action quiet", "log-out", "", sweeps::leave);
        part = Dom.make("div", "sweep-part", stand, Dom.make("div", "buttons", table, leave));
        stand.setAttribute("role", "status");
        button.setId("sweep-ask");
        table.setId("sweep-open");
        leave.setId("sweep-leave");
        Runnable refresh = this::changed;
        sweeps.changed.listen(() -> Frames.request(refresh));
        changed();
    }

    /** Says what opens a run in the train area; needed before a sweep is shown. */
    public void onRun(Consumer<String> opens) {
        openRun = opens;
    }

    @Override
    public HTMLElement button() {
        return button;
    }

    @Override
    public HTMLElement part() {
        return part;
    }

    @Override
    public void show(String missing) {
        Dom.text(button.querySelector("span"), Text.of("sweep.ask"));
        String why = !server.isThere() ? Text.of("train.place.none") : missing;
        Dom.enable(button, why == null);
        String title = why == null ? Text.of("sweep.ask.hint") : Text.of("sweep.ask.hint") + ": " + why;
        if (!title.equals(button.getTitle())) {
            button.setTitle(title);
        }
        Dom.text(table.querySelector("span"), Text.of("sweep.open"));
        Dom.text(leave.querySelector("span"), Text.of("train.server.leave"));
        leave.setTitle(Text.of("sweep.leave.hint"));
        showStand();
    }

    private void showStand() {
        part.setHidden(sweeps.watch() == null);
        if (sweeps.watch() != null) {
            Dom.text(stand, Text.of("sweep.part", SweepText.stand(sweeps.watch())));
        }
    }

    private void ask() {
        new SweepDialog(sweeps, editor.graph(), this::open).open();
    }

    /** Shows the table of the open sweep. */
    public void open() {
        view = new SweepView(sweeps, openRun);
        view.open(() -> view = null);
    }

    private void changed() {
        showStand();
        if (view != null) {
            view.show();
        }
    }
}

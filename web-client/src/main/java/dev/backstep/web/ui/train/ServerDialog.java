package dev.backstep.web.ui.train;

import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.train.Effort;
import dev.backstep.web.train.ComputeServer;
import dev.backstep.web.train.Parcel;
import dev.backstep.web.train.RunLog;
import dev.backstep.web.train.Runner.Site;
import dev.backstep.web.train.Training;
import dev.backstep.web.train.Trial;
import dev.backstep.web.train.WorkerRun;
import dev.backstep.web.ui.Dialog;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Text;
import dev.backstep.web.value.ByteText;
import dev.backstep.web.value.NumberText;
import java.util.ArrayList;
import java.util.List;
import org.teavm.jso.dom.html.HTMLElement;

/** Says what would be sent to the server, and how long the run would take here and there, before anything is sent. */
final class ServerDialog {
    private final Starter starter;
    private final Training training;
    private final Graph graph;
    private final Parcel parcel;
    private final Dialog dialog = new Dialog(Text.of("train.server.title"));
    private final HTMLElement here = Dom.make("dd", "");
    private final HTMLElement there = Dom.make("dd", "");
    private Trial trial;
    private long total;
    private double pace;

    ServerDialog(Starter starter, Training training, Graph graph, Parcel parcel) {
        this.starter = starter;
        this.training = training;
        this.graph = graph;
        this.parcel = parcel;
    }

    void open() {
        HTMLElement send = Dom.button("action primary", "send", Text.of("train.server.send"), () -> {
            dialog.close();
            starter.agree(graph, parcel);
        });
        send.setId("server-send");
        HTMLElement stay = Dom.button("action outlined", null, Text.of("train.server.stay"), () -> {
            dialog.close();
            starter.stay();
        });
        Dom.append(dialog.body(), SentPart.of(parcel), estimate(),
                Dom.make("div", "buttons server-buttons", send, stay));
        dialog.onClose(() -> {
            if (trial != null) {
                trial.cancel();
            }
        });
        dialog.open();
        measure();
        // It may have measured itself meanwhile.
        starter.server().look(this::show);
    }

    private HTMLElement estimate() {
        HTMLElement list = Dom.make("dl", "server-facts");
        list.setAttribute("aria-live", "polite");
        Dom.append(list, Dom.make("dt", "", Text.of("train.place.tab")), here,
                Dom.make("dt", "", Text.of("train.place.server")), there);
        String memory = ByteText.of(parcel.memory());
        SentPart.fact(list, "train.server.memory", TabMemory.fits(parcel.memory())
                ? Text.of("train.server.memory.fits", memory)
                : Text.of("train.server.memory.over", memory, ByteText.of(TabMemory.bytes())));
        List<String> devices = new ArrayList<>();
        for (ComputeServer.Device device : starter.server().devices()) {
            if (device.ready()) {
                devices.add(device.reason() == null ? device.name() : device.name() + " (" + device.reason() + ")");
            }
        }
        SentPart.fact(list, "train.server.devices", String.join(", ", devices));
        HTMLElement part = Dom.make("section", "dialog-section", Dom.make("h3", "", Text.of("train.server.estimate")),
                list);
        if (training.site() == Site.TAB && starter.goesOn()) {
            part.appendChild(Dom.make("p", "form-help", Text.of("train.server.anew")));
        }
        return part;
    }

    /** The pace here is what a run of the document had, or what one has in two seconds. */
    private void measure() {
        RunLog log = training.log();
        total = log != null && log.started() != null && training.isOfDocument() ? log.started().total() : 0;
        pace = training.pace(Site.TAB, graph);
        if ((pace == 0 || total == 0) && TabMemory.fits(parcel.memory())) {
            trial = Trial.start(WorkerRun::start, graph, outcome -> {
                trial = null;
                total = outcome.total();
                pace = outcome.rate();
                show();
            });
        }
        show();
    }

    private void show() {
        if (trial != null) {
            Dom.text(here, Text.of("train.server.measuring"));
            Dom.text(there, Text.of("train.server.measuring"));
            return;
        }
        Dom.text(here, pace == 0 || total == 0 ? Text.of("train.server.unmeasured")
                : Text.of("train.server.measured", Durations.text(total / pace), NumberText.rate(pace)));
        double earlier = training.pace(Site.SERVER, graph);
        double server = earlier > 0 ? earlier : starter.server().pace(graph);
        long batches = total > 0 ? total : Effort.batches(graph);
        Dom.text(there, server == 0 || batches == 0 ? Text.of("train.server.unknown")
                : Text.of(earlier > 0 ? "train.server.earlier" : "train.server.estimated",
                Durations.text(batches / server), NumberText.rate(server)));
    }
}

package dev.backstep.web.ui.train;

import dev.backstep.engine.train.RunEvent.State;
import dev.backstep.engine.train.RunEvent;
import dev.backstep.web.train.RunLog;
import dev.backstep.web.train.Runner.Control;
import dev.backstep.web.train.Runner.Site;
import dev.backstep.web.train.Training;
import dev.backstep.web.train.WorkerRun;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Icons;
import dev.backstep.web.ui.Notices;
import dev.backstep.web.ui.Settings;
import dev.backstep.web.ui.Text;
import dev.backstep.web.value.NumberText;
import java.util.List;
import org.teavm.jso.dom.html.HTMLElement;
import org.teavm.jso.dom.html.HTMLSelectElement;

/** The buttons that drive the run, how far it is, and how long it will take. */
final class RunControls {
    private static final List<String> DEVICES = List.of("auto", "eager", "cpu", "simd", "webgpu");

    private final Training training;
    private final Starter starter;
    private final Stepping stepping;
    private final HTMLElement run = Dom.button("action primary train-run", "play", "", () -> starter().toggle());
    private final HTMLElement back = tool("step-back", "train.back", () -> training().batches(-1));
    private final HTMLElement batch = tool("step-forward", "train.batch", () -> training().batches(1));
    private final HTMLElement epoch = tool("skip-forward", "train.epoch", () -> training().epoch());
    private final HTMLElement event = tool("redo-dot", "train.event", this::event);
    private final HTMLElement reset = tool("rotate-ccw", "train.reset", () -> training().reset());
    private final HTMLElement stop = tool("square", "train.stop", () -> training().stop());
    private final HTMLElement bar = Dom.make("div", "train-bar");
    private final HTMLElement filled = Dom.make("div", "train-bar-filled");
    private final HTMLElement where = Dom.make("span", "train-where");
    private final HTMLElement rate = Dom.make("span", "train-rate");
    private final HTMLSelectElement device = (HTMLSelectElement) Dom.make("select", "field");
    private final PlaceChoice place;
    private final HTMLElement mode = Dom.make("span", "train-mode badge");

    /** @param beside a button that stands beside the choice of the place */
    RunControls(Training training, Starter starter, Stepping stepping, HTMLElement beside, HTMLElement parent) {
        this.training = training;
        this.starter = starter;
        this.stepping = stepping;
        run.setId("train-run");
        bar.setAttribute("role", "progressbar");
        bar.setAttribute("aria-valuemin", "0");
        bar.setAttribute("aria-valuemax", "100");
        bar.appendChild(filled);
        place = new PlaceChoice(starter);
        HTMLElement steps = Dom.make("div", "train-steps", back, batch, epoch, event);
        HTMLElement ends = Dom.make("div", "train-ends", reset, stop);
        HTMLElement buttons = Dom.make("div", "train-buttons", run, steps, ends);
        buttons.setAttribute("role", "group");
        HTMLElement places = Dom.make("div", "train-places", beside, place.field(), device);
        parent.appendChild(Dom.make("div", "train-controls", buttons, bar,
                Dom.make("div", "train-progress", where, rate, mode, places)));
        fillDevices();
        Text.onChange(() -> buttons.setAttribute("aria-label", Text.of("train.controls")));
        buttons.setAttribute("aria-label", Text.of("train.controls"));
    }

    /** Where batches are computed; the run that is open stays where it is. */
    private void fillDevices() {
        device.setId("train-device");
        for (String name : DEVICES) {
            device.appendChild(Dom.make("option", ""));
        }
        Dom.on(device, "change", event -> {
            Settings.put("trainDevice", device.getValue());
            WorkerRun.device(device.getValue());
            Notices.announce(Text.of("train.device.next"));
        });
        nameDevices();
        String kept = Settings.get("trainDevice", DEVICES.getFirst());
        device.setValue(DEVICES.contains(kept) ? kept : DEVICES.getFirst());
        WorkerRun.device(device.getValue());
        Text.onChange(this::nameDevices);
    }

    private void nameDevices() {
        Dom.label(device, Text.of("train.device"));
        for (int i = 0; i < DEVICES.size(); i++) {
            HTMLElement option = (HTMLElement) device.getChildNodes().get(i);
            option.setAttribute("value", DEVICES.get(i));
            option.setTextContent(Text.of("train.device." + DEVICES.get(i)));
        }
    }

    private Starter starter() {
        return starter;
    }

    private Training training() {
        return training;
    }

    private static HTMLElement tool(String icon, String key, Runnable pressed) {
        HTMLElement button = Dom.iconButton("tool", icon, Text.of(key), pressed);
        button.setId(key.replace('.', '-'));
        Text.onChange(() -> Dom.label(button, Text.of(key)));
        return button;
    }

    private void event() {
        stepping.next();
    }

    /** @param missing why the document cannot be trained, or null */
    void show(String missing) {
        RunLog log = training.log();
        boolean running = training.isRunning();
        boolean watched = training.isOpen() && training.control() == Control.WATCH;
        String unable = starter.unable();
        boolean can = missing == null || training.isOpen();
        String word = Text.of(running ? "train.pause" : log != null && log.batch() > 0 && starter.goesOn()
                ? "train.resume" : "train.run");
        Dom.text(run.querySelector("span"), word);
        Icons.change(run, running ? "pause" : "play");
        Dom.enable(run, can && !watched);
        run.setTitle(watched ? unable : "");
        long at = log == null ? 0 : log.batch();
        boolean ended = log != null && (log.state() == State.DONE || log.state() == State.DIVERGED);
        boolean steps = can && !ended && unable == null;
        enable(back, training.isOpen() && at > 0 && unable == null, unable);
        enable(batch, steps, unable);
        enable(epoch, steps, unable);
        enable(event, steps && !running, unable);
        enable(reset, training.isOpen() && at > 0 && unable == null, unable);
        enable(stop, training.isOpen() && !watched, watched ? unable : null);
        place.show();
        device.setHidden(starter.chosen() == Site.SERVER);
        progress(log, at);
    }

    /** @param why what to say of it in its tooltip beside its name, or null */
    private static void enable(HTMLElement button, boolean enabled, String why) {
        Dom.enable(button, enabled);
        String name = button.getAttribute("aria-label");
        String title = why == null ? name : name + ": " + why;
        if (!title.equals(button.getTitle())) {
            button.setTitle(title);
        }
    }

    private void progress(RunLog log, long at) {
        RunEvent.Started started = log == null ? null : log.started();
        double share = started == null || started.total() == 0 ? 0 : Math.min(1, (double) at / started.total());
        filled.getStyle().setProperty("transform", "scaleX(" + share + ")");
        bar.setAttribute("aria-valuenow", String.valueOf(Math.round(100 * share)));
        Dom.flag(bar, "bad", log != null && log.state() == State.DIVERGED);
        if (started == null) {
            Dom.text(where, training.isStarting() ? Text.of("train.starting") : Text.of("train.notStarted"));
            bar.setAttribute("aria-label", where.getTextContent());
            Dom.text(rate, "");
            mode.setHidden(true);
            return;
        }
        int batches = Math.max(1, started.batches());
        long epochs = started.total() / batches;
        long epochNow = Math.min(epochs, at / batches + (at % batches > 0 || at == 0 ? 1 : 0));
        long inEpoch = at == 0 ? 0 : (at - 1) % batches + 1;
        String place = Text.of("train.where", Math.max(1, epochNow), epochs, inEpoch, batches);
        Dom.text(where, place);
        bar.setAttribute("aria-label", place);
        double speed = training.isRunning() && log.at() != null ? log.at().rate() : 0;
        String pace = speed > 0 ? Text.of("train.rate", NumberText.rate(speed),
                time((started.total() - at) / speed)) : state(log);
        String device = device(log);
        Dom.text(rate, speed > 0 && device != null ? pace + ", " + device : pace);
        mode.setHidden(false);
        boolean trains = Boolean.TRUE.equals(training.mode());
        Dom.text(mode, trains ? "train()" : "eval()");
        mode.setTitle(Text.of(trains ? "train.mode.train" : "train.mode.eval"));
        Dom.flag(mode, "req", trains);
    }

    /** Where batches are computed, in words; null where that is not known. */
    private String device(RunLog log) {
        if (training.site() == Site.SERVER) {
            return Text.of("train.server.on");
        }
        return log.place() != null && DEVICES.contains(log.place().device())
                ? Text.of("train.device.on", Text.of("train.device." + log.place().device())) : null;
    }

    private String state(RunLog log) {
        return log.state() == null || log.batch() == 0 ? "" : switch (log.state()) {
            case RUNNING -> "";
            case PAUSED -> Text.of("train.state.paused");
            case DONE -> Text.of("train.state.done");
            case DIVERGED -> Text.of("train.state.diverged");
            case STOPPED -> Text.of("train.state.stopped");
        };
    }

    /** Minutes and seconds; hours where they are many. */
    private static String time(double seconds) {
        long whole = Math.round(seconds);
        String rest = String.valueOf(100 + whole % 60).substring(1);
        return whole < 3600 ? whole / 60 + ":" + rest
                : whole / 3600 + ":" + String.valueOf(100 + whole / 60 % 60).substring(1) + ":" + rest;
    }
}

package dev.backstep.web.ui.timeline;

import dev.backstep.engine.step.Event;
import dev.backstep.engine.step.Timeline;
import dev.backstep.web.session.Player;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.EventNames;
import dev.backstep.web.ui.Frames;
import dev.backstep.web.ui.Icons;
import dev.backstep.web.ui.Notices;
import dev.backstep.web.ui.Shortcut;
import dev.backstep.web.ui.Text;
import org.teavm.jso.browser.Window;
import org.teavm.jso.dom.events.KeyboardEvent;
import org.teavm.jso.dom.html.HTMLElement;
import org.teavm.jso.dom.html.HTMLInputElement;

/** First, back, play, forward, last, the slider, and what happened at this step. */
public final class TimelineBar {
    private static final int PLAY_MS = 900;

    private final Player player;
    private final HTMLElement count = Dom.byId("step-count");
    private final HTMLElement name = Dom.byId("step-event");
    private final HTMLElement phases = Dom.byId("track-phases");
    private final HTMLElement play = Dom.byId("play");
    private final HTMLInputElement slider = (HTMLInputElement) Dom.byId("seek");
    private final Runnable show = this::show;
    private String spoken = "";
    private int timer = -1;

    public TimelineBar(Player player) {
        this.player = player;
        press("first", () -> player.seek(0));
        press("back", this::back);
        press("forward", this::forward);
        press("last", () -> player.seek(player.steps()));
        press("bar-back", this::back);
        press("bar-forward", this::forward);
        Dom.on(play, "click", event -> togglePlay());
        Dom.on(slider, "input", event -> go(() -> player.seek(Integer.parseInt(slider.getValue()))));
        Dom.on(Dom.byId("timeline"), "keydown", this::key);
        player.moved.listen(() -> Frames.request(show));
        Text.onChange(this::show);
    }

    private void press(String id, Runnable move) {
        Dom.on(Dom.byId(id), "click", event -> go(move));
    }

    /** A move by hand ends playing. */
    private void go(Runnable move) {
        pause();
        move.run();
    }

    public void back() {
        player.seek(player.step() - 1);
    }

    public void forward() {
        player.seek(player.step() + 1);
    }

    private void key(KeyboardEvent event) {
        switch (Shortcut.of(event, Shortcut.Place.TIMELINE)) {
            case STEP_BACK -> go(this::back);
            case STEP_FORWARD -> go(this::forward);
            case FIRST -> go(() -> player.seek(0));
            case LAST -> go(() -> player.seek(player.steps()));
            case null, default -> {
                return;
            }
        }
        event.preventDefault();
    }

    private void togglePlay() {
        if (timer >= 0) {
            pause();
            return;
        }
        if (player.step() == player.steps()) {
            player.seek(0);
        }
        timer = Window.setInterval(this::tick, PLAY_MS);
        tick();
        showPlay();
    }

    private void tick() {
        forward();
        if (player.step() >= player.steps()) {
            pause();
        }
    }

    private void pause() {
        if (timer >= 0) {
            Window.clearInterval(timer);
            timer = -1;
            showPlay();
        }
    }

    private void showPlay() {
        Icons.change(play, timer >= 0 ? "pause" : "play");
        Dom.label(play, Text.of(timer >= 0 ? "timeline.pause" : "timeline.play"));
    }

    private void show() {
        int step = player.step();
        int steps = player.steps();
        boolean ran = player.playback() != null;
        Event event = player.event();
        if (!ran) {
            pause();
        }
        String text = event == null ? Text.of(ran ? "timeline.start" : "timeline.notRun")
                : EventNames.of(player.playback().graph(), event);
        count.setTextContent(ran ? Text.of("timeline.step", step, steps) : "");
        name.setTextContent(text);
        name.setTitle(text);
        slider.setAttribute("max", String.valueOf(steps));
        slider.setValue(String.valueOf(step));
        slider.setDisabled(!ran);
        slider.setAttribute("aria-valuetext", ran ? Text.of("timeline.step", step, steps) + ", " + text : text);
        for (String id : new String[] {"first", "back", "bar-back"}) {
            Dom.enable(Dom.byId(id), step > 0);
        }
        for (String id : new String[] {"forward", "last", "bar-forward"}) {
            Dom.enable(Dom.byId(id), step < steps);
        }
        Dom.enable(play, ran && steps > 0);
        showPlay();
        showPhases(step, steps);
        String toSay = ran ? Text.of("timeline.step", step, steps) + ": " + text : "";
        if (!toSay.equals(spoken)) {
            spoken = toSay;
            Notices.announce(toSay);
        }
    }

    /** Colours the track: forward, then backward, and what lies ahead more faintly. */
    private void showPhases(int step, int steps) {
        Timeline timeline = player.timeline();
        int forward = 0;
        while (timeline != null && forward < steps && timeline.event(forward) instanceof Event.Forward) {
            forward++;
        }
        double turn = steps == 0 ? 0 : 100.0 * forward / steps;
        double now = steps == 0 ? 0 : 100.0 * step / steps;
        String faint = "color-mix(in srgb, var(--grad) 26%, var(--surface-3))";
        String faintForward = "color-mix(in srgb, var(--accent) 26%, var(--surface-3))";
        double forwardNow = Math.min(now, turn);
        double backwardNow = Math.max(now, turn);
        phases.getStyle().setProperty("background", steps == 0 ? "" : "linear-gradient(to right, var(--accent) "
                + forwardNow + "%, " + faintForward + " " + forwardNow + "% " + turn + "%, var(--grad) " + turn + "% "
                + backwardNow + "%, " + faint + " " + backwardNow + "%)");
    }
}

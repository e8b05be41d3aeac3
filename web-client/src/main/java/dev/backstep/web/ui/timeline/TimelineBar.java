package dev.backstep.web.ui.timeline;

import dev.backstep.engine.step.Event;
import dev.backstep.web.session.Editor;
import dev.backstep.web.session.EventKind;
import dev.backstep.web.session.Player;
import dev.backstep.web.session.ShownEvents;
import dev.backstep.web.session.Stop;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.EventNames;
import dev.backstep.web.ui.Frames;
import dev.backstep.web.ui.Icons;
import dev.backstep.web.ui.Menu;
import dev.backstep.web.ui.Notices;
import dev.backstep.web.ui.Shortcut;
import dev.backstep.web.ui.Text;
import dev.backstep.web.value.NumberText;
import org.teavm.jso.dom.events.KeyboardEvent;
import org.teavm.jso.dom.html.HTMLElement;
import org.teavm.jso.dom.html.HTMLInputElement;

/** First, back, play, forward, last, the slider, and what happened at this step; the rest of the bar has its parts. */
public final class TimelineBar {
    private final Player player;
    private final Playing playing;
    private final TrackView track;
    private final ActBar acts;
    private final Breaks breaks;
    private final EventPanel events;
    private final HTMLElement count = Dom.byId("step-count");
    private final HTMLElement stopped = Dom.byId("step-stop");
    private final HTMLElement name = Dom.byId("step-event");
    private final HTMLElement play = Dom.byId("play");
    private final HTMLElement playBack = Dom.byId("play-back");
    private final HTMLElement speed = Dom.byId("speed");
    private final HTMLInputElement slider = (HTMLInputElement) Dom.byId("seek");
    private final Runnable show = this::show;
    private String spoken = "";

    public TimelineBar(Editor editor, Player player) {
        this.player = player;
        playing = new Playing(player);
        track = new TrackView(player);
        acts = new ActBar(editor, player);
        breaks = new Breaks(editor, player);
        events = new EventPanel(player);
        press("first", () -> player.walkToEnd(-1));
        press("back", () -> player.walk(-1));
        press("forward", () -> player.walk(1));
        press("last", () -> player.walkToEnd(1));
        press("bar-back", () -> player.walk(-1));
        press("bar-forward", () -> player.walk(1));
        Dom.on(play, "click", event -> playing.toggle(1));
        Dom.on(playBack, "click", event -> playing.toggle(-1));
        new Menu(speed, this::fillSpeeds);
        Dom.on(slider, "input", event -> go(() -> player.seek(Integer.parseInt(slider.getValue()))));
        Dom.on(Dom.byId("timeline"), "keydown", this::key);
        playing.changed.listen(() -> Frames.request(show));
        player.moved.listen(() -> Frames.request(show));
        Runnable showActs = acts::show;
        player.computing.listen(() -> Frames.request(showActs));
        player.breakpoints.changed.listen(() -> Frames.request(show));
        Text.onChange(this::translate);
    }

    private void translate() {
        events.translate();
        show();
    }

    private void press(String id, Runnable move) {
        Dom.on(Dom.byId(id), "click", event -> go(move));
    }

    /** A move by hand ends playing. */
    private void go(Runnable move) {
        playing.stop();
        move.run();
    }

    private void key(KeyboardEvent event) {
        switch (Shortcut.of(event, Shortcut.Place.TIMELINE)) {
            case STEP_BACK -> go(() -> player.walk(-1));
            case STEP_FORWARD -> go(() -> player.walk(1));
            case FIRST -> go(() -> player.walkToEnd(-1));
            case LAST -> go(() -> player.walkToEnd(1));
            case CLOSE_LOG -> {
                // What is being computed is stopped first, by the page.
                if (player.isComputing() || !events.close()) {
                    return;
                }
            }
            case PLAY -> {
                // A button with the focus is what Space presses.
                if (((HTMLElement) event.getTarget()).getTagName().equalsIgnoreCase("button")) {
                    return;
                }
                playing.toggle(1);
            }
            case null, default -> {
                return;
            }
        }
        event.preventDefault();
        event.stopPropagation();
    }

    private void fillSpeeds(Menu menu) {
        for (double each : Playing.SPEEDS) {
            menu.choice(NumberText.of(each) + "×", each == playing.speed(), () -> playing.setSpeed(each));
        }
        menu.item("play", Text.of("timeline.playBack"), null, null, () -> playing.toggle(-1));
    }

    private void showPlaying() {
        boolean ran = player.playback() != null && player.shown().size() > 0;
        if (!ran) {
            playing.stop();
        }
        Icons.change(play, playing.direction() > 0 ? "pause" : "play");
        Dom.label(play, Text.of(playing.direction() > 0 ? "timeline.pause" : "timeline.play"));
        Icons.change(playBack, playing.direction() < 0 ? "pause" : "play");
        Dom.flag(playBack, "flipped", playing.direction() >= 0);
        Dom.label(playBack, Text.of(playing.direction() < 0 ? "timeline.pause" : "timeline.playBack"));
        Dom.enable(play, ran);
        Dom.enable(playBack, ran);
        String rate = NumberText.of(playing.speed()) + "×";
        Dom.text((HTMLElement) speed.getFirstChild(), rate);
        Dom.label(speed, Text.of("timeline.speed", rate));
    }

    private void show() {
        boolean ran = player.playback() != null;
        Event event = player.event();
        String text = event == null ? Text.of(ran ? "timeline.start" : "timeline.notRun")
                : EventNames.of(player.playback().graph(), event);
        String place = ran ? place() : "";
        Dom.text(count, place);
        Dom.text(name, text);
        name.setTitle(text);
        Dom.attribute(name, "data-kind", event == null ? null : Kinds.name(EventKind.of(event)));
        Stop stop = player.stop();
        String why = stop == null ? "" : Breaks.reason(player.playback().graph(), stop, player.breakpoints.norm());
        Dom.text(stopped, why);
        Dom.attribute(stopped, "title", why);
        stopped.setHidden(stop == null);
        Dom.attribute(slider, "max", String.valueOf(player.steps()));
        slider.setValue(String.valueOf(player.step()));
        slider.setDisabled(!ran);
        slider.setAttribute("aria-valuetext", ran ? place + ", " + text : text);
        for (String id : new String[] {"first", "back", "bar-back"}) {
            Dom.enable(Dom.byId(id), player.canWalk(-1));
        }
        for (String id : new String[] {"forward", "last", "bar-forward"}) {
            Dom.enable(Dom.byId(id), player.canWalk(1));
        }
        showPlaying();
        track.show();
        acts.show();
        breaks.show();
        events.show();
        announce(ran ? place + ": " + text + (stop == null ? "" : ". " + why) : "");
    }

    private String place() {
        ShownEvents shown = player.shown();
        return player.filter.isOn()
                ? Text.of("timeline.shown", shown.happened(player.step()), shown.size())
                : Text.of("timeline.step", player.step(), player.steps());
    }

    /** While it plays fast, nobody could listen to every step. */
    private void announce(String text) {
        if (!text.equals(spoken) && (playing.direction() == 0 || playing.speed() <= 1)) {
            spoken = text;
            // What happens to a training is told elsewhere.
            if (!player.isUnasked()) {
                Notices.announce(text);
            }
        }
    }
}

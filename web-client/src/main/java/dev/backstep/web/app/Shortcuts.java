package dev.backstep.web.app;

import dev.backstep.web.jso.Platform;
import dev.backstep.web.session.Editor;
import dev.backstep.web.session.HealthCheck;
import dev.backstep.web.session.Player;
import dev.backstep.web.train.Training;
import dev.backstep.web.ui.Dialog;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Shortcut;
import dev.backstep.web.ui.Shortcut.Place;
import dev.backstep.web.ui.Text;
import dev.backstep.web.ui.autograd.ViewSwitch;
import dev.backstep.web.ui.palette.Palette;
import dev.backstep.web.ui.timeline.Breaks;
import dev.backstep.web.ui.train.TrainArea;
import java.util.List;
import org.teavm.jso.dom.events.KeyboardEvent;
import org.teavm.jso.dom.html.HTMLDocument;
import org.teavm.jso.dom.html.HTMLElement;

/** The keys that work everywhere on the page, and the list of all keys. */
final class Shortcuts {
    private final Editor editor;
    private final Player player;
    private final Palette palette;
    private final Areas areas;
    private final ViewSwitch views;
    private final HealthCheck health;
    private final Training training;
    private final TrainArea train;

    Shortcuts(Editor editor, Player player, Palette palette, Areas areas, ViewSwitch views, HealthCheck health,
            Training training, TrainArea train) {
        this.editor = editor;
        this.player = player;
        this.palette = palette;
        this.areas = areas;
        this.views = views;
        this.health = health;
        this.training = training;
        this.train = train;
        Dom.on(HTMLDocument.current(), "keydown", this::key);
    }

    private void key(KeyboardEvent event) {
        if (HTMLDocument.current().querySelector("dialog[open]") != null) {
            return;
        }
        Shortcut shortcut = Shortcut.of(event, Place.PAGE, Place.TRAIN);
        if (shortcut == Shortcut.RUN) {
            if (!player.isComputing()) {
                player.run();
            }
        } else if (shortcut == null || isTyping()) {
            return;
        }
        switch (shortcut) {
            case UNDO -> editor.undo();
            case REDO -> editor.redo();
            case HELP -> showAll();
            case SEARCH -> {
                areas.open("palette");
                palette.search();
            }
            case AUTOGRAD -> views.toggle();
            case HEALTH -> health.toggle();
            case TO_BREAKPOINT -> Breaks.run(player, 1);
            case BACK_TO_BREAKPOINT -> Breaks.run(player, -1);
            case LEAVE -> {
                if (!RunControl.cancel(player)) {
                    areas.closeSheets();
                }
            }
            case TRAIN -> areas.toggle("train");
            case TRAIN_RUN -> {
                areas.open("train");
                train.toggle();
            }
            case TRAIN_BATCH -> train.step(() -> training.batches(1));
            case TRAIN_BACK -> train.step(() -> training.batches(-1));
            case TRAIN_EPOCH -> train.step(training::epoch);
            case TRAIN_EVENT -> train.event();
            case TRAIN_RESET -> train.step(training::reset);
            case TRAIN_STOP -> training.stop();
            default -> {
            }
        }
        event.preventDefault();
    }

    /** Whether keys go into a text, which has an undo of its own. */
    private static boolean isTyping() {
        HTMLElement focused = HTMLDocument.current().getActiveElement();
        if (focused == null) {
            return false;
        }
        String tag = focused.getTagName().toLowerCase();
        String type = focused.getAttribute("type");
        return tag.equals("textarea") || tag.equals("select")
                || tag.equals("input") && !"range".equals(type) && !"checkbox".equals(type);
    }

    static void showAll() {
        Dialog dialog = new Dialog(Text.of("shortcuts.title"));
        boolean mac = Platform.isMac();
        for (Place place : Place.values()) {
            HTMLElement list = section(dialog, Text.of(place.message()));
            for (Shortcut shortcut : Shortcut.values()) {
                if (shortcut.place() == place) {
                    Dom.append(list, keys(shortcut.shown(mac)), Dom.make("dd", "", Text.of(shortcut.message())));
                }
            }
        }
        HTMLElement gestures = section(dialog, Text.of("gestures.title"));
        for (String gesture : Shortcut.GESTURES) {
            Dom.append(gestures, Dom.make("dt", "", Text.of("gestures." + gesture + ".how")),
                    Dom.make("dd", "", Text.of("gestures." + gesture)));
        }
        HTMLElement marks = section(dialog, Text.of("devices.legend"));
        Dom.append(marks, mark("device", "simd"), Dom.make("dd", "", Text.of("devices.legend.simd")),
                mark("device", "webgpu"), Dom.make("dd", "", Text.of("devices.legend.webgpu")),
                mark("device", "cpu"), Dom.make("dd", "", Text.of("devices.legend.cpu")),
                mark("device warns", "cpu"), Dom.make("dd", "", Text.of("devices.legend.warns")));
        dialog.open();
    }

    /** A mark of a device as nodes have it. */
    private static HTMLElement mark(String style, String device) {
        String text = Text.of("devices.mark." + device);
        return Dom.make("dt", "", Dom.make("span", "badge " + style,
                style.equals("device") ? text : Text.of("devices.mark.warns", text)));
    }

    private static HTMLElement section(Dialog dialog, String title) {
        HTMLElement list = Dom.make("dl", "shortcuts");
        dialog.body().appendChild(Dom.make("section", "shortcuts-part", Dom.make("h3", "", title), list));
        return list;
    }

    private static HTMLElement keys(List<List<String>> chords) {
        HTMLElement keys = Dom.make("dt", "");
        for (List<String> chord : chords) {
            HTMLElement together = Dom.make("span", "chord");
            chord.forEach(key -> together.appendChild(Dom.make("kbd", "", key)));
            keys.appendChild(together);
        }
        return keys;
    }
}

package dev.backstep.web.app;

import dev.backstep.web.session.Editor;
import dev.backstep.web.session.HealthCheck;
import dev.backstep.web.session.Player;
import dev.backstep.web.ui.Dialog;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Text;
import dev.backstep.web.ui.autograd.ViewSwitch;
import dev.backstep.web.ui.palette.Palette;
import org.teavm.jso.dom.events.KeyboardEvent;
import org.teavm.jso.dom.html.HTMLDocument;
import org.teavm.jso.dom.html.HTMLElement;

/** The keys that work everywhere on the page, and the list of all keys. */
final class Shortcuts {
    /** Keys as they are shown, and the message that says what they do. */
    private static final String[][] ALL = {
        {"Ctrl Enter", "run"}, {"Ctrl Z", "undo"}, {"Ctrl Shift Z", "redo"}, {"/", "search"}, {"Tab", "walk"},
        {"← ↑ → ↓", "nudge"}, {"Enter", "inspect"}, {"F2", "type"}, {"C", "connect"}, {"Shift C", "connectInput"},
        {"Delete", "delete"}, {"Ctrl A", "all"}, {"Esc", "leave"}, {"0", "fit"}, {".", "fitSelection"}, {"+ −", "zoom"},
        {"V", "view"}, {"H", "health"}, {"← →", "step"}, {"Home End", "ends"}, {"?", "help"},
    };

    private final Editor editor;
    private final Player player;
    private final Palette palette;
    private final Areas areas;
    private final ViewSwitch views;
    private final HealthCheck health;

    Shortcuts(Editor editor, Player player, Palette palette, Areas areas, ViewSwitch views, HealthCheck health) {
        this.editor = editor;
        this.player = player;
        this.palette = palette;
        this.areas = areas;
        this.views = views;
        this.health = health;
        Dom.on(HTMLDocument.current(), "keydown", this::key);
    }

    private void key(KeyboardEvent event) {
        if (HTMLDocument.current().querySelector("dialog[open]") != null) {
            return;
        }
        boolean handled = event.isCtrlKey() || event.isMetaKey() ? command(event) : plain(event);
        if (handled) {
            event.preventDefault();
        }
    }

    private boolean command(KeyboardEvent event) {
        switch (event.getKey()) {
            case "Enter" -> player.run();
            case "z", "Z" -> {
                if (isTyping()) {
                    return false;
                }
                if (event.isShiftKey()) {
                    editor.redo();
                } else {
                    editor.undo();
                }
            }
            case "y", "Y" -> {
                if (isTyping()) {
                    return false;
                }
                editor.redo();
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean plain(KeyboardEvent event) {
        if (isTyping()) {
            return false;
        }
        switch (event.getKey()) {
            case "?" -> showAll();
            case "/" -> {
                areas.open("palette");
                palette.search();
            }
            case "v", "V" -> views.toggle();
            case "h", "H" -> health.toggle();
            case "Escape" -> areas.closeSheets();
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Whether keys go into a text, which has an undo of its own. */
    private static boolean isTyping() {
        HTMLElement focused = HTMLDocument.current().getActiveElement();
        if (focused == null) {
            return false;
        }
        String tag = focused.getTagName().toLowerCase();
        String type = focused.getAttribute("type");
        return tag.equals("textarea") || tag.equals("input") && !"range".equals(type) && !"checkbox".equals(type);
    }

    static void showAll() {
        Dialog dialog = new Dialog(Text.of("shortcuts.title"));
        HTMLElement list = Dom.make("dl", "shortcuts");
        for (String[] shortcut : ALL) {
            HTMLElement keys = Dom.make("dt", "");
            for (String key : shortcut[0].split(" ")) {
                keys.appendChild(Dom.make("kbd", "", key));
                keys.appendChild(HTMLDocument.current().createTextNode(" "));
            }
            Dom.append(list, keys, Dom.make("dd", "", Text.of("shortcuts." + shortcut[1])));
        }
        dialog.body().appendChild(list);
        dialog.open();
    }
}

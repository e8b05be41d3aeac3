package dev.backstep.web.ui.timeline;

import dev.backstep.web.jso.MediaQueryList;
import dev.backstep.web.jso.Styles;
import dev.backstep.web.session.Player;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Settings;
import org.teavm.jso.dom.html.HTMLElement;

/** The event log with its filter, which opens above the bar; on a phone it is a sheet. */
final class EventPanel {
    private static final String KEPT = "log-open";

    private final HTMLElement panel = Dom.byId("events");
    private final HTMLElement toggle = Dom.byId("events-toggle");
    private final HTMLElement rows = Dom.byId("event-rows");
    private final MediaQueryList phone = Styles.matchMedia("(max-width: 720px)");
    private final FilterChips chips;
    private final EventList list;

    EventPanel(Player player) {
        chips = new FilterChips(player);
        list = new EventList(player);
        Dom.on(toggle, "click", event -> {
            open(panel.isHidden());
            rows.focus();
        });
        Dom.on(Dom.byId("events-close"), "click", event -> close());
        if (!phone.matches() && Settings.get(KEPT, "false").equals("true")) {
            open(true);
        }
    }

    private void open(boolean open) {
        panel.setHidden(!open);
        toggle.setAttribute("aria-expanded", String.valueOf(open));
        if (!phone.matches()) {
            Settings.put(KEPT, String.valueOf(open));
        }
        if (open) {
            chips.show();
            list.refresh();
        }
    }

    /** Closes it and gives the focus back; false where it was closed. */
    boolean close() {
        if (panel.isHidden()) {
            return false;
        }
        open(false);
        toggle.focus();
        return true;
    }

    void show() {
        if (!panel.isHidden()) {
            chips.show();
            list.show();
        }
    }

    void translate() {
        chips.translate();
        if (!panel.isHidden()) {
            list.refresh();
        }
    }
}

package dev.backstep.web.ui.timeline;

import dev.backstep.engine.step.Timeline;
import dev.backstep.web.session.EventKind;
import dev.backstep.web.session.Player;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Settings;
import dev.backstep.web.ui.Text;
import java.util.ArrayList;
import java.util.List;
import org.teavm.jso.dom.html.HTMLElement;

/** Chooses the kinds of events that are shown, of those that there are. */
final class FilterChips {
    private static final String KEPT = "log-filter";

    private final Player player;
    private final List<HTMLElement> chips = new ArrayList<>();
    private final HTMLElement all = Dom.button("event-chip", null, "", this::all);
    private Timeline counted;
    private int countedSize = -1;

    FilterChips(Player player) {
        this.player = player;
        HTMLElement bar = Dom.byId("event-filter");
        bar.appendChild(all);
        for (EventKind kind : EventKind.values()) {
            HTMLElement chip = Dom.button("event-chip", Kinds.icon(kind), "", () -> toggle(kind));
            chip.setAttribute("data-kind", Kinds.name(kind));
            chip.appendChild(Dom.make("span", "event-chip-count"));
            bar.appendChild(chip);
            chips.add(chip);
        }
        player.filter.choose(Settings.get(KEPT, ""));
    }

    private void toggle(EventKind kind) {
        player.filter.toggle(kind);
        keep();
    }

    private void all() {
        player.filter.showAll();
        keep();
    }

    private void keep() {
        Settings.put(KEPT, player.filter.write());
    }

    void show() {
        all.setAttribute("aria-pressed", String.valueOf(!player.filter.isOn()));
        boolean recount = counted != player.timeline() || countedSize != player.steps();
        int[] counts = recount ? count() : null;
        for (EventKind kind : EventKind.values()) {
            HTMLElement chip = chips.get(kind.ordinal());
            chip.setAttribute("aria-pressed", String.valueOf(player.filter.isChosen(kind)));
            if (recount) {
                ((HTMLElement) chip.getLastChild()).setTextContent(String.valueOf(counts[kind.ordinal()]));
                Dom.flag(chip, "absent", counts[kind.ordinal()] == 0);
            }
            chip.setHidden(chip.getClassName().contains("absent") && !player.filter.isChosen(kind));
        }
    }

    private int[] count() {
        counted = player.timeline();
        countedSize = player.steps();
        int[] counts = new int[EventKind.values().length];
        for (int i = 0; i < countedSize; i++) {
            counts[EventKind.of(counted.event(i)).ordinal()]++;
            counts[EventKind.FREE.ordinal()] += counted.backwardGraph().freedIn(i).size();
        }
        return counts;
    }

    void translate() {
        all.getFirstChild().setTextContent(Text.of("events.all"));
        for (EventKind kind : EventKind.values()) {
            chips.get(kind.ordinal()).querySelector("span").setTextContent(Kinds.label(kind));
        }
    }
}

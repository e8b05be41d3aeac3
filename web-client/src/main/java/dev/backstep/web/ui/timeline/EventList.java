package dev.backstep.web.ui.timeline;

import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.step.BackwardGraph;
import dev.backstep.engine.step.Timeline;
import dev.backstep.web.jso.Styles;
import dev.backstep.web.session.EventKind;
import dev.backstep.web.session.Happenings;
import dev.backstep.web.session.Player;
import dev.backstep.web.session.ShownEvents;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.EventNames;
import dev.backstep.web.ui.Frames;
import dev.backstep.web.ui.Icons;
import dev.backstep.web.ui.Shortcut;
import dev.backstep.web.ui.Text;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.teavm.jso.dom.events.KeyboardEvent;
import org.teavm.jso.dom.events.MouseEvent;
import org.teavm.jso.dom.html.HTMLElement;

/**
 * The event log. Only the rows in sight are there, and the one that the keys stand at, so that a run of many thousand
 * events costs no more than a short one.
 */
final class EventList {
    /** Rows beyond each edge, so that scrolling shows no gap before the next frame. */
    private static final int SPARE = 6;

    private final Player player;
    private final HTMLElement list = Dom.byId("event-rows");
    private final HTMLElement space = Dom.byId("event-space");
    private final HTMLElement none = Dom.byId("event-none");
    private final Map<Integer, HTMLElement> rows = new HashMap<>();
    private final Runnable fill = this::fill;
    private ShownEvents events;
    private Timeline timeline;
    private Graph graph;
    private int rowHeight = 30;
    private int cursor;
    /** The row of the step one stands at, or the last before it; -1 before all. */
    private int standing = -1;
    private int step = -1;

    EventList(Player player) {
        this.player = player;
        Dom.on(list, "scroll", event -> Frames.request(fill));
        Dom.on(list, "keydown", this::key);
        Dom.on(list, "click", this::click);
    }

    /** Makes everything anew: the words are others, or it was not to be seen. */
    void refresh() {
        events = null;
        step = -1;
        show();
    }

    /** Shows where one stands now, and scrolls there if that is elsewhere. */
    void show() {
        if (events != player.shown()) {
            events = player.shown();
            cursor = 0;
            timeline = player.timeline();
            graph = timeline == null ? null : player.playback().graph();
            rows.values().forEach(HTMLElement::delete);
            rows.clear();
            step = -1;
            list.setHidden(events.size() == 0);
            none.setHidden(events.size() > 0);
            none.setTextContent(Text.of(timeline == null ? "events.notRun" : "events.none"));
            rowHeight = (int) Double.parseDouble(Styles.computed(space, "--row").strip().replace("px", ""));
            space.getStyle().setProperty("height", events.size() * rowHeight + "px");
        }
        if (step != player.step()) {
            step = player.step();
            boolean there = cursor < events.size() && events.event(cursor) == step - 1;
            standing = there ? cursor : events.standing(step);
            cursor = Math.max(0, standing);
            reveal();
        }
        fill();
    }

    private void reveal() {
        int top = cursor * rowHeight;
        int height = list.getClientHeight();
        if (top < list.getScrollTop()) {
            list.setScrollTop(Math.max(0, top - rowHeight));
        } else if (top + rowHeight > list.getScrollTop() + height) {
            list.setScrollTop(top + 2 * rowHeight - height);
        }
    }

    private void fill() {
        if (events == null || events.size() == 0) {
            return;
        }
        int first = Math.max(0, list.getScrollTop() / rowHeight - SPARE);
        int last = Math.min(events.size() - 1, (list.getScrollTop() + list.getClientHeight()) / rowHeight + SPARE);
        for (Iterator<Map.Entry<Integer, HTMLElement>> all = rows.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<Integer, HTMLElement> row = all.next();
            if ((row.getKey() < first || row.getKey() > last) && row.getKey() != cursor) {
                row.getValue().delete();
                all.remove();
            }
        }
        for (int place = first; place <= last; place++) {
            mark(place);
        }
        mark(cursor);
        list.setAttribute("aria-activedescendant", rows.get(cursor).getId());
    }

    /** Makes the row of a place where it is not there, and shows what it is now. */
    private void mark(int place) {
        HTMLElement row = rows.computeIfAbsent(place, this::make);
        int index = events.event(place);
        String box = box(place);
        boolean breaks = box != null && player.breakpoints.isAt(box);
        row.setAttribute("aria-selected", String.valueOf(place == standing && step == index + 1));
        Dom.flag(row, "ahead", index >= step);
        Dom.flag(row, "cursor", place == cursor);
        Dom.flag(row, "breaks", breaks);
        ((HTMLElement) row.getLastChild()).setTextContent(breaks ? Text.of("break.here") : "");
    }

    private HTMLElement make(int place) {
        int index = events.event(place);
        BackwardGraph.Freed freed = events.freed(place);
        EventKind kind = events.kind(place);
        HTMLElement mark = Dom.make("span", "event-mark");
        mark.appendChild(Icons.make(Kinds.icon(kind)));
        HTMLElement row = Dom.make("div", "event-row",
                Dom.make("span", "event-dot"),
                Dom.make("span", "number", String.valueOf(index + 1)),
                mark,
                Dom.make("span", "event-kind", Kinds.label(kind)),
                Dom.make("span", "event-text", freed == null
                        ? EventNames.of(graph, timeline.event(index)) : EventNames.of(graph, freed)),
                Dom.make("span", "sr-only"));
        row.setId("event-row-" + place);
        row.setAttribute("role", "option");
        row.setAttribute("data-kind", Kinds.name(kind));
        row.setAttribute("data-place", String.valueOf(place));
        row.setAttribute("aria-setsize", String.valueOf(events.size()));
        row.setAttribute("aria-posinset", String.valueOf(place + 1));
        row.getStyle().setProperty("top", place * rowHeight + "px");
        space.appendChild(row);
        return row;
    }

    private void key(KeyboardEvent event) {
        int page = Math.max(1, list.getClientHeight() / rowHeight - 1);
        switch (Shortcut.of(event, Shortcut.Place.EVENTS)) {
            case EVENT_BEFORE -> move(cursor - 1);
            case EVENT_AFTER -> move(cursor + 1);
            case PAGE_BEFORE -> move(cursor - page);
            case PAGE_AFTER -> move(cursor + page);
            case FIRST_EVENT -> move(0);
            case LAST_EVENT -> move(events.size() - 1);
            case GO_TO_EVENT -> player.seek(events.event(cursor) + 1);
            case EVENT_BREAKPOINT -> toggleBreakpoint(cursor);
            case null, default -> {
                return;
            }
        }
        event.preventDefault();
        event.stopPropagation();
    }

    private void move(int place) {
        cursor = Math.clamp(place, 0, events.size() - 1);
        reveal();
        fill();
    }

    private void click(MouseEvent event) {
        HTMLElement at = (HTMLElement) event.getTarget();
        boolean dot = at.getClassName().equals("event-dot");
        while (at != list && !at.hasAttribute("data-place")) {
            at = (HTMLElement) at.getParentNode();
        }
        if (at == list) {
            return;
        }
        int place = Integer.parseInt(at.getAttribute("data-place"));
        if (dot) {
            toggleBreakpoint(place);
        } else {
            cursor = place;
            player.seek(events.event(place) + 1);
        }
    }

    /** The box that the row at a place is about, or null. */
    private String box(int place) {
        BackwardGraph.Freed freed = events.freed(place);
        return freed == null ? Happenings.box(timeline.event(events.event(place))) : freed.node().box();
    }

    private void toggleBreakpoint(int place) {
        String box = box(place);
        if (box != null) {
            Breaks.toggle(player, graph, box);
        }
    }
}

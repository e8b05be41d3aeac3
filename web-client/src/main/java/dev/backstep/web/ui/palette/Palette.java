package dev.backstep.web.ui.palette;

import dev.backstep.engine.tensor.Group;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Entry;
import dev.backstep.web.ui.Groups;
import dev.backstep.web.ui.Notices;
import dev.backstep.web.ui.Text;
import dev.backstep.web.ui.canvas.Canvas;
import java.util.Comparator;
import java.util.List;
import org.teavm.jso.dom.events.KeyboardEvent;
import org.teavm.jso.dom.html.HTMLElement;
import org.teavm.jso.dom.html.HTMLInputElement;

/** The list of what can be put on the canvas. */
public final class Palette {
    private final HTMLElement list = Dom.byId("palette-list");
    private final HTMLInputElement search = (HTMLInputElement) Dom.byId("palette-search");
    private final List<Entry> entries = Entry.all();
    private final EntryDrag drag;
    private final Canvas canvas;
    private final Runnable added;

    /** @param added runs when something was put on the canvas from here */
    public Palette(Canvas canvas, Runnable added) {
        this.canvas = canvas;
        this.added = added;
        this.drag = new EntryDrag(canvas, added);
        Dom.on(search, "input", event -> fill());
        Dom.on(search, "keydown", this::key);
        Text.onChange(this::fill);
    }

    /** Puts the cursor into the search field. */
    public void search() {
        search.focus();
        search.select();
    }

    private void key(KeyboardEvent event) {
        if (event.getKey().equals("Escape")) {
            search.setValue("");
            fill();
            canvas.focus();
        } else if (event.getKey().equals("Enter")) {
            // The same key would press a button of the dialog that may open.
            event.preventDefault();
            entries.stream().filter(entry -> entry.matches(search.getValue()))
                    .min(Comparator.comparingInt(entry -> entry.distance(search.getValue()))).ifPresent(this::add);
        }
    }

    private void add(Entry entry) {
        if (entry.layer() == null) {
            canvas.add(entry.type(), entry.attrs());
        }
        added.run();
        if (entry.layer() != null) {
            canvas.addLayer(entry.layer());
        }
    }

    private void fill() {
        Dom.clear(list);
        int shown = 0;
        for (Group group : Group.values()) {
            List<Entry> members = entries.stream()
                    .filter(entry -> entry.group() == group && entry.matches(search.getValue())).toList();
            if (!members.isEmpty()) {
                list.appendChild(section(group, members));
                shown += members.size();
            }
        }
        if (shown == 0) {
            list.appendChild(Dom.make("p", "palette-empty", Text.of("palette.nothing", search.getValue())));
        }
        if (!search.getValue().isEmpty()) {
            Notices.announce(Text.of("palette.found", shown));
        }
    }

    private HTMLElement section(Group group, List<Entry> members) {
        HTMLElement heading = Dom.make("h3", "", Text.of("group." + group.name()));
        heading.setId("palette-" + Groups.name(group));
        HTMLElement items = Dom.make("div", "palette-items");
        items.setAttribute("role", "group");
        items.setAttribute("aria-labelledby", heading.getId());
        members.forEach(entry -> items.appendChild(item(entry)));
        HTMLElement section = Dom.make("div", "palette-group", heading, items);
        section.setAttribute("data-group", Groups.name(group));
        return section;
    }

    private HTMLElement item(Entry entry) {
        HTMLElement symbol = Dom.make("span", "symbol", entry.symbol());
        symbol.setAttribute("aria-hidden", "true");
        HTMLElement item = Dom.make("button", "palette-item", symbol,
                Dom.make("span", "palette-name", entry.name()));
        item.setAttribute("type", "button");
        item.setAttribute("data-type", entry.layer() != null ? entry.layer().torch()
                : entry.preset() == null ? entry.type().type() : entry.preset());
        item.setTitle(entry.preset() == null ? entry.torch() : Text.of(entry.preset() + ".hint"));
        Dom.on(item, "click", event -> {
            if (!drag.wasDrag()) {
                add(entry);
            }
        });
        drag.watch(item, entry);
        return item;
    }
}

package dev.backstep.web.ui;

import java.util.ArrayList;
import java.util.List;
import org.teavm.jso.dom.events.Event;
import org.teavm.jso.dom.events.KeyboardEvent;
import org.teavm.jso.dom.html.HTMLElement;
import org.teavm.jso.dom.html.HTMLInputElement;

/** A list at a point of the page that one searches by typing: arrows walk it, Enter takes what is marked. */
public final class SearchMenu {
    private static final String LIST = "search-menu-list";

    private final Popover popover = new Popover("menu search-menu");
    private final HTMLElement title = Dom.make("div", "menu-title");
    private final HTMLInputElement field = (HTMLInputElement) Dom.make("input", "field");
    private final HTMLElement list = Dom.make("div", "search-menu-list");
    private final HTMLElement nothing = Dom.make("p", "palette-empty");
    private final List<Choice> choices = new ArrayList<>();
    private Source source = words -> List.of();
    private int marked;

    /** One of what is found: its sign in the colour of its group, its name, and what to do when it is chosen. */
    public record Choice(String symbol, String group, String name, String note, Runnable chosen) {}

    /** What answers a search. */
    public interface Source {
        List<Choice> find(String words);
    }

    public SearchMenu() {
        popover.element.setAttribute("role", "dialog");
        list.setId(LIST);
        list.setAttribute("role", "listbox");
        field.setAttribute("role", "combobox");
        field.setAttribute("autocomplete", "off");
        field.setAttribute("spellcheck", "false");
        field.setAttribute("aria-expanded", "true");
        field.setAttribute("aria-autocomplete", "list");
        field.setAttribute("aria-controls", LIST);
        Dom.append(popover.element, title, Dom.make("div", "search-menu-field", field), list, nothing);
        Dom.on(field, "input", (Event event) -> fill());
        Dom.on(popover.element, "keydown", this::key);
    }

    public boolean isOpen() {
        return popover.isOpen();
    }

    /** Opens it at a point of the page. {@code back} gets the focus when it closes. */
    public void openAt(double x, double y, String name, HTMLElement back, Source answers) {
        source = answers;
        title.setTextContent(name);
        popover.element.setAttribute("aria-label", name);
        list.setAttribute("aria-label", name);
        Dom.label(field, Text.of("palette.search"));
        field.setAttribute("placeholder", Text.of("palette.search"));
        field.setValue("");
        fill();
        popover.openAt(x, y, back);
        list.setScrollTop(0);
        field.focus();
    }

    private void fill() {
        choices.clear();
        choices.addAll(source.find(field.getValue()));
        Dom.clear(list);
        for (int i = 0; i < choices.size(); i++) {
            list.appendChild(option(i, choices.get(i)));
        }
        list.setHidden(choices.isEmpty());
        nothing.setHidden(!choices.isEmpty());
        nothing.setTextContent(Text.of("palette.nothing", field.getValue()));
        list.setScrollTop(0);
        mark(0);
        Notices.announce(Text.of("palette.found", choices.size()));
    }

    private HTMLElement option(int index, Choice choice) {
        HTMLElement symbol = Dom.make("span", "symbol", choice.symbol());
        symbol.setAttribute("aria-hidden", "true");
        HTMLElement option = Dom.make("div", "menu-item search-menu-item", symbol,
                Dom.make("span", "", choice.name()));
        if (choice.note() != null) {
            option.appendChild(Dom.make("span", "search-menu-note", choice.note()));
        }
        option.setId(LIST + "-" + index);
        option.setAttribute("role", "option");
        option.setAttribute("data-group", choice.group());
        // A press must not take the focus from the field, whose loss closes the menu on some browsers.
        Dom.on(option, "mousedown", Event::preventDefault);
        Dom.on(option, "click", event -> choose(index));
        return option;
    }

    private void choose(int index) {
        popover.leave();
        choices.get(index).chosen().run();
    }

    private void mark(int index) {
        HTMLElement old = Dom.byId(LIST + "-" + marked);
        if (old != null) {
            old.setAttribute("aria-selected", "false");
        }
        marked = index;
        HTMLElement now = index < choices.size() ? (HTMLElement) list.getChildNodes().get(index) : null;
        Dom.attribute(field, "aria-activedescendant", now == null ? null : now.getId());
        if (now != null) {
            now.setAttribute("aria-selected", "true");
            showInside(now);
        }
    }

    private void showInside(HTMLElement option) {
        int top = option.getOffsetTop() - list.getOffsetTop();
        int bottom = top + option.getOffsetHeight();
        if (top < list.getScrollTop()) {
            list.setScrollTop(top);
        } else if (bottom > list.getScrollTop() + list.getClientHeight()) {
            list.setScrollTop(bottom - list.getClientHeight());
        }
    }

    private void key(KeyboardEvent event) {
        int count = choices.size();
        switch (event.getKey()) {
            case "ArrowDown" -> mark(count == 0 ? 0 : (marked + 1) % count);
            case "ArrowUp" -> mark(count == 0 ? 0 : (marked + count - 1) % count);
            case "Enter" -> {
                if (marked < count) {
                    choose(marked);
                }
            }
            case "Escape", "Tab" -> popover.leave();
            default -> {
                event.stopPropagation();
                return;
            }
        }
        event.preventDefault();
        event.stopPropagation();
    }
}

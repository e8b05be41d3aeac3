package dev.backstep.web.ui;

import org.teavm.jso.browser.Window;
import org.teavm.jso.dom.events.Event;
import org.teavm.jso.dom.events.KeyboardEvent;
import org.teavm.jso.dom.html.HTMLDocument;
import org.teavm.jso.dom.html.HTMLElement;
import org.teavm.jso.dom.html.TextRectangle;
import org.teavm.jso.dom.xml.NodeList;

/** A menu under a button: a popover that the arrow keys walk. What is in it is made each time it opens. */
public final class Menu {
    private final HTMLElement button;
    private final HTMLElement element = Dom.make("div", "menu");
    private final Filler filler;

    /** What puts the entries in. */
    public interface Filler {
        void fill(Menu menu);
    }

    public Menu(HTMLElement button, Filler filler) {
        this.button = button;
        this.filler = filler;
        element.setPopover("auto");
        element.setAttribute("role", "menu");
        button.getParentNode().appendChild(element);
        Dom.on(button, "click", event -> {
            if (isOpen()) {
                element.hidePopover();
            } else {
                fill();
                element.showPopover();
                place();
            }
        });
        Dom.on(element, "keydown", this::key);
        Dom.on(element, "toggle", (Event event) -> button.setAttribute("aria-expanded", String.valueOf(isOpen())));
    }

    private void fill() {
        Dom.clear(element);
        element.setAttribute("aria-label", button.getAttribute("aria-label"));
        filler.fill(this);
    }

    /** Makes the entries anew if the menu is open: there is more to show now. */
    public void refresh() {
        if (isOpen()) {
            fill();
            place();
        }
    }

    private boolean isOpen() {
        return element.getOffsetWidth() > 0;
    }

    public void title(String text) {
        HTMLElement title = Dom.make("div", "menu-title", text);
        title.setAttribute("role", "presentation");
        element.appendChild(title);
    }

    /** An entry; icon, note and keys may be null. */
    public void item(String icon, String text, String note, String keys, Runnable chosen) {
        HTMLElement item = Dom.make("button", "menu-item");
        item.setAttribute("type", "button");
        item.setAttribute("role", "menuitem");
        item.setTabIndex(-1);
        if (icon != null) {
            item.appendChild(Icons.make(icon));
        }
        HTMLElement words = Dom.make("span", "", text);
        if (note != null) {
            words.appendChild(Dom.make("span", "menu-note", note));
        }
        item.appendChild(words);
        if (keys != null) {
            item.appendChild(Dom.make("kbd", "", keys));
        }
        Dom.on(item, "click", event -> {
            element.hidePopover();
            button.focus();
            chosen.run();
        });
        element.appendChild(item);
    }

    /** An entry of several of which one is chosen. */
    public void choice(String text, boolean on, Runnable chosen) {
        item(on ? "check" : "dot", text, null, null, chosen);
        HTMLElement item = (HTMLElement) element.getLastChild();
        item.setAttribute("role", "menuitemradio");
        item.setAttribute("aria-checked", String.valueOf(on));
    }

    private void place() {
        TextRectangle place = button.getBoundingClientRect();
        int left = Math.min(place.getLeft(), Window.current().getInnerWidth() - element.getOffsetWidth() - 8);
        element.getStyle().setProperty("left", Math.max(8, left) + "px");
        element.getStyle().setProperty("top", place.getBottom() + 4 + "px");
        focus(0);
    }

    private void key(KeyboardEvent event) {
        HTMLElement current = HTMLDocument.current().getActiveElement();
        int count = items().getLength();
        if (count == 0) {
            return;
        }
        int at = 0;
        for (int i = 0; i < count; i++) {
            HTMLElement item = items().get(i);
            if (item == current) {
                at = i;
            }
        }
        switch (event.getKey()) {
            case "ArrowDown" -> focus((at + 1) % count);
            case "ArrowUp" -> focus((at + count - 1) % count);
            case "Home" -> focus(0);
            case "End" -> focus(count - 1);
            case "Tab" -> element.hidePopover();
            default -> {
                return;
            }
        }
        event.preventDefault();
        event.stopPropagation();
    }

    private NodeList<? extends HTMLElement> items() {
        return element.querySelectorAll(".menu-item");
    }

    private void focus(int index) {
        if (index < items().getLength()) {
            items().get(index).focus();
        }
    }
}

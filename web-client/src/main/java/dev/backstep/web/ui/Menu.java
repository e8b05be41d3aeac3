package dev.backstep.web.ui;

import org.teavm.jso.browser.Window;
import org.teavm.jso.dom.events.Event;
import org.teavm.jso.dom.events.KeyboardEvent;
import org.teavm.jso.dom.html.HTMLDocument;
import org.teavm.jso.dom.html.HTMLElement;
import org.teavm.jso.dom.html.TextRectangle;
import org.teavm.jso.dom.xml.NodeList;

/**
 * A menu under a button, or at a point of the page: a popover that the arrow keys walk. What is in it is made each time
 * it opens.
 */
public final class Menu {
    private final HTMLElement button;
    private final Popover popover;
    private final HTMLElement element;
    private Filler filler;

    /** What puts the entries in. */
    public interface Filler {
        void fill(Menu menu);
    }

    /** A menu without a button, for {@link #openAt}. */
    public Menu() {
        button = null;
        popover = new Popover("menu");
        element = popover.element;
        element.setAttribute("role", "menu");
        Dom.on(element, "keydown", this::key);
    }

    public Menu(HTMLElement button, Filler filler) {
        this.button = button;
        this.filler = filler;
        popover = null;
        element = Dom.make("div", "menu");
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

    /** Opens it at a point of the page; {@code back} gets the focus when it closes. */
    public void openAt(double x, double y, String name, HTMLElement back, Filler entries) {
        filler = entries;
        Dom.clear(element);
        element.setAttribute("aria-label", name);
        filler.fill(this);
        popover.openAt(x, y, back);
        focus(0);
    }

    private void fill() {
        Dom.clear(element);
        element.setAttribute("aria-label", button.getAttribute("aria-label"));
        filler.fill(this);
    }

    private void leave() {
        if (popover != null) {
            popover.leave();
        } else {
            element.hidePopover();
            button.focus();
        }
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
        Dom.on(entry(icon, text, note, keys), "click", event -> {
            leave();
            chosen.run();
        });
    }

    private HTMLElement entry(String icon, String text, String note, String keys) {
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
        element.appendChild(item);
        return item;
    }

    /** A line between entries that belong together and others; none at the beginning, or after another line. */
    public void line() {
        HTMLElement last = (HTMLElement) element.getLastChild();
        if (last != null && !last.getClassName().equals("menu-line")) {
            HTMLElement line = Dom.make("div", "menu-line");
            line.setAttribute("role", "separator");
            element.appendChild(line);
        }
    }

    /** An entry that is on or off. */
    public void check(String text, boolean on, Runnable chosen) {
        item(on ? "check" : "dot", text, null, null, chosen);
        HTMLElement item = (HTMLElement) element.getLastChild();
        item.setAttribute("role", "menuitemcheckbox");
        item.setAttribute("aria-checked", String.valueOf(on));
    }

    /** An entry that shows others in place of these. */
    public void more(String icon, String text, Filler others) {
        HTMLElement item = entry(icon, text, null, null);
        item.setAttribute("aria-haspopup", "menu");
        item.appendChild(Icons.make("chevron-right"));
        Dom.on(item, "click", event -> {
            Dom.clear(element);
            others.fill(this);
            popover.stayInside();
            focus(0);
        });
    }

    /** An entry that does nothing now but tell why. */
    public void unavailable(String icon, String text, String why) {
        item(icon, text, why, null, () -> Notices.tell(why));
        HTMLElement item = (HTMLElement) element.getLastChild();
        item.setAttribute("aria-disabled", "true");
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
        boolean below = place.getBottom() + 4 + element.getOffsetHeight() <= Window.current().getInnerHeight();
        double top = below ? place.getBottom() + 4 : Math.max(8, place.getTop() - 4 - element.getOffsetHeight());
        element.getStyle().setProperty("top", top + "px");
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
            case "Tab" -> leave();
            case "Escape" -> {
                // The browser closes a menu under a button by itself.
                if (popover == null) {
                    return;
                }
                leave();
            }
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

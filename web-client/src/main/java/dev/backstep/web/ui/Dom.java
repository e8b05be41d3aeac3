package dev.backstep.web.ui;

import org.teavm.jso.dom.events.Event;
import org.teavm.jso.dom.events.EventListener;
import org.teavm.jso.dom.events.EventTarget;
import org.teavm.jso.dom.html.HTMLButtonElement;
import org.teavm.jso.dom.html.HTMLDocument;
import org.teavm.jso.dom.html.HTMLElement;
import org.teavm.jso.dom.xml.Element;

/** Makes elements and listens to them. Texts go in as text, never as HTML. */
public final class Dom {
    private static final String SVG = "http://www.w3.org/2000/svg";

    private Dom() {}

    public static HTMLElement byId(String id) {
        return HTMLDocument.current().getElementById(id);
    }

    public static HTMLElement make(String tag, String classes) {
        HTMLElement element = HTMLDocument.current().createElement(tag);
        if (!classes.isEmpty()) {
            element.setClassName(classes);
        }
        return element;
    }

    public static HTMLElement make(String tag, String classes, String text) {
        HTMLElement element = make(tag, classes);
        element.setTextContent(text);
        return element;
    }

    /** An element with children in it. */
    public static HTMLElement make(String tag, String classes, HTMLElement... children) {
        return append(make(tag, classes), children);
    }

    public static HTMLElement append(HTMLElement parent, HTMLElement... children) {
        for (HTMLElement child : children) {
            parent.appendChild(child);
        }
        return parent;
    }

    public static Element svg(String tag, String classes) {
        Element element = HTMLDocument.current().createElementNS(SVG, tag);
        if (!classes.isEmpty()) {
            element.setAttribute("class", classes);
        }
        return element;
    }

    /** A button with an icon and a word, or with one of them (null for none). */
    public static HTMLElement button(String classes, String icon, String text, Runnable pressed) {
        HTMLElement button = make("button", classes);
        button.setAttribute("type", "button");
        if (icon != null) {
            button.appendChild(Icons.make(icon));
        }
        if (text != null) {
            button.appendChild(make("span", "", text));
        }
        on(button, "click", event -> pressed.run());
        return button;
    }

    /** A button with an icon alone, whose name is told by assistive technology and in a tooltip. */
    public static HTMLElement iconButton(String classes, String icon, String name, Runnable pressed) {
        HTMLElement button = button(classes, icon, null, pressed);
        label(button, name);
        return button;
    }

    /** Gives an element without text its name, as a tooltip too. */
    public static void label(HTMLElement element, String name) {
        if (!name.equals(element.getAttribute("aria-label"))) {
            element.setAttribute("aria-label", name);
        }
        if (!name.equals(element.getTitle())) {
            element.setTitle(name);
        }
    }

    /** Sets a text where it is another: setting what is set would still cost the browser a look at the layout. */
    public static void text(HTMLElement element, String text) {
        if (!text.equals(element.getTextContent())) {
            element.setTextContent(text);
        }
    }

    public static void clear(HTMLElement element) {
        element.setTextContent("");
    }

    public static void flag(HTMLElement element, String className, boolean on) {
        // Setting what is set would still cost the browser a look at the styles.
        if (element.getClassList().contains(className) == on) {
            return;
        }
        if (on) {
            element.getClassList().add(className);
        } else {
            element.getClassList().remove(className);
        }
    }

    public static void enable(HTMLElement button, boolean enabled) {
        HTMLButtonElement control = (HTMLButtonElement) button;
        if (control.isDisabled() == enabled) {
            control.setDisabled(!enabled);
        }
    }

    /** Sets an attribute, or removes it where the value is null. */
    public static void attribute(Element element, String name, String value) {
        if (value == null) {
            element.removeAttribute(name);
        } else if (!value.equals(element.getAttribute(name))) {
            element.setAttribute(name, value);
        }
    }

    public static <E extends Event> void on(EventTarget target, String type, EventListener<E> listener) {
        target.addEventListener(type, listener);
    }

    /** Listens before the elements inside {@code target} do, where {@code first}. */
    public static <E extends Event> void on(EventTarget target, String type, EventListener<E> listener,
            boolean first) {
        target.addEventListener(type, listener, first);
    }
}

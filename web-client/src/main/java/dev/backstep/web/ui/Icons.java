package dev.backstep.web.ui;

import dev.backstep.web.jso.Assets;
import org.teavm.jso.dom.html.HTMLDocument;
import org.teavm.jso.dom.html.HTMLElement;
import org.teavm.jso.dom.xml.Element;
import org.teavm.jso.dom.xml.NodeList;

/** Icons of the sprite that the page's build makes of those named in static/build/icons.json. */
public final class Icons {
    private static final String SPRITE = Assets.url("icons/sprite.svg");

    private Icons() {}

    public static Element make(String name) {
        Element icon = Dom.svg("svg", "icon");
        icon.setAttribute("aria-hidden", "true");
        Element use = Dom.svg("use", "");
        use.setAttribute("href", SPRITE + "#" + name);
        icon.appendChild(use);
        return icon;
    }

    /** Puts another icon into a button that has one. */
    public static void change(HTMLElement button, String name) {
        String href = SPRITE + "#" + name;
        HTMLElement use = button.querySelector("use");
        // Setting what is set would have the browser look for the picture again.
        if (!href.equals(use.getAttribute("href"))) {
            use.setAttribute("href", href);
        }
    }

    /** Puts an icon into each element of the page that asks for one with data-icon. */
    public static void fill() {
        NodeList<? extends HTMLElement> elements = HTMLDocument.current().querySelectorAll("[data-icon]");
        for (int i = 0; i < elements.getLength(); i++) {
            HTMLElement element = elements.get(i);
            element.insertBefore(make(element.getAttribute("data-icon")), element.getFirstChild());
        }
    }
}

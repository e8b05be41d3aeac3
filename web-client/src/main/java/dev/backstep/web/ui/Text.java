package dev.backstep.web.ui;

import dev.backstep.web.jso.StringMap;
import java.util.ArrayList;
import java.util.List;
import org.teavm.jso.core.JSObjects;
import org.teavm.jso.dom.html.HTMLDocument;
import org.teavm.jso.dom.html.HTMLElement;
import org.teavm.jso.dom.xml.NodeList;
import org.teavm.jso.json.JSON;

/** The words of the page, from static/messages: one language at a time, changed while the page is open. */
public final class Text {
    private static final List<Runnable> LISTENERS = new ArrayList<>();
    private static StringMap messages = JSObjects.<StringMap>create();
    private static String language = "en";

    private Text() {}

    /** Takes a message file's text as the words from now on. */
    public static void use(String newLanguage, String json) {
        language = newLanguage;
        messages = (StringMap) JSON.parse(json);
        HTMLDocument.current().getDocumentElement().setLang(newLanguage.equals("zh") ? "zh-Hans" : newLanguage);
        fill();
        LISTENERS.forEach(Runnable::run);
    }

    public static String language() {
        return language;
    }

    /** Calls back whenever the language has changed. */
    public static void onChange(Runnable listener) {
        LISTENERS.add(listener);
    }

    public static boolean has(String key) {
        return JSObjects.hasProperty(messages, key);
    }

    /** The message of that key, with {@code {0}}, {@code {1}} ... replaced. */
    public static String of(String key, Object... arguments) {
        if (!has(key)) {
            return key;
        }
        String template = messages.get(key);
        StringBuilder out = new StringBuilder();
        int from = 0;
        int open = template.indexOf('{');
        while (open >= 0) {
            int close = template.indexOf('}', open);
            out.append(template, from, open);
            out.append(arguments[Integer.parseInt(template.substring(open + 1, close))]);
            from = close + 1;
            open = template.indexOf('{', from);
        }
        return out.append(template, from, template.length()).toString();
    }

    /** Puts the words into the elements of the page that name them. */
    private static void fill() {
        each("data-text", HTMLElement::setTextContent);
        each("data-label", Dom::label);
        each("data-placeholder", (element, text) -> element.setAttribute("placeholder", text));
    }

    private interface Setter {
        void set(HTMLElement element, String text);
    }

    private static void each(String attribute, Setter setter) {
        NodeList<? extends HTMLElement> elements = HTMLDocument.current().querySelectorAll("[" + attribute + "]");
        for (int i = 0; i < elements.getLength(); i++) {
            HTMLElement element = elements.get(i);
            setter.set(element, of(element.getAttribute(attribute)));
        }
    }
}

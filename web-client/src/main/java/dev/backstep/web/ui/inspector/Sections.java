package dev.backstep.web.ui.inspector;

import dev.backstep.web.ui.Dom;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.teavm.jso.dom.html.HTMLElement;

/** Sections that fold. What is folded is not made; which are open is remembered while the page is. */
final class Sections {
    private final Map<String, Boolean> open = new HashMap<>();

    /**
     * Adds one to a panel.
     *
     * @param key under which is remembered whether it is open
     * @param note a few words beside the heading that say the most while it is folded; may be empty
     * @param fill makes the contents, when they are to be seen
     */
    HTMLElement add(HTMLElement panel, String key, String heading, String note, boolean openAtFirst,
            Consumer<HTMLElement> fill) {
        HTMLElement summary = Dom.make("summary", "fold-head", Dom.make("h3", "", heading),
                Dom.make("span", "fold-note", note));
        summary.setAttribute("data-field", "section-" + key);
        HTMLElement body = Dom.make("div", "fold-body");
        HTMLElement section = Dom.make("details", "section fold", summary, body);
        section.setAttribute("data-section", key);
        if (open.getOrDefault(key, openAtFirst)) {
            section.setAttribute("open", "");
            fill.accept(body);
        }
        // The toggle comes some time after the click, and by then another panel may be there.
        Dom.on(summary, "click", event -> open.put(key, !section.hasAttribute("open")));
        Dom.on(section, "toggle", event -> {
            boolean isOpen = section.hasAttribute("open");
            open.put(key, isOpen);
            if (isOpen && !body.hasChildNodes()) {
                fill.accept(body);
            }
        });
        panel.appendChild(section);
        return section;
    }

    /** Opens it from now on. */
    void open(String key) {
        open.put(key, true);
    }
}

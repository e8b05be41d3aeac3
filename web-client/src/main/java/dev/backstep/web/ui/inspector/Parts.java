package dev.backstep.web.ui.inspector;

import dev.backstep.web.ui.Dom;
import org.teavm.jso.dom.html.HTMLElement;

/** What panels are made of. */
final class Parts {
    private Parts() {}

    /** A section with a heading, in a panel. */
    static HTMLElement section(HTMLElement panel, String heading) {
        HTMLElement section = Dom.make("section", "section", Dom.make("h3", "", heading));
        panel.appendChild(section);
        return section;
    }

    static HTMLElement facts(HTMLElement section) {
        HTMLElement facts = Dom.make("dl", "facts");
        section.appendChild(facts);
        return facts;
    }

    static void fact(HTMLElement facts, String name, String value) {
        Dom.append(facts, Dom.make("dt", "", name), Dom.make("dd", "", value));
    }
}

package dev.backstep.web.ui.train;

import dev.backstep.web.train.Runner.Site;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Notices;
import dev.backstep.web.ui.Text;
import org.teavm.jso.dom.html.HTMLElement;
import org.teavm.jso.dom.html.HTMLSelectElement;

/** Where the next run goes on: in this tab, or on the server where there is one; the open run stays where it is. */
final class PlaceChoice {
    private static final String TAB = "tab";
    private static final String SERVER = "server";

    private final Starter starter;
    private final HTMLSelectElement field = (HTMLSelectElement) Dom.make("select", "field");
    private final HTMLElement tab = option(TAB);
    private final HTMLElement server = option(SERVER);

    PlaceChoice(Starter starter) {
        this.starter = starter;
        field.setId("train-place");
        Dom.append(field, tab, server);
        Dom.on(field, "change", event -> {
            starter.choose(field.getValue().equals(SERVER) ? Site.SERVER : Site.TAB);
            Notices.announce(Text.of("train.device.next"));
        });
        Dom.on(field, "focus", event -> {
            if (starter.server().isKnown() && !starter.server().isThere()) {
                starter.server().look();
            }
        });
    }

    private static HTMLElement option(String value) {
        HTMLElement option = Dom.make("option", "");
        option.setAttribute("value", value);
        return option;
    }

    HTMLElement field() {
        return field;
    }

    void show() {
        boolean there = starter.server().isThere();
        Dom.text(tab, Text.of("train.place.tab"));
        Dom.text(server, Text.of(there || !starter.server().isKnown() ? "train.place.server"
                : "train.place.server.none"));
        Dom.attribute(server, "disabled", there ? null : "");
        String name = Text.of("train.place");
        if (!name.equals(field.getAttribute("aria-label"))) {
            field.setAttribute("aria-label", name);
        }
        field.setTitle(there || !starter.server().isKnown() ? name : name + ": " + Text.of("train.place.none"));
        String chosen = starter.chosen() == Site.SERVER ? SERVER : TAB;
        if (!chosen.equals(field.getValue())) {
            field.setValue(chosen);
        }
    }
}
